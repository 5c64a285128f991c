"""The words of the owners of a shared KPI, and the forms by which they say them."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts import ids
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from layouts.parts.panels import panel
from layouts.parts.people import avatar
from layouts.parts.pills import status_pill
from portal.readmodels.reviews import (
    WordCard,
    Words,
)

_LONGEST = 4000


def words_panel(words: Words) -> Component:
    """Return each owner's word, what was said to a disagreement, and what may be said now."""
    warn = (
        html.Span([icon("exclamation-triangle-fill"), html.Span(words.pill)],
                  className="pill pill-watch")
        if words.pill
        else None
    )  # fmt: skip
    body: list[Component] = [html.Div([_word(one) for one in words.cards], className="rv-words")]
    body += [
        html.Div([html.Strong(who), html.P(text)], className="rv-reply")
        for who, text in words.replies
    ]
    if words.speaks:
        body.append(_speak())
    if words.replying:
        body.append(_typed("reply", tr("Reply to the disagreement"), tr("Reply"), "chat-left-text"))
    if words.settling:
        body.append(_typed("settle", tr("How was it settled?"), tr("Settle"), "check-lg"))
    return panel(words.title, words.sub, body, pill=warn, anchor="words")


def _word(one: WordCard) -> Component:
    head = html.Div(
        [
            avatar(one.name),
            html.Div(
                [
                    html.Div([html.Strong(one.name), html.Span(f" {one.percent}")]),
                    html.Span(one.sub, className="sub"),
                ],
                className="grow stack",
            ),
            status_pill(one.pill),
        ],
        className="rv-word-head",
    )
    text = [html.P(one.text)] if one.text else []
    return html.Div(
        [head, *text, html.P(one.foot, className="sub")],
        className="rv-word rv-warns" if one.disputed else "rv-word",
    )


def _speak() -> Component:
    told = (
        ("reason", tr("the reason"), tr("Disagree about the reason")),
        ("number", tr("the number"), tr("Disagree about the number")),
        ("split", tr("the split"), tr("Disagree about the split")),
    )
    about = [
        html.Label([_box(value, whole), html.Span(text)], className="rv-about")
        for value, text, whole in told
    ]
    return html.Div(
        [
            html.H3(tr("Your word to the whole number")),
            said_area("speak", tr("What do you see differently, and why? Empty if you agree.")),
            html.Div(
                [
                    html.Span(tr("I disagree about"), className="sub"),
                    *about,
                    html.Span(className="grow"),
                    _send("agree", tr("I agree"), "check-lg", "btn"),
                    _send("disagree", tr("I disagree"), "exclamation-triangle-fill", "btn"),
                ],
                className="rv-speak-foot",
            ),
        ],
        className="rv-speak",
    )


def _box(value: str, said: str) -> Component:
    return html.Button(
        icon("check-lg"),
        type="button",
        className="rv-box",
        role="checkbox",
        **attrs({"aria-checked": "false", "data-review-about": value,
                 "aria-label": said}),
    )  # fmt: skip


def _typed(move: str, hint: str, text: str, name: str) -> Component:
    return html.Div(
        [said_area(move, hint), _send(move, text, name, "btn")], className="rv-speak rv-in-line"
    )


def said_area(move: str, hint: str) -> Component:
    """Return the field of what is said with a move."""
    area = dcc.Textarea(
        id=ids.review_field(f"say-{move}"), value="", maxLength=_LONGEST, rows=2,
        placeholder=hint, className="rv-area",
    )  # fmt: skip
    label = html.Label(hint, htmlFor=ids.review_field(f"say-{move}"), className="sr")
    return html.Div([label, area], className="rv-field grow", **attrs({"data-review-say": move}))


def _send(move: str, text: str, name: str, classes: str) -> Component:
    return html.Button(
        [icon(name), html.Span(text)],
        type="button",
        className=classes,
        **attrs({"data-review-move": move}),
    )
