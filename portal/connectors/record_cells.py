"""From bound columns to the cells of a whole record: rows, exploded rows, attributes."""

from collections.abc import Sequence
from dataclasses import replace

from kpi_engine.crm.entities import Column, ColumnType
from kpi_engine.crm.layers import literal
from kpi_engine.crm.normalise import SQL_TYPES
from kpi_engine.crm.recipes import Cell, Recipe, Words
from portal.connectors.binding import Binder

_NO_TEXT = "NULL::VARCHAR"


def bind_rows(binder: Binder) -> Recipe | None:
    """Return the recipe of a table without `per`, or None after adding what is wrong."""
    table = binder.table
    cells = [binder.cell(field) for field in table.fields]
    where = binder.expression(table.where, (), ColumnType.BOOLEAN) if table.where else None
    exploded = _exploded(binder, cells)
    made = [cell for cell in cells if cell is not None]
    if len(made) < len(cells) or exploded is None or (table.where and where is None):
        return None
    return Recipe(
        binder.inputs,
        binder.computations,
        record_cells(binder, made),
        where,
        binder.inputs_of(where),
        binder.entity.one_of,
        exploded,
    )


def record_cells(binder: Binder, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return a cell for every column of a record, in order: attributes gathered, the rest empty."""
    own = {cell.column.name: cell for cell in cells if binder.entity.column(cell.column.name)}
    others = [cell for cell in cells if cell.column.name not in own]
    if binder.source.currency and binder.entity.column("currency"):
        own.setdefault("currency", constant_cell(binder.column("currency"), binder.source.currency))
    found = [
        own.get(column.name, Cell(column, _empty(column), column.name, _NO_TEXT))
        for column in binder.entity.columns
    ]
    found.append(constant_cell(Column("source", ColumnType.TEXT), binder.source.name))
    attributes = Column("attributes", ColumnType.TEXT)
    found.append(Cell(attributes, _json(others), "attributes", _NO_TEXT))
    return tuple(found)


def constant_cell(column: Column, text: str) -> Cell:
    """Return a cell with the same text in every record."""
    return Cell(column, literal(text), column.name, _NO_TEXT)


def _empty(column: Column) -> str:
    return f"NULL::{SQL_TYPES[column.type]}"


def _json(cells: Sequence[Cell]) -> str:
    """Return SQL of a JSON object of the filled attributes, null when none is."""
    if not cells:
        return _NO_TEXT
    ordered = sorted(cells, key=lambda cell: cell.column.name)
    pairs = ", ".join(f"{literal(cell.column.name)}, {cell.sql}" for cell in ordered)
    # Merging drops what is null.
    return f"nullif(CAST(json_merge_patch('{{}}', json_object({pairs})) AS VARCHAR), '{{}}')"


def _exploded(binder: Binder, cells: list[Cell | None]) -> tuple[tuple[int, str], ...] | None:
    """Add the cells that `explode` fills, mark the id, and return the columns it reads."""
    explode = binder.table.explode
    if explode is None:
        return ()
    found = [
        (binder.position(column, explode.mark), word) for column, word in explode.columns.items()
    ]
    to = binder.column(explode.to)
    cells.append(Cell(to, "word", explode.to, "word"))
    if explode.count is not None:
        count = binder.column(explode.count)
        made = binder.input(None, count.type, Words(), explode.mark)
        cells.append(Cell(count, made.name, explode.count, f"{made.name}_t") if made else None)
    for at, cell in enumerate(cells):
        if cell is not None and cell.column.name == "id":
            cells[at] = replace(cell, sql=f"{cell.sql} || ':' || word")
    if any(position is None for position, _ in found):
        return None
    return tuple((position, word) for position, word in found if position is not None)
