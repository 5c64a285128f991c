"""Parts of a review's page: the last review, actions, what the KPI still needs."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import SOURCE, spoken, tr
from layouts.parts.action_editor import action_editor
from layouts.parts.forms import press
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.people import person
from layouts.parts.pills import status_word
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table
from portal.readmodels.actions import EditorForm
from portal.readmodels.cards import Tone
from portal.readmodels.reviews import (
    ActionLine,
    Check,
    LastReview,
    ReviewPage,
)
from portal.readmodels.tables import Column

_LONGEST = 4000
_CHECKS = {Tone.GOOD: "check-circle-fill", Tone.WATCH: "exclamation-triangle-fill"}
_STEPS = {"done": "check-circle-fill", "now": "pencil", "ahead": "circle"}


def last_panel(last: LastReview, page: ReviewPage) -> Component:
    """Return what the last review said, and what became of its actions."""
    pill = html.Span(last.pill, className="tag")
    columns = [
        Column(tr("Action")),
        Column(tr("Owner")),
        Column(tr("Done or due")),
        Column(tr("State")),
        Column(tr("Did it work?")),
    ]
    rows = [Row(_last_cells(one, page)) for one in last.actions]
    body: list[Component] = []
    if last.disputed:
        body.append(html.P(last.disputed, className="rv-disputed"))
    if rows:
        body.append(table(columns, rows, caption=_caption(last.title)))
    return panel(last.title, last.sub, body, pill=pill, anchor="last")


def _caption(title: str) -> str:
    # Only English writes what stands within a sentence small.
    return tr("Actions {review}", review=title.lower() if spoken() == SOURCE else title)


def _last_cells(one: ActionLine, page: ReviewPage) -> list[Cell]:
    verdict: Cell = html.Span(one.verdict, className="tag") if one.verdict else ""
    if one.carry:
        verdict = _carry(one, page)
    return [link(one.title, one.href, "tb-link"), person(one.owner), one.when,
            status_word(one.state), verdict]  # fmt: skip


def _carry(one: ActionLine, page: ReviewPage) -> Component:
    kept = {"version": str(one.version), "review": page.review, "back": f"/reviews/{page.review}"}
    hidden = [dcc.Input(type="hidden", name=name, value=value) for name, value in kept.items()]
    day = dcc.Input(type="text", name="day", required=True, maxLength=10, placeholder="2026-11-30")
    label = html.Label([tr("New day") + " ", day], className="sub")
    button = press([icon("arrow-right"), tr("Carry over")], page.csrf, "btn btn-sm")
    form = html.Form([*hidden, label, button], action=one.carry, method="POST",
                     className="rv-carry")  # fmt: skip
    return html.Details([html.Summary(tr("Carry over"), className="btn btn-sm"), form])


def actions_panel(actions: Sequence[ActionLine], form: EditorForm | None) -> Component:
    """Return the actions of this review, and the editor of one more."""
    body: list[Component] = [_action(number, one) for number, one in enumerate(actions, 1)]
    if not actions:
        why = tr("A review that ends without an action changes nothing.") if form else ""
        body.append(state_empty(tr("No action yet"), why))
    if form is not None:
        summary = html.Summary([icon("plus-lg"), html.Span(tr("Add action"))], className="btn")
        body.append(html.Details([summary, action_editor(form)], className="rv-add", open=False))
    sub = tr("Say what you expect now; the portal checks it later.")
    return panel(tr("Actions from this review"), sub, body, anchor="actions")


def _action(number: int, one: ActionLine) -> Component:
    return html.Div(
        [
            html.Span(tr("Action {number}", number=number), className="sub"),
            html.Div(
                [
                    link(one.title, one.href, "rv-action-title"),
                    person(one.owner),
                    html.Span(one.when),
                    status_word(one.state),
                ],
                className="rv-action-line",
            ),
            html.P(one.expected, className="sub"),
        ],
        className="rv-action",
    )


def checks_body(checks: tuple[Check, ...], sub: str) -> list[Component]:
    """Return what a KPI still needs, a line each."""
    lines = [
        html.Li(
            [
                icon(_CHECKS.get(one.tone, "circle"), f"rv-sign {one.tone}"),
                html.Span(one.text, className="grow"),
                html.Span(one.side, className="sub"),
            ]
        )
        for one in checks
    ]
    return [html.P(sub, className="pn-sub"), html.Ul(lines, className="rv-checks")]
