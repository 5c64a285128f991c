"""The page of reviews: open ones first with progress, then those that ended, then the cycles."""

from dash import dcc, html
from dash.development.base_component import Component

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

_PAST = (Column("Review"), Column("How often"), Column("State"), Column("KPIs"))
_CYCLES = (
    Column("Cycle"),
    Column("What"),
    Column("Window"),
    Column("Signs"),
    Column("Next"),
    Column("Open", says=False),
)


def draw(page: ReviewList) -> Component:
    """Return the page."""
    add = [button("Set up a cycle", "/reviews/cycles/new", "plus-lg")] if page.may_open else []
    said = [notice("check-circle", page.said)] if page.said else []
    return html.Div(
        [page_head(page.head, *add), *said, _open(page), _past(page), _cycles(page)],
        className="pg",
    )


def _open(page: ReviewList) -> Component:
    if not page.open:
        why = "Nothing waits for you: no review is open that concerns you."
        return panel("Open reviews", "", state_empty("No open review", why), anchor="open")
    cards = [_card(row) for row in page.open]
    return html.Section(
        [html.H2("Open reviews", className="sr"), html.Div(cards, className="rv-cards")]
    )


def _card(row: ReviewRow) -> Component:
    told = f"{row.done} of {row.total} KPIs answered"
    part = row.done / row.total if row.total else 0.0
    late = [html.Span(row.due, className="flag bad")] if row.due else []
    mine = [html.Span([icon("person"), html.Span(f"You have {row.mine}")], className="rv-mine")]
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
        why = "A review that was signed off stays here, as it was."
        return panel("Past reviews", "", state_empty("None yet", why), anchor="past")
    rows = [
        Row(
            [
                link(two_lines(row.name, row.sub), row.href, "tb-link"),
                row.kind,
                status_pill(row.state),
                f"{row.done} of {row.total}",
            ]
        )
        for row in page.past
    ]
    sub = "Frozen: nothing of them changes any more."
    return panel("Past reviews", sub, table(_PAST, rows, caption="Past reviews"), anchor="past")


def _cycles(page: ReviewList) -> Component:
    sub = "How often is reviewed, whose numbers, and who signs."
    if not page.cycles:
        why = "Monthly for the short term, quarterly for the trend, annual for the framework."
        begin = [send(page.usual, page.csrf, "Begin with these three", "btn btn-primary")]
        state = state_empty("No cycle yet", why)
        return panel("Cycles", sub, [state, *(begin if page.usual else [])], anchor="cycles")
    rows = [Row(_cycle(row, page.csrf)) for row in page.cycles]
    return panel("Cycles", sub, table(_CYCLES, rows, caption="Cycles"), anchor="cycles")


def _cycle(row: CycleRow, csrf: str) -> list[Component | str]:
    opens = [send(row.opens, csrf, "Open now", "btn btn-sm btn-primary")] if row.opens else []
    change = [link("Change", f"/reviews/cycles/{row.id}", "btn btn-sm")] if row.ends else []
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
    button = press("Plan the next review", csrf, "btn btn-sm")
    return [html.Form([period, button], action=row.plans, method="POST")]
