"""A source's files opened and bound, then read entity by entity as streams of records."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from kpi_engine.crm.recipes import Recipe
from kpi_engine.crm.schema import record_schema
from kpi_engine.crm.sources import Computed, FromColumn, Source, TableMap, Taken
from kpi_engine.errors import BadFileError
from portal.connectors.binding import Binder
from portal.connectors.events import EventRecipe, Events, bind_events
from portal.connectors.opening import open_rows
from portal.connectors.places import find_files
from portal.connectors.record_cells import bind_rows
from portal.connectors.rows import Rows
from portal.connectors.tally import Tally
from portal.connectors.typing_rows import Desk, RowsTyper
from portal.connectors.yaml_nodes import Problems

_AT_A_TIME = 65_536


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table with its files, each bound to the recipe by which it is read."""

    table: TableMap
    files: tuple[tuple[Rows, Recipe | EventRecipe], ...]
    tally: Tally

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(rows.path.stat().st_size for rows, _ in self.files)


def open_tables(source: Source, folder: Path, work: Path) -> tuple[OpenTable, ...]:
    """Open every file of a source and check that it has what the source file names.

    Args:
        source: What is read from where.
        folder: The data folder.
        work: A folder for what has to be unpacked.

    Raises:
        BadSourceError: with everything that is wrong, for all tables at once.
    """
    problems = Problems(Path(source.path).name)
    made = [_open_table(table, source, folder, work, problems) for table in source.tables]
    problems.stop_if_any()
    return tuple(made)


def read_records(tables: Collection[OpenTable], desk: Desk) -> Iterator[pa.Table]:
    """Yield the records of the tables that feed one entity, in the order of the source file."""
    for opened in tables:
        schema = record_schema(opened.table.entity)
        for records in _records(opened, desk):
            whole = records.select(schema.names).cast(schema)
            opened.tally.saw(whole)
            yield whole


def as_reader(entity: str, records: Iterator[pa.Table]) -> pa.RecordBatchReader:
    """Return a stream of tables as a reader of record batches."""
    batches = (batch for table in records for batch in table.to_batches(_AT_A_TIME))
    return pa.RecordBatchReader.from_batches(record_schema(entity), batches)


def _records(opened: OpenTable, desk: Desk) -> Iterator[pa.Table]:
    form = opened.table.format
    events: Events | None = None
    for rows, recipe in opened.files:
        if isinstance(recipe, Recipe):
            for records, _ in RowsTyper(desk, rows, recipe, form, opened.tally).tables():
                yield records
        else:
            events = events or Events(desk, recipe, opened.tally)
            events.read(rows, recipe, form)
    if events is not None:
        yield from events.records()


def _open_table(
    table: TableMap, source: Source, folder: Path, work: Path, problems: Problems
) -> OpenTable:
    asked = _asked(table)
    files = []
    for path in find_files(table, folder, problems):
        try:
            rows = open_rows(path, table.format, asked, work)
        except BadFileError as error:
            problems.add(table.mark, str(error))
            continue
        binder = Binder(table, source, rows, problems)
        recipe = bind_rows(binder) if table.per is None else bind_events(binder)
        if recipe is not None:
            files.append((rows, recipe))
    return OpenTable(table, tuple(files), Tally(table.file, table.entity))


def _asked(table: TableMap) -> frozenset[str]:
    """Return the columns that the table names outright."""
    found = {table.per} if table.per else set()
    for field in table.fields:
        match field.form:
            case FromColumn(column=column) | Taken(column=column):
                found.add(column)
            case Computed() | _:
                continue
    return frozenset(found | set(table.explode.columns if table.explode else ()))
