"""What was seen while one table was read: counts for the report."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

_MOST_STAGES = 10_000
_STAGES = ("stage", "from_stage", "to_stage")


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

    def saw(self, records: pa.Table) -> None:
        """Count the records that go on to the store."""
        self.records += records.num_rows
        if self.entity in ("opportunity", "stage_change"):
            names = (name for name in _STAGES if name in records.schema.names)
            for name in names:
                self._count(records.column(name))

    def _count(self, column: pa.ChunkedArray) -> None:
        counted = pc.value_counts(column.drop_null())
        names: list[str] = counted.field("values").to_pylist()
        counts: list[int] = counted.field("counts").to_pylist()
        for name, count in zip(names, counts, strict=True):
            if name in self.stages or len(self.stages) < _MOST_STAGES:
                self.stages[name] += count
