"""The page of one KPI: finding, strip of five cells, then the panels."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.pages.framework_replaced import bridge_panel
from layouts.pages.kpi_confidence import confidence_panel
from layouts.pages.kpi_moved import moved_panel
from layouts.pages.kpi_panels import definition_panel, past_panel, split_panel, trend_panel
from layouts.pages.kpi_records import records_panel
from layouts.parts.action_rows import actions_panel
from layouts.parts.attributes import attrs
from layouts.parts.bullets import bullet, range_bar
from layouts.parts.guards import guard_notices
from layouts.parts.heads import finding, notice, page_head, share
from layouts.parts.links import link
from layouts.parts.panels import columns
from layouts.parts.pills import change, status_pill
from layouts.parts.states import absence
from portal.readmodels.kpi_page import Cell, KpiPage


def draw(page: KpiPage) -> Component:
    """Return the page."""
    told = [notice("person-badge", page.notice)] if page.notice else []
    if page.ahead:
        more = link(tr("See it"), page.ahead.href, "link fi-more")
        told.append(notice("calendar-event", page.ahead.text, more))
    told += [notice("hourglass-split", page.behind)] if page.behind else []
    told += [notice("slash-circle", page.life)] if page.life else []
    found = [finding(page.finding)] if page.finding else []
    return html.Div(
        [
            page_head(page.head, share()),
            *told,
            *found,
            *guard_notices(page.guarded),
            strip(page.cells),
            columns(trend_panel(page.trend), moved_panel(page.moved), shape="2-1"),
            columns(split_panel(page.split), confidence_panel(page.confidence), shape="3-2"),
            *([actions_panel(page.actions)] if page.actions else []),
            *(bridge_panel(one) for one in page.bridges),
            columns(past_panel(page.past), definition_panel(page.definition), shape="2-3"),
            records_panel(page.records),
        ],
        className="pg",
    )


def strip(cells: tuple[Cell, ...]) -> Component:
    """Return the cells side by side as one card; on a phone one under the other."""
    return html.Section(
        [_cell(cell) for cell in cells],
        className=f"card kp-strip kp-strip-{len(cells)}",
        **attrs({"aria-label": tr("The number and what it is compared with")}),
    )


def _cell(cell: Cell) -> Component:
    pill = [status_pill(cell.status)] if cell.status else []
    inside: list[Component] = [
        html.Div([html.H2(cell.title, className="kp-title"), *pill], className="kp-top")
    ]
    inside += _figure(cell)
    if cell.range is not None:
        inside.append(range_bar(cell.range))
    if cell.target:
        words = [html.Span(cell.target), html.Span(cell.attained)]
        inside.append(html.Div(words, className="kp-target"))
    if cell.bullet is not None:
        inside.append(bullet(cell.bullet))
    inside += [html.P(text, className="kp-note") for text in cell.notes]
    return html.Div(inside, className="kp-cell kp-hatched" if cell.hatched else "kp-cell")


def _figure(cell: Cell) -> list[Component]:
    if cell.absence:
        return [absence(cell.absence)]
    if cell.change is not None:
        return [html.Div(change(cell.change), className="kp-change")]
    beside = [html.Span(cell.beside, className="kp-beside")] if cell.beside else []
    size = "kp-value kp-large" if cell.status else "kp-value"
    return [html.Div([html.Span(cell.value, className=size), *beside], className="kp-figure")]
