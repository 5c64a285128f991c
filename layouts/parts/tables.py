"""Tables as tables: figures to the right, heads that sort are links, rows are cards on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.heat import heat_cell
from layouts.parts.icons import icon
from layouts.parts.links import link
from portal.readmodels.cards import HeatCell
from portal.readmodels.tables import Column, Kind, Order

Cell = Component | HeatCell | str | list[Component | str] | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose first cell is its head. A group has one cell over the whole width."""

    cells: Sequence[Cell]
    kind: Kind = Kind.PLAIN


def table(
    columns: Sequence[Column],
    rows: Sequence[Row | Sequence[Cell]],
    *,
    caption: str,
    classes: str = "tb-cards",
) -> Component:
    """Return a table. `caption` is said, not shown.

    `classes`: `tb-cards` makes each row a card on a phone; `tb-scroll` keeps the table and lets it
    scroll sideways with its first column held, for heat maps.
    """
    lines = [row if isinstance(row, Row) else Row(row) for row in rows]
    drawn = html.Table(
        [
            html.Caption(caption, className="sr"),
            html.Thead(html.Tr([_head(column) for column in columns])),
            html.Tbody([_line(columns, line) for line in lines]),
        ],
        className="tb",
    )
    around: dict[str, Any] = {"className": f"tb-wrap {classes}"}
    if "tb-scroll" in classes:
        # What scrolls must be reached by the keyboard.
        around |= {"tabIndex": 0, "role": "region", "aria-label": caption}
    return html.Div(drawn, **around)


def view_as_table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], caption: str
) -> Component:
    """Return the figures of a chart as a table that is opened below it."""
    return html.Details(
        [
            html.Summary(html.Span(tr("View as table"), className="link")),
            table(columns, rows, caption=caption, classes="tb-plain"),
        ],
        className="as-table",
    )


def two_lines(first: str | Component, second: str) -> Component:
    """Return a cell of two lines: what it is, and something small about it."""
    return html.Span(
        [html.Span(first, className="tb-first"), html.Span(second, className="sub")],
        className="stack",
    )


def _head(column: Column) -> Component:
    text: list[Component | str] = [html.Span(column.text, className="" if column.says else "sr")]
    if column.order is not Order.NONE:
        text.append(icon("arrow-down" if column.order is Order.DOWN else "arrow-up", "i-sm"))
    if column.sub:
        text.append(html.Span(column.sub, className="th-sub"))
    inside = link(text, column.sort, "th-sort") if column.sort else html.Span(text)
    told: dict[str, Any] = {"scope": "col", "className": _classes(column)}
    if column.width:
        told["style"] = {"width": column.width}
    if column.sort:
        told["aria-sort"] = str(column.order)
    return html.Th(inside, **told)


def _classes(column: Column) -> str:
    return " ".join(
        word for word, on in (("num", column.number), ("no-phone", not column.phone)) if on
    )


def _line(columns: Sequence[Column], line: Row) -> Component:
    if line.kind is Kind.GROUP:
        head = html.Th(_cell(line.cells[0]), scope="colgroup", colSpan=len(columns))
        return html.Tr(head, className="tr-group")
    pairs = zip(columns, line.cells, strict=True)
    cells = [_drawn(column, cell, first=at == 0) for at, (column, cell) in enumerate(pairs)]
    return html.Tr(cells, className="" if line.kind is Kind.PLAIN else f"tr-{line.kind}")


def _drawn(column: Column, cell: Cell, *, first: bool) -> Component:
    heat = " td-heat" if isinstance(cell, HeatCell) else ""
    classes = f"{_classes(column)}{heat}{' td-empty' if cell in (None, '') else ''}".strip()
    if first:
        return html.Th(_cell(cell), scope="row", className=classes)
    return html.Td(_cell(cell), className=classes, **attrs({"data-label": column.text}))


def _cell(cell: Cell) -> Component | str | list[Component | str]:
    if isinstance(cell, HeatCell):
        return heat_cell(cell)
    return "" if cell is None else cell
