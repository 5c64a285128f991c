"""Reads files by a source file as an import does, without a store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi_engine.crm.faults import Rejected
from kpi_engine.crm.moment_sql import Zones, zone_tables
from portal.connectors.reading import OpenTable, open_tables, read_records
from portal.connectors.rejects import Rejects
from portal.connectors.source_file import read_source
from portal.connectors.tally import Tally
from portal.connectors.typing_rows import Desk
from portal.connectors.workroom import workroom


@dataclass(frozen=True, slots=True)
class Read:
    """What came out of the tables of one source file."""

    records: list[dict[str, Any]]
    rejected: list[Rejected]
    tallies: list[Tally]

    def column(self, name: str) -> list[Any]:
        """Return one column of the records."""
        return [record[name] for record in self.records]

    def reasons(self) -> dict[int, str]:
        """Return the reasons by line."""
        return {cell.line: cell.reason for cell in self.rejected}


def read(folder: Path, source: str, *, tenant_zone: str = "UTC") -> Read:
    """Read the tables of the source file with the text `source`, files beside it."""
    path = folder / "source.yaml"
    path.write_text(source, encoding="utf-8")
    made = read_source(path)
    zones = Zones(made.timezone, tenant_zone)
    work = folder / "work"
    with workroom(work) as con, Rejects(work / "rejected.csv", most=10_000) as rejects:
        for statement in zone_tables(zones):
            con.execute(statement)
        tables = open_tables(made, folder, work)
        desk = Desk(con, zones, rejects, lambda _: None)
        records = _rows(tables, desk)
        return Read(records, rejects.first, [table.tally for table in tables])


def _rows(tables: Sequence[OpenTable], desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for table in tables:
        for records in read_records([table], desk):
            found += records.to_pylist()
    return found


def a_source(
    fields: Mapping[str, object] | None = None,
    *,
    file: str = "deals.csv",
    entity: str = "opportunity",
    table: str = "",
    head: str = "",
) -> str:
    """Return a source file of one table; `table` and `head` are further lines of YAML."""
    given = fields or {"id": "id", "owner_id": "owner", "stage": "stage", "amount": "amount"}
    listed = "".join(f"\n      {name}: {form}" for name, form in given.items())
    return (
        f"source: crm\n{head}\ntables:\n  - file: {file}\n    entity: {entity}\n"
        f"    {table}\n    fields:{listed}\n"
    )


def write(folder: Path, text: str | bytes, *, file: str = "deals.csv") -> Path:
    """Write a file of the source; text as UTF-8 with the line ends it has."""
    path = folder / file
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
