"""The bar at the foot of a review, and both texts where two people wrote the same field."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.pages.review_words import said_area
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from portal.readmodels.reviews import (
    Bar,
    ClashText,
    MoveButton,
    StepMark,
)

_REASONS = "review-reasons"
"""What an idle button is described by."""
_STEPS = {"done": "check-circle-fill", "now": "pencil", "ahead": "circle"}


def bar(told: Bar, said: str = "", *, wrong: bool = False) -> Component:
    """Return the bar at the foot; `said` is what was just done, or why it was not."""
    steps = html.Ol([_step(one) for one in told.steps], className="rv-bar-steps")
    words = [steps, html.P([icon("database-check"), html.Span(told.saved)], className="sub")]
    reasons = [html.P(reason, className="rv-reason") for reason in told.reasons]
    if reasons:
        words.append(html.Div(reasons, id=_REASONS, className="rv-reasons"))
    if told.next:
        words.append(html.P(told.next, className="rv-reason rv-next"))
    if said:
        words.append(
            html.P(said, className="rv-reason bad" if wrong else "rv-reason", role="alert")
        )
    buttons = [_button(one) for one in told.buttons]
    return html.Section(
        [html.Div(words, className="grow"), html.Div(buttons, className="rv-bar-buttons")],
        className="card rv-bar",
        **attrs({"aria-label": tr("Where this KPI stands")}),
    )


def _step(one: StepMark) -> Component:
    return html.Li(
        [icon(_STEPS[one.stands]), html.Span(one.text)],
        className=f"rv-step rv-step-{one.stands}",
    )


def _button(one: MoveButton) -> Component:
    classes = "btn btn-primary" if one.primary else "btn"
    marks: dict[str, str | int] = {"data-review-move": one.move}
    if one.off:
        # It stays in reach of the keyboard, so that the reasons are read with it.
        classes += " rv-off"
        marks |= {"aria-disabled": "true", "aria-describedby": _REASONS}
    before, text = _before(one)
    button = html.Button(
        [icon(one.icon), html.Span(text)], type="button", className=classes, **attrs(marks)
    )
    if not before:
        return button
    # The one that opens it is the primary one, until it is open.
    summary = html.Summary([icon(one.icon), html.Span(one.text)], className=classes)
    return html.Details(
        [summary, html.Div([*before, button], className="rv-ask")], className="rv-more"
    )


def _before(one: MoveButton) -> tuple[list[Component], str]:
    """Return what is read or typed before a button is pressed, and what the button then says."""
    if one.asks:
        return [said_area(one.move, one.asks)], tr("Send it with this note")
    if one.tells:
        told = html.Ul([html.Li(line) for line in one.tells], className="rv-foretold")
        return [told], one.confirms
    return [], one.text


def clashes(found: Sequence[ClashText]) -> list[Component]:
    """Return both texts of each field that two people wrote; the person picks or merges."""
    if not found:
        return []
    told = tr(
        "Somebody else saved this meanwhile. Nothing was overwritten and nothing is lost: take what"
        " stands, or merge the two in the field above and keep that."
    )
    rows = [_clash(one) for one in found]
    return [
        html.Section(
            [html.H2(tr("Two of you wrote this")), html.P(told), *rows],
            className="card pn rv-clash",
            role="alert",
        )
    ]


def _clash(one: ClashText) -> Component:
    both = [
        _version(tr("What stands now"), one.theirs, one.field, "theirs", tr("Take this")),
        _version(tr("What you typed"), one.mine, one.field, "mine", tr("Keep what is in my field")),
    ]
    return html.Div(
        [html.H3(one.name), html.Div(both, className="rv-two")],
        className="rv-clash-of",
        **attrs({"data-theirs": one.theirs}),
    )


def _version(title: str, text: str, field: str, which: str, take: str) -> Component:
    marks = attrs({"data-review-take": field, "data-which": which})
    return html.Div(
        [
            html.Span(title, className="sub"),
            html.P(text or tr("Empty"), className="rv-said"),
            html.Button(take, type="button", className="btn btn-sm", **marks),
        ],
        className="rv-version",
    )
