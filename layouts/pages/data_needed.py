"""The data that the chosen KPIs need, one panel for each kind of records."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.heads import finding, page_head
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.pills import status_word
from layouts.parts.tables import Cell, Row, table, two_lines
from portal.readmodels.cards import Choice, Finding, Tone
from portal.readmodels.proposals import DataPage, EntityNeeds, StandardRow
from portal.readmodels.tables import Column


def _columns() -> tuple[Column, ...]:
    return (
        Column(tr("Field"), width=190),
        Column(tr("How to fill it in")),
        Column(tr("Filled"), number=True, width=90),
        Column(tr("State"), width=150),
        Column(tr("KPIs that stand on it")),
    )


def draw(page: DataPage) -> Component:
    """Return the page."""
    tone = Tone.WATCH if page.blocked else Tone.GOOD
    told = finding(Finding(page.finding, page.cause, tone=tone))
    parts: list[Component] = [page_head(page.head), told]
    if page.blocked:
        rows = [Row([link(kpi.text, kpi.href, "tb-link"), what]) for kpi, what in page.blocked]
        heads = (Column(tr("KPI")), Column(tr("Waits for")))
        body = html.Div(table(heads, rows, caption=tr("KPIs held up")), className="kb-words")
        parts.append(panel(tr("Held up"), tr("KPIs without a number for want of a field."), body))
    parts += [_entity(one) for one in page.entities]
    return html.Div(parts, className="pg")


def _entity(one: EntityNeeds) -> Component:
    rows = [_row(row) for row in one.rows]
    body = html.Div(table(_columns(), rows, caption=one.title), className="kb-words")
    return panel(one.title, one.sub, body, anchor=one.anchor)


def _row(row: StandardRow) -> Row:
    kpis: Cell = html.Span([part for at, one in enumerate(row.kpis) for part in _named(one, at)])
    return Row(
        [
            two_lines(row.column, row.name),
            row.standard,
            html.Strong(row.share),
            status_word(row.status),
            kpis,
        ]
    )


def _named(one: Choice, at: int) -> list[Component | str]:
    comma: list[Component | str] = [", "] if at else []
    return [*comma, link(one.text, one.href) if one.href else one.text]
