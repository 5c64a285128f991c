"""The page on imports: every load, what it brought, and what it could not read."""

from dash import html
from dash.development.base_component import Component

from layouts.parts.heads import page_head
from layouts.parts.panels import facts, panel
from layouts.parts.pills import status_pill
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table, two_lines
from portal.readmodels.cards import Head
from portal.readmodels.imports import ImportsPage, LoadRow
from portal.readmodels.tables import Column

_COLUMNS = (
    Column("Version", number=True, width=80),
    Column("Source"),
    Column("Status", width=120),
    Column("Brought"),
    Column("Trouble"),
    Column("By entity", phone=False),
)


def draw(page: ImportsPage) -> Component:
    """Return the page."""
    head = Head("Imports", "What came in from the CRM, when, and what could not be read.")
    body = (
        table(_COLUMNS, [_cells(row) for row in page.rows], caption="Loads, newest first")
        if page.rows
        else state_empty("Nothing was imported yet", f"Bring data in with: {page.command}")
    )
    how = html.P(["By command: ", html.Code(page.command)], className="sub")
    told = panel("Loads", "Newest first. Each one that landed is a version.", body, foot=how)
    return html.Div([page_head(head), told], className="pg")


def _cells(row: LoadRow) -> list[Cell]:
    return [
        row.version,
        two_lines(row.source, row.when),
        status_pill(row.status),
        row.brought,
        row.trouble or "none",
        _entities(row),
    ]


def _entities(row: LoadRow) -> Cell:
    if not row.entities:
        return ""
    count = "1 entity" if len(row.entities) == 1 else f"{len(row.entities)} entities"
    return html.Details(
        [html.Summary(html.Span(count, className="link")), facts(*row.entities)],
        className="as-table",
    )
