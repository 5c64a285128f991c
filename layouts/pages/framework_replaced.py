"""Replaced KPIs: a panel for each, with old and new side by side; alone or as a ledger."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trn
from layouts.charts.bridges import bridge
from layouts.charts.template import drawn
from layouts.parts.heads import notice, page_head, share
from layouts.parts.icons import icon
from layouts.parts.links import fetch, hidden, link, tabs
from layouts.parts.panels import facts, panel
from layouts.parts.pills import status_pill
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table
from portal.readmodels.bridges import BridgePanel, BridgeRow, ReplacedPage
from portal.readmodels.tables import Column

_HEIGHT = 300


def draw(page: ReplacedPage) -> Component:
    """Return the ledger."""
    parts: list[Component] = [
        page_head(page.head, share()),
        tabs(tr("Pages of the framework"), page.tabs),
    ]
    if page.said:
        parts.append(notice("check-circle", page.said))
    parts += [bridge_panel(one) for one in page.panels]
    if not page.panels:
        why = tr(
            "Retire a KPI with a successor and a last day of both: what they read side by side"
            " stands here then."
        )
        step = state_empty(
            tr("No KPI was replaced yet"), why, tr("Show the catalogue"), page.catalogue
        )
        parts.append(panel(tr("Replaced KPIs"), "", step))
    return html.Div(parts, className="pg fw")


def bridge_panel(told: BridgePanel) -> Component:
    """Return one replacement: its sentence, the chart, the figures, why, and what was stored."""
    body: list[Component] = [html.P(told.sentence, className="fw-told")]
    body += [drawn(bridge(one), one.summary, height=_HEIGHT) for one in told.charts]
    body.append(facts(*told.facts))
    if told.foot:
        body.append(notice("info-circle", told.foot))
    if told.earlier:
        body.append(_earlier(told.earlier))
    return panel(
        told.title,
        told.sub,
        body,
        pill=[status_pill(told.pill)],
        foot=_foot(told),
        anchor=f"bridge-{told.anchor}",
    )


def _foot(told: BridgePanel) -> list[Component]:
    foot: list[Component] = [
        html.Span(
            [each for one in told.links for each in (link(one.text, one.href), " ")],
            className="grow fw-links",
        )
    ]
    if told.store:
        foot.append(fetch([icon("check-lg"), html.Span(tr("Store it now")), _of(told)], told.store))
    if told.export:
        foot.append(fetch([icon("download"), html.Span(tr("Export")), _of(told)], told.export))
    if told.rows:
        foot.append(_table(told))
    return foot


def _of(told: BridgePanel) -> Component:
    return hidden(f": {told.title}")


def _table(told: BridgePanel) -> Component:
    """Return the figures below the chart; on a phone each period is a card."""
    columns = [
        Column(tr("Period")),
        Column(told.old, number=True),
        Column(told.new, number=True),
        Column(tr("New against old"), number=True),
        Column(tr("When")),
    ]
    rows = [_row(one) for one in told.rows]
    return html.Details(
        [
            html.Summary(html.Span(tr("View as table"), className="link")),
            table(columns, rows, caption=told.title),
        ],
        className="as-table",
    )


def _row(one: BridgeRow) -> list[Cell]:
    return [one.period, _value(one.old, one.old_of), _value(one.new, one.new_of), one.gap, one.said]


def _value(text: str, stands_on: str) -> str:
    return f"{text} ({stands_on})" if stands_on else text


def _earlier(lines: tuple[str, ...]) -> Component:
    count = trn("{count} more stored", "{count} more stored", len(lines))
    return html.Details(
        [
            html.Summary(html.Span(count, className="link")),
            html.Ul([html.Li(one) for one in lines]),
        ]
    )
