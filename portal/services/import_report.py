"""What an import did: counts by entity and table, what was rejected, what points nowhere."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kpi_engine.crm.faults import Rejected
from kpi_engine.store.writing import Written
from portal.connectors.tally import Tally


class Outcome(StrEnum):
    """How an import ended; one that fails has no report but a sentence."""

    LANDED = "landed"
    UNCHANGED = "unchanged"
    """The store knew all of it already, so there is no new version."""
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True)
class UnknownReference:
    """Records of a column that name records which are not there."""

    entity: str
    column: str
    refers_to: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The report of one import."""

    tenant: str
    source: str
    outcome: Outcome
    version: int | None
    """The version that it made; for an unchanged or a dry run the one that is there, if any."""
    known_at: datetime
    seconds: float
    entities: Mapping[str, Written]
    tables: tuple[Tally, ...]
    rejected: tuple[Rejected, ...]
    """The first cells; all are in `rejected_file`."""
    rejected_rows: int
    rejected_file: str | None
    unmapped_stages: Mapping[str, int]
    """By stage name, how many records have it."""
    unknown_references: tuple[UnknownReference, ...] = ()
    compacted: tuple[str, ...] = field(default=())
    foreign_currencies: Mapping[str, int] = field(default_factory=dict)
    """By currency that is not the tenant's, how many amounts are in it; they count unconverted."""

    def total(self, name: str) -> int:
        """Return the sum of a count of `Written` over all entities."""
        return sum(getattr(written, name) for written in self.entities.values())

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        counts = ("inserted", "changed", "unchanged", "deleted", "repeated")
        return {
            "tenant": self.tenant,
            "source": self.source,
            "outcome": self.outcome.value,
            "version": self.version,
            "known_at": self.known_at.isoformat().replace("+00:00", "Z"),
            "seconds": round(self.seconds, 3),
            "rows_read": sum(table.rows for table in self.tables),
            **{name: self.total(name) for name in counts},
            "left_out": sum(table.left_out for table in self.tables),
            "rejected_rows": self.rejected_rows,
            "rejected": [asdict(cell) for cell in self.rejected],
            "rejected_file": self.rejected_file,
            "unmapped_stages": [
                {"stage": name, "count": count} for name, count in self.unmapped_stages.items()
            ],
            "foreign_currencies": [
                {"currency": name, "count": count}
                for name, count in self.foreign_currencies.items()
            ],
            "unknown_references": [asdict(found) for found in self.unknown_references],
            "entities": {name: asdict(written) for name, written in self.entities.items()},
            "tables": [_table(table) for table in self.tables],
            "compacted": list(self.compacted),
        }


def unmapped(tallies: Iterable[Tally], mapped: Iterable[str]) -> dict[str, int]:
    """Return the stages that no map names, with how many records have each, by name."""
    known = set(mapped)
    found: dict[str, int] = {}
    for tally in tallies:
        for name, count in tally.stages.items():
            if name not in known:
                found[name] = found.get(name, 0) + count
    return dict(sorted(found.items()))


def foreign(tallies: Iterable[Tally], own: str) -> dict[str, int]:
    """Return the currencies that are not the tenant's own, with how many amounts are in each."""
    found: Counter[str] = Counter()
    for tally in tallies:
        found.update({name: count for name, count in tally.currencies.items() if name != own})
    return dict(sorted(found.items()))


def _table(table: Tally) -> dict[str, Any]:
    return {
        "file": table.file,
        "entity": table.entity,
        "rows_read": table.rows,
        "left_out": table.left_out,
        "rejected_rows": table.rejected,
        "records": table.records,
    }
