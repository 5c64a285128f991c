"""The catalogue: search and filters, the comparison, and every KPI by stage of the journey."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc, trn
from layouts import ids
from layouts.parts.attributes import attrs
from layouts.parts.heads import notice, page_head
from layouts.parts.links import fetch, hidden, link, tabs
from layouts.parts.menus import menu
from layouts.parts.panels import panel
from layouts.parts.people import owners
from layouts.parts.pills import status_word
from layouts.parts.searches import search
from layouts.parts.sparks import sparkline
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table
from portal.readmodels.framework import (
    CatalogueGroup,
    CataloguePage,
    CatalogueRow,
    Compared,
    Comparison,
)
from portal.readmodels.tables import Column


def draw(page: CataloguePage) -> Component:
    """Return the page."""
    parts: list[Component] = [page_head(page.head), tabs(tr("Pages of the framework"), page.tabs)]
    if page.said:
        parts.append(notice("check-circle", page.said))
    parts.append(_tools(page))
    if page.comparison is not None:
        parts.append(_comparison(page.comparison))
    parts += [_group(group) for group in page.groups]
    if not page.groups:
        why = tr("No KPI of the catalogue fits what you asked for.")
        step = state_empty(tr("Nothing found"), why, tr("Show all"), page.clear)
        parts.append(panel(tr("Nothing found"), "", step))
    return html.Div(parts, className="pg fw")


def _tools(page: CataloguePage) -> Component:
    menus = [menu(one) for one in page.menus]
    clear = [link(tr("Show all"), page.clear)] if page.clear else []
    found = html.Span(page.found, className="kp-found", role="status")
    name = tr("Search the catalogue")
    field = search("/framework/catalogue", ids.CATALOGUE_SEARCH, name, page.search, page.keep)
    return html.Div([field, *menus, *clear, found], className="kp-tools")


def _comparison(found: Comparison) -> Component:
    clear = link(trc("close what is open", "Close"), found.clear, "btn btn-sm")
    columns = [Column("", says=False), *(Column(kpi.name) for kpi in found.kpis)]
    rows: list[list[Cell]] = [[tr("Last number"), *(_number(kpi) for kpi in found.kpis)]]
    rows += [[word, *(kpi.facts[at] for kpi in found.kpis)] for at, word in enumerate(found.rows)]
    rows.append(["", *(_drop(kpi) for kpi in found.kpis)])
    body = table(columns, rows, caption=tr("KPIs side by side"), classes="tb-cards fw-compare")
    return panel(
        found.title, found.hint or tr("Side by side."), body, pill=clear, anchor="comparison"
    )


def _number(kpi: Compared) -> Component:
    line = [sparkline(kpi.spark, height=36)] if kpi.spark is not None else []
    return html.Span([html.Strong(kpi.value), *line], className="stack")


def _drop(kpi: Compared) -> Component:
    page = link(trc("go to it", "Open"), kpi.href, "link", tr("Open {name}", name=kpi.name))
    drop = link(tr("Leave out"), kpi.drop, "link", tr("Leave {name} out", name=kpi.name))
    return html.Span([page, drop], className="fw-acts")


def _group(group: CatalogueGroup) -> Component:
    rows = [Row(_cells(row)) for row in group.rows]
    heads = (
        Column(tr("KPI")),
        Column(tr("Kind"), width=170),
        Column(tr("Told"), phone=False, width=90),
        Column(tr("Owner"), width=130),
        Column(tr("State"), width=200),
        Column(tr("Compare"), width=240, says=False),
    )
    body = table(heads, rows, caption=tr("KPIs of the stage {stage}", stage=group.title))
    count = trn("{count} KPI", "{count} KPIs", len(group.rows))
    return panel(group.title, count, body)


def _cells(row: CatalogueRow) -> list[Cell]:
    who = owners(row.owners) if row.owners else html.Span(tr("nobody"), className="muted")
    life: list[Component] = [status_word(row.life)]
    if row.note:
        life.append(html.Span(row.note, className="sub"))
    if row.beside:
        life.append(link(tr("Old and new side by side"), row.beside))
    return [
        html.Span(
            [link(row.name, row.href), html.Span(row.question, className="sub")], className="stack"
        ),
        html.Span(row.about, className="muted"),
        row.cadence,
        who,
        html.Span(life, className="stack"),
        _acts(row),
    ]


def _acts(row: CatalogueRow) -> Component:
    chosen = row.compare.chosen
    found: list[Component] = [
        link(
            [row.compare.text, hidden(f" {row.name}")],
            row.compare.href,
            "btn btn-sm on" if chosen else "btn btn-sm",
        )
    ]
    if row.owner:
        owned = trc("after the word Owner", " of {name}", name=row.name)
        found.append(fetch([tr("Owner"), hidden(owned)], row.owner, "btn btn-sm"))
    if row.change is not None:
        found.append(
            fetch([row.change.text, hidden(f" {row.name}")], row.change.href, "btn btn-sm")
        )
    return html.Span(found, className="fw-acts", **attrs({"id": row.key}))
