"""The pages of actions: board or list, asking for one, what worked."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr, trc
from layouts.parts.action_editor import action_editor
from layouts.parts.action_rows import action_columns, cards, roomy, verdict, when
from layouts.parts.attributes import attrs
from layouts.parts.heads import finding, page_head
from layouts.parts.links import link, segments
from layouts.parts.panels import columns, panel
from layouts.parts.people import person
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, table, two_lines
from portal.readmodels.actions import (
    ActionRow,
    Board,
    ChooseKpi,
    Lane,
    Library,
    NewActionPage,
    Tally,
)
from portal.readmodels.cards import Choice
from portal.readmodels.tables import Column

_FILTERS = {"verdict": mark("Verdict"), "kind": mark("Kind"), "KPI": mark("Kpi")}
"""What is said of each filter of the library."""


def board(page: Board) -> Component:
    """Return the page of all actions, as a board or as a list."""
    tools = html.Div(
        [
            segments(tr("View"), page.views),
            segments(trc("show only these actions", "Only"), page.filters),
            html.Span(page.counted, className="ac-counted"),
        ],
        className="ac-tools",
    )
    found = [finding(page.finding)] if page.finding else []
    return html.Div([page_head(page.head), *found, tools, _body(page)], className="pg")


def _body(page: Board) -> Component:
    if page.empty:
        return panel(tr("Actions"), "", state_empty(tr("Nothing here"), page.empty))
    if page.lanes:
        return html.Div([_lane(lane) for lane in page.lanes], className="ac-board")
    body = roomy(table(page.columns, [_cells(row) for row in page.rows], caption=tr("Actions")))
    return panel(
        tr("List"), tr("A head sorts by its column; once more turns the order round."), body
    )


def _lane(lane: Lane) -> Component:
    head = html.Div(
        [html.H2(lane.name), html.Span(str(lane.total), className="tag")], className="ac-lane-head"
    )
    more = [link(lane.more.text, lane.more.href)] if lane.more else []
    rows = cards(lane.rows) if lane.rows else html.P(tr("None"), className="ac-none")
    return html.Section(
        [head, rows, *more], className="ac-lane", **attrs({"aria-label": lane.name})
    )


def _cells(row: ActionRow) -> list[Cell]:
    return [
        two_lines(link(row.title, row.href, "tb-link"), row.source),
        two_lines(link(row.kpi, row.kpi_href) if row.kpi_href else row.kpi, row.whose),
        person(row.owner),
        when(row),
        row.expected,
        row.measured,
        verdict(row),
    ]


def new(page: NewActionPage | ChooseKpi) -> Component:
    """Return the page on which an action is asked for."""
    if isinstance(page, ChooseKpi):
        groups = [_group(name, choices) for name, choices in page.groups]
        return html.Div(
            [page_head(page.head), html.Div(groups, className="ac-choose")], className="pg"
        )
    body = panel(tr("What is to be done"), page.sub, action_editor(page.form))
    return html.Div([page_head(page.head), body], className="pg")


def _group(name: str, choices: tuple[Choice, ...]) -> Component:
    rows = [html.Li(link(one.text, one.href)) for one in choices]
    return panel(name, "", html.Ul(rows, className="ac-kpis"))


def library(page: Library) -> Component:
    """Return what worked so far."""
    found = [finding(page.finding)] if page.finding else []
    tools = html.Div(
        [segments(tr(_FILTERS.get(name, name)), choices) for name, choices in page.filters],
        className="ac-tools",
    )
    tallies = (
        [
            columns(
                _tallies(tr("KPI"), tr("By KPI"), tr("Which numbers our actions move."), page.kpis),
                _tallies(
                    tr("Kind"), tr("By kind"), tr("What sort of action moves them."), page.kinds
                ),
                shape="3-2",
            )
        ]
        if page.kpis
        else []
    )
    heads = action_columns()
    rows = (
        state_empty(tr("Nothing here"), page.empty)
        if page.empty
        else roomy(
            table(
                (heads[0], Column(tr("KPI")), *heads[1:]),
                [_judged(row) for row in page.rows],
                caption=tr("Judged actions"),
            )
        )
    )
    judged = panel(
        tr("Judged actions"),
        tr("The newest first; the verdict is that of the newest look."),
        [tools, rows],
    )
    return html.Div([page_head(page.head), *found, *tallies, judged], className="pg")


def _judged(row: ActionRow) -> list[Cell]:
    return [
        two_lines(link(row.title, row.href, "tb-link"), row.source),
        two_lines(row.kpi, row.whose),
        person(row.owner),
        when(row),
        row.expected,
        row.measured,
        verdict(row),
    ]


def _tallies(head: str, title: str, sub: str, tallies: tuple[Tally, ...]) -> Component:
    short = {tr("Moved as expected"): tr("As expected")}
    words = [short.get(word, word) for word in (tr(one.word) for one, _ in tallies[0].counts)]
    middles = any(one.median for one in tallies)
    heads = (
        Column(head),
        Column(tr("Judged"), number=True),
        *(Column(word, number=True) for word in words),
        *((Column(tr("Middle effect"), number=True),) if middles else ()),
    )
    rows: list[list[Cell]] = [
        [
            link(one.name, one.href, "tb-link"),
            str(one.judged),
            *(str(many) if many else "" for _, many in one.counts),
            *([one.median] if middles else []),
        ]
        for one in tallies
    ]
    return panel(title, sub, table(heads, rows, caption=title))
