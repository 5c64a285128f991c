"""Data quality: the finding, the levels, what is amiss, then every KPI and every source."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc, trn
from layouts.parts.attributes import attrs
from layouts.parts.heads import finding, page_head, share
from layouts.parts.links import hidden, link
from layouts.parts.panels import panel
from layouts.parts.pills import confidence, status_word
from layouts.parts.states import absence, state_empty
from layouts.parts.tables import Cell, Row, table, two_lines
from layouts.still import drawn_once
from portal.readmodels.cards import Choice
from portal.readmodels.quality import (
    CauseRow,
    Causes,
    KpiRow,
    KpiTable,
    LevelCell,
    QualityPage,
    SourceRow,
)
from portal.readmodels.tables import Column, Kind

_AT_A_GLANCE = 7
"""So many things that are amiss are shown; the others are opened below them."""


def draw(page: QualityPage) -> Component:
    """Return the page."""
    parts: list[Component] = [page_head(page.head, share())]
    if page.empty is not None:
        told = page.empty
        parts.append(
            html.Section(state_empty(told.title, told.why, told.link, told.href), className="card")
        )
        return html.Div(parts, className="pg dq")
    if page.finding is not None:
        parts.append(finding(page.finding))
    parts.append(_levels(page.levels))
    if page.causes is not None:
        parts.append(_causes(page.causes))
    if page.kpis is not None:
        parts.append(_kpis(page.kpis))
    parts.append(_sources(page))
    return html.Div(parts, className="pg dq")


def _levels(cells: Sequence[LevelCell]) -> Component:
    return html.Section(
        [_level(cell) for cell in cells],
        className="card dq-levels",
        **attrs({"aria-label": tr("KPIs by the confidence in their data")}),
    )


def _level(cell: LevelCell) -> Component:
    chosen = [hidden(tr(", chosen"))] if cell.chosen else []
    figure = html.Span(
        [html.Span(cell.count, className="kp-value kp-large"), _beside(cell)], className="kp-figure"
    )
    inside = [confidence(cell.bars, cell.word), figure, *chosen]
    return link(inside, cell.href, "dq-level on" if cell.chosen else "dq-level")


def _beside(cell: LevelCell) -> Component:
    return html.Span(tr("{share} of KPIs", share=cell.share), className="kp-beside")


@drawn_once
def _causes(told: Causes) -> Component:
    groups = [
        (tr("In the data"), told.data),
        (tr("In the numbers themselves"), told.numbers),
    ]
    lines = [(title, row) for title, rows in groups for row in rows]
    body: list[Component] = []
    if told.nothing:
        body.append(html.P(told.nothing, className="dq-sound"))
    if lines:
        body.append(_cause_table(lines[:_AT_A_GLANCE], tr("What is amiss, the worst first")))
    if len(lines) > _AT_A_GLANCE:
        rest = lines[_AT_A_GLANCE:]
        count = trn("{count} more thing", "{count} more things", len(rest))
        body.append(
            html.Details(
                [
                    html.Summary(html.Span(count, className="link")),
                    _cause_table(rest, tr("What else is amiss")),
                ],
                className="as-table",
            )
        )
    sub = tr("Each at its worst, with the KPIs whose confidence it lowers; the worst first")
    return panel(tr("What is amiss"), sub, body, anchor="amiss")


def _cause_table(lines: Sequence[tuple[str, CauseRow]], caption: str) -> Component:
    heads = (
        Column(tr("What is amiss")),
        Column(tr("Confidence at worst"), width=130),
        Column(tr("KPIs held back"), width=250),
        Column(trc("what to do about it", "Next step"), width=270),
    )
    rows: list[Row] = []
    last = ""
    for title, row in lines:
        if title != last:
            rows.append(Row([title], Kind.GROUP))
            last = title
        rows.append(Row(_cause(row)))
    return html.Div(table(heads, rows, caption=caption), className="kb-words")


def _cause(row: CauseRow) -> list[Cell]:
    held: Cell = tr("None, it is within the limit")
    if row.held:
        held = html.Span([part for at, one in enumerate(row.held) for part in _named(one, at)])
    step: list[Component | str] = [html.Span(row.step)]
    if row.href:
        step += [" ", link(row.link, row.href)]
    return [two_lines(row.title, row.said), status_word(row.status), held, html.Span(step)]


def _named(one: Choice, at: int) -> list[Component | str]:
    comma: list[Component | str] = [", "] if at else []
    return [*comma, link(one.text, one.href) if one.href else one.text]


@drawn_once
def _kpis(told: KpiTable) -> Component:
    if told.empty:
        body: Component = html.P(told.empty, className="muted")
    else:
        rows = [Row(_kpi(row)) for row in told.rows]
        drawn = table(told.columns, rows, caption=tr("KPIs and the confidence in their data"))
        body = html.Div(drawn, className="dq-kpis")
    foot = link(told.more.text, told.more.href) if told.more else None
    return panel(tr("KPIs"), told.sub, body, foot=foot, anchor="kpis")


def _kpi(row: KpiRow) -> list[Cell]:
    name = link(row.name, row.href, "tb-link")
    return [
        two_lines(name, row.period) if row.period else name,
        row.owner or absence(tr("no owner")),
        confidence(row.bars, row.word),
        row.reason,
    ]


def _sources(page: QualityPage) -> Component:
    heads = (
        Column(tr("Source")),
        Column(trc("when a source was loaded", "Loaded")),
        Column(tr("Rows not read"), number=True, width=130),
        Column(tr("Unknown references"), number=True, width=170),
        Column(tr("Stages without a meaning"), number=True, width=200),
        Column(tr("In other currencies"), number=True, width=160),
    )
    rows = [Row(_source(row)) for row in page.sources]
    body = table(heads, rows, caption=tr("Sources"))
    foot = link(page.sources_link.text, page.sources_link.href) if page.sources_link else None
    sub = tr("When each was loaded, and what its last load could not use")
    return panel(tr("Sources"), sub, body, foot=foot, anchor="sources")


def _source(row: SourceRow) -> list[Cell]:
    age: Cell = row.age
    if row.status is not None:
        age = html.Span([row.age, " ", status_word(row.status)])
    return [row.name, age, row.unread, row.nowhere, row.stages, row.foreign]
