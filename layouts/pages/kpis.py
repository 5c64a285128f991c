"""The list of KPIs by stage of the journey, with a search that needs no script."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc, trn
from layouts import ids
from layouts.parts.heads import notice, page_head
from layouts.parts.links import link
from layouts.parts.menus import menu
from layouts.parts.panels import panel
from layouts.parts.pills import change, status_pill
from layouts.parts.searches import search
from layouts.parts.states import absence, state_empty
from layouts.parts.tables import Cell, Row, table, two_lines
from layouts.still import drawn_once
from portal.readmodels.cards import Choice, Menu
from portal.readmodels.kpi_list import KpiList, ListGroup, ListRow
from portal.readmodels.tables import Column


def draw(found: KpiList) -> Component:
    """Return the page."""
    told = [notice("person-badge", found.notice)] if found.notice else []
    groups = [_group(group) for group in found.groups]
    if found.empty:
        groups = [
            panel(
                tr("Nothing found"),
                "",
                state_empty(tr("No KPI"), found.empty, tr("Show all"), "/kpis"),
            )
        ]
    inside = [page_head(found.head), *told, _tools(found), *groups]
    return html.Div(inside, className="pg kp-list")


def _tools(found: KpiList) -> Component:
    menus = [menu(_menu(name, choices)) for name, choices in found.filters]
    field = search("/kpis", ids.KPI_SEARCH, tr("Search KPIs"), found.search, found.keep)
    count = html.Span(found.found, className="kp-found")
    return html.Div([field, *menus, count], className="kp-tools")


def _menu(name: str, choices: tuple[Choice, ...]) -> Menu:
    # The first takes the filter away; then the menu says what it filters by.
    chosen = next((one.text for one in choices[1:] if one.chosen), name)
    return Menu(name, chosen, "", choices)


@drawn_once
def _group(group: ListGroup) -> Component:
    rows = [Row(_cells(row)) for row in group.rows]
    heads = (
        Column(tr("KPI")),
        Column(tr("Value"), number=True, width=130),
        Column(trc("how far a number moved", "Change"), number=True, phone=False, width=110),
        Column(tr("Status"), width=130),
        Column(tr("Class"), phone=False, width=90),
        Column(tr("Department"), phone=False, width=110),
        Column(tr("Told"), phone=False, width=100),
    )
    body = table(heads, rows, caption=tr("KPIs of the stage {stage}", stage=group.title))
    count = trn("{count} KPI", "{count} KPIs", len(group.rows))
    return panel(group.title, count, body)


def _cells(row: ListRow) -> list[Cell]:
    value: Cell = two_lines(row.value, row.period) if row.value else absence(row.absence)
    return [
        html.Span(
            [link(row.name, row.href), html.Span(row.question, className="sub")], className="stack"
        ),
        value,
        change(row.change) if row.change else "",
        status_pill(row.status) if row.status else "",
        row.kpi_class,
        row.department,
        row.cadence,
    ]
