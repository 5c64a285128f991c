"""The page on imports: every load, what it brought, and what it could not read."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trn
from layouts.parts.heads import page_head
from layouts.parts.panels import facts, panel
from layouts.parts.phrases import phrase
from layouts.parts.pills import status_pill
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table, two_lines
from portal.readmodels.cards import Head
from portal.readmodels.imports import ImportsPage, LoadRow
from portal.readmodels.tables import Column


def _columns() -> tuple[Column, ...]:
    return (
        Column(tr("Version"), number=True, width=80),
        Column(tr("Source")),
        Column(tr("Status"), width=120),
        Column(tr("Brought")),
        Column(tr("Trouble")),
        Column(tr("By entity"), phone=False),
    )


def draw(page: ImportsPage) -> Component:
    """Return the page."""
    head = Head(tr("Imports"), tr("What came in from the CRM, when, and what could not be read."))
    body = (
        table(_columns(), [_cells(row) for row in page.rows], caption=tr("Loads, newest first"))
        if page.rows
        else state_empty(
            tr("Nothing was imported yet"),
            tr("Bring data in with: {command}", command=page.command),
        )
    )
    how = html.P(
        phrase(tr("By command: {command}"), command=html.Code(page.command)), className="sub"
    )
    told = panel(
        tr("Loads"), tr("Newest first. Each one that landed is a version."), body, foot=how
    )
    return html.Div([page_head(head), told], className="pg")


def _cells(row: LoadRow) -> list[Cell]:
    return [
        row.version,
        two_lines(row.source, row.when),
        status_pill(row.status),
        row.brought,
        row.trouble or tr("none"),
        _entities(row),
    ]


def _entities(row: LoadRow) -> Cell:
    if not row.entities:
        return ""
    count = trn("{count} entity", "{count} entities", len(row.entities))
    return html.Details(
        [html.Summary(html.Span(count, className="link")), facts(*row.entities)],
        className="as-table",
    )
