"""The page of reviews: open ones first with progress, then those that ended, then the cycles."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc
from layouts.parts.bullets import mini
from layouts.parts.forms import press, send
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import button, link
from layouts.parts.panels import panel
from layouts.parts.pills import status_pill, tag
from layouts.parts.states import state_empty
from layouts.parts.tables import Row, table, two_lines
from portal.readmodels.review_list import CycleRow, ReviewList, ReviewRow
from portal.readmodels.tables import Column


def _of_past() -> tuple[Column, ...]:
    return (
        Column(tr("Review")),
        Column(tr("How often")),
        Column(tr("State")),
        Column(tr("KPIs")),
    )


def _of_cycles() -> tuple[Column, ...]:
    return (
        Column(tr("Cycle")),
        Column(tr("What")),
        Column(tr("Window")),
        Column(tr("Signs")),
        Column(tr("Next")),
        Column(trc("go to it", "Open"), says=False),
    )


def draw(page: ReviewList) -> Component:
    """Return the page."""
    add = [button(tr("Set up a cycle"), "/reviews/cycles/new", "plus-lg")] if page.may_open else []
    said = [notice("check-circle", page.said)] if page.said else []
    return html.Div(
        [page_head(page.head, *add), *said, _open(page), _past(page), _cycles(page)],
        className="pg",
    )


def _open(page: ReviewList) -> Component:
    if not page.open:
        why = tr("Nothing waits for you: no review is open that concerns you.")
        return panel(tr("Open reviews"), "", state_empty(tr("No open review"), why), anchor="open")
    cards = [_card(row) for row in page.open]
    return html.Section(
        [html.H2(tr("Open reviews"), className="sr"), html.Div(cards, className="rv-cards")]
    )


def _card(row: ReviewRow) -> Component:
    told = tr("{done} of {total} KPIs answered", done=row.done, total=row.total)
    part = row.done / row.total if row.total else 0.0
    late = [html.Span(row.due, className="flag bad")] if row.due else []
    mine = [
        html.Span(
            [icon("person"), html.Span(tr("You have {what}", what=row.mine))], className="rv-mine"
        )
    ]
    inside = [
        html.Div([html.H3(row.name), status_pill(row.state)], className="rv-card-head"),
        html.P([row.sub, *([" "] if late else []), *late], className="sub"),
        mini(part, None, told),
        html.Div([html.Span(told), tag(row.kind)], className="rv-card-foot"),
        *(mine if row.mine else []),
    ]
    return link(inside, row.href, "card rv-card")


def _past(page: ReviewList) -> Component:
    if not page.past:
        why = tr("A review that was signed off stays here, as it was.")
        return panel(tr("Past reviews"), "", state_empty(tr("None yet"), why), anchor="past")
    rows = [
        Row(
            [
                link(two_lines(row.name, row.sub), row.href, "tb-link"),
                row.kind,
                status_pill(row.state),
                tr("{done} of {total}", done=row.done, total=row.total),
            ]
        )
        for row in page.past
    ]
    sub = tr("Frozen: nothing of them changes any more.")
    return panel(
        tr("Past reviews"), sub, table(_of_past(), rows, caption=tr("Past reviews")), anchor="past"
    )


def _cycles(page: ReviewList) -> Component:
    sub = tr("How often is reviewed, whose numbers, and who signs.")
    if not page.cycles:
        why = tr("Monthly for the short term, quarterly for the trend, annual for the framework.")
        begin = [send(page.usual, page.csrf, tr("Begin with these three"), "btn btn-primary")]
        state = state_empty(tr("No cycle yet"), why)
        return panel(tr("Cycles"), sub, [state, *(begin if page.usual else [])], anchor="cycles")
    rows = [Row(_cycle(row, page.csrf)) for row in page.cycles]
    return panel(
        tr("Cycles"), sub, table(_of_cycles(), rows, caption=tr("Cycles")), anchor="cycles"
    )


def _cycle(row: CycleRow, csrf: str) -> list[Component | str]:
    opens = [send(row.opens, csrf, tr("Open now"), "btn btn-sm btn-primary")] if row.opens else []
    change = [link(tr("Change"), f"/reviews/cycles/{row.id}", "btn btn-sm")] if row.ends else []
    return [
        two_lines(row.name, row.kind),
        two_lines(row.scope, row.kpis),
        row.window,
        two_lines(row.signer, row.participants) if row.participants else row.signer,
        row.next,
        html.Div([*opens, *_plan(row, csrf), *change], className="rv-acts"),
    ]


def _plan(row: CycleRow, csrf: str) -> list[Component]:
    """Return the form that announces the next review, where there is none to open yet."""
    if not row.plans:
        return []
    period = dcc.Input(type="hidden", name="period", value=row.plan_period)
    button = press(tr("Plan the next review"), csrf, "btn btn-sm")
    return [html.Form([period, button], action=row.plans, method="POST")]
