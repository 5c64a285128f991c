"""Event logs: many rows of a key become one record.

First each event's values are read and kept in the workroom's DuckDB, which spills to disk; then
they are gathered by key, and the records are checked like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kpi_engine.crm.entities import Column, ColumnType
from kpi_engine.crm.faults import Rejected, reason, shown
from kpi_engine.crm.normalise import SQL_TYPES, Statement, checked
from kpi_engine.crm.recipes import Cell, Recipe
from kpi_engine.crm.sources import Field, FileFormat, FromColumn, Mark, Take, Taken
from portal.connectors.binding import Binder
from portal.connectors.record_cells import record_cells
from portal.connectors.rows import Rows
from portal.connectors.tally import Tally
from portal.connectors.typing_rows import Desk, RowsTyper

_BATCH = 50_000
_NO_TEXT = "NULL::VARCHAR"
_AGGREGATES = {
    "min": "min(v{0})",
    "max": "max(v{0})",
    "count": "count(v{0})",
    "first": "arg_min(v{0}, {1})",
    "last": "arg_max(v{0}, {1})",
}


@dataclass(frozen=True, slots=True)
class EventRecipe:
    """How the rows of one file become events, and events records."""

    events: Recipe
    """Columns `key` and per field `v0`, `w0` (its `where`), `o0` (its `order`)."""
    aggregates: tuple[str, ...]
    """Per field, the SQL over the events of a key."""
    records: Recipe
    """Over the aggregates `a0`, `a1`, …"""


def bind_events(binder: Binder) -> EventRecipe | None:
    """Return the recipe of a table with `per`, or None after adding what is wrong."""
    table = binder.table
    keyed = Column("key", ColumnType.TEXT, required=True)
    key = binder.from_column(FromColumn(table.per or ""), keyed, table.mark)
    parts = [_part(binder, at, field) for at, field in enumerate(table.fields)]
    where = binder.expression(table.where, (), ColumnType.BOOLEAN) if table.where else None
    made = [part for part in parts if part is not None]
    if key is None or len(made) < len(parts) or (table.where and where is None):
        return None
    cells = [key, *(cell for part in made for cell in part.cells)]
    results = [part.result for part in made]
    return EventRecipe(
        Recipe(binder.inputs, binder.computations, tuple(cells), where, binder.inputs_of(where)),
        tuple(part.aggregate for part in made),
        Recipe((), (), record_cells(binder, results), one_of=binder.entity.one_of),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One field: what is kept of an event, how it is gathered, and the cell that it fills."""

    cells: tuple[Cell, ...]
    aggregate: str
    result: Cell


def _part(binder: Binder, at: int, field: Field) -> _Part | None:
    if isinstance(field.form, Taken):
        return _taken(binder, at, field, field.form)
    cell = binder.cell(field)
    if cell is None:
        return None
    column = binder.column(field.name)
    kept = replace(cell, column=Column(f"v{at}", column.type))
    # Without `first` or `last` the latest event that tells it counts.
    aggregate = f"arg_max(v{at}, row) FILTER (v{at} IS NOT NULL)"
    return _Part((kept,), aggregate, _result(column, at, cell.label))


def _taken(binder: Binder, at: int, field: Field, form: Taken) -> _Part | None:
    column = binder.column(field.name)
    kind = ColumnType.TEXT if form.take is Take.COUNT else column.type
    value = FromColumn(form.column, form.replace, form.map, form.null)
    cells = [binder.from_column(value, Column(f"v{at}", kind), field.mark)]
    keep, order = f"v{at} IS NOT NULL", "row"
    if form.where is not None:
        name = binder.expression(form.where, (), ColumnType.BOOLEAN)
        flag = Column(f"w{at}", ColumnType.BOOLEAN)
        cells.append(None if name is None else Cell(flag, name, field.name, _NO_TEXT))
        keep += f" AND w{at}"
    if form.order is not None:
        ordered = Column(f"o{at}", _order_type(binder, form.order, field.mark))
        cells.append(binder.from_column(FromColumn(form.order), ordered, field.mark))
        keep += f" AND o{at} IS NOT NULL"
        order = f"(o{at}, row)"
    made = tuple(cell for cell in cells if cell is not None)
    if len(made) < len(cells):
        return None
    aggregate = f"{_AGGREGATES[form.take].format(at, order)} FILTER ({keep})"
    return _Part(made, aggregate, _result(column, at, form.column))


def _result(column: Column, at: int, label: str) -> Cell:
    return Cell(column, f"a{at}", label, _NO_TEXT)


def _order_type(binder: Binder, column: str, mark: Mark) -> ColumnType:
    """Return the type by which events are put in order: never as text, where 10 is before 9."""
    known = binder.known_type(column)
    if known is not None and known is not ColumnType.BOOLEAN:
        return known
    try:
        float(binder.first_value(column, mark))
    except ValueError:
        return ColumnType.TIME
    return ColumnType.NUMBER


class Events:
    """Gathers the events of a table's files, then gives their records.

    Args:
        desk: What reading works with.
        recipe: The recipe of the first file; those of the others have the same shape.
        tally: The table's counts.
    """

    def __init__(self, desk: Desk, recipe: EventRecipe, tally: Tally) -> None:
        self._desk = desk
        self._recipe = recipe
        self._tally = tally
        self._files: list[str] = []
        self._rows = 0
        columns = ", ".join(
            f"{cell.column.name} {SQL_TYPES[cell.column.type]}" for cell in recipe.events.cells
        )
        desk.con.execute(
            f"CREATE OR REPLACE TABLE events (row BIGINT, file INTEGER, line BIGINT, {columns})"
        )

    def read(self, rows: Rows, recipe: EventRecipe, form: FileFormat) -> None:
        """Read the events of one file."""
        self._files.append(rows.path.name)
        typer = RowsTyper(self._desk, rows, recipe.events, form, self._tally)
        for table, places in typer.tables():
            numbers = table.column("n").to_pylist()
            lines = pa.array(places.lines(numbers), pa.int64())
            first = self._rows
            self._rows += table.num_rows
            order = pa.array(range(first, self._rows), pa.int64())
            file = pa.repeat(pa.scalar(len(self._files) - 1, pa.int32()), table.num_rows)
            kept = table.drop_columns(["n"])
            names = ["row", "file", "line", *kept.schema.names]
            self._desk.con.register(
                "batch", pa.table([order, file, lines, *kept.columns], names=names)
            )
            self._desk.con.execute("INSERT INTO events SELECT * FROM batch")
            self._desk.con.unregister("batch")

    def records(self) -> Iterator[pa.Table]:
        """Yield the records, one a key; keys whose record lacks something are rejected."""
        gathered = ", ".join(f"{sql} AS a{at}" for at, sql in enumerate(self._recipe.aggregates))
        rows = (
            f"(SELECT min(row) AS n, arg_min(file, row) AS file, arg_min(line, row) AS line,"
            f" {gathered} FROM events GROUP BY key)"
        )
        wanted = checked("gathered", self._recipe.records)
        self._desk.con.execute(f"CREATE OR REPLACE TABLE gathered AS FROM {rows}")
        self._desk.con.execute("DROP TABLE events")
        # A cursor of its own: whoever takes the records may ask this connection meanwhile.
        with self._desk.con.cursor() as reading:
            for batch in reading.sql(wanted.records).to_arrow_reader(_BATCH):
                table = pa.Table.from_batches([batch])
                yield table.filter(pc.invert(table.column("bad"))).drop_columns(["n", "bad"])
            self._reject(reading, wanted)
        self._desk.con.execute("DROP TABLE gathered")

    def _reject(self, reading: duckdb.DuckDBPyConnection, wanted: Statement) -> None:
        bad = f"({wanted.faults}) AS bad JOIN gathered USING (n)"
        found = f"SELECT gathered.file, gathered.line, bad.* FROM {bad} ORDER BY n"
        for batch in reading.sql(found).to_arrow_reader(_BATCH):
            for row in batch.to_pylist():
                self._tally.rejected += 1
                for at, fault in enumerate(wanted.kinds):
                    text = row[f"r{at}"]
                    if text is not None:
                        cell = Rejected(
                            self._files[row["file"]],
                            row["line"],
                            fault.label,
                            shown(text),
                            reason(fault, text),
                        )
                        self._desk.rejects.add(cell)
