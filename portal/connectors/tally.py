"""What was seen while one table was read: counts for the report."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

_MOST_NAMES = 10_000
_STAGES = ("stage", "from_stage", "to_stage")
_AMOUNTS = {"opportunity": "amount", "subscription": "mrr"}
"""The records that name a currency, and the column that is in it."""


@dataclass(slots=True)
class Tally:
    """Counts of one table."""

    file: str
    entity: str
    rows: int = 0
    left_out: int = 0
    """Rows that `where` leaves out, or that are blank in every exploded column."""
    rejected: int = 0
    records: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    """How often each stage name stands in the records."""
    currencies: Counter[str] = field(default_factory=Counter)
    """How many amounts say that they are in each currency, by its capital letters."""

    def saw(self, records: pa.Table) -> None:
        """Count the records that go on to the store."""
        self.records += records.num_rows
        if self.entity in ("opportunity", "stage_change"):
            names = (name for name in _STAGES if name in records.schema.names)
            for name in names:
                _count(records.column(name), self.stages)
        amount = _AMOUNTS.get(self.entity)
        if amount in records.schema.names and "currency" in records.schema.names:
            valued = records.filter(pc.is_valid(records.column(amount)))
            _count(pc.utf8_upper(valued.column("currency").cast(pa.string())), self.currencies)


def _count(column: pa.ChunkedArray, into: Counter[str]) -> None:
    counted = pc.value_counts(column.drop_null())
    names: list[str] = counted.field("values").to_pylist()
    counts: list[int] = counted.field("counts").to_pylist()
    for name, count in zip(names, counts, strict=True):
        if name in into or len(into) < _MOST_NAMES:
            into[name] += count
