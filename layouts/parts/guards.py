"""Alarms of guardrails, as they stand on top of a page."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from layouts.parts.links import link
from portal.readmodels.moved import Guarded


def guard_notices(found: tuple[Guarded, ...]) -> list[Component]:
    """Return a notice for each alarm: the fact, what shows it, and the question to answer."""
    return [_notice(one, at) for at, one in enumerate(found, 1)]


def _notice(one: Guarded, at: int) -> Component:
    lines = html.Ul([html.Li(line) for line in one.evidence], className="mv-evidence")
    words = [
        html.P([html.Strong(tr("Guardrail.") + " "), one.sentence]),
        html.Details(
            [html.Summary(tr("What shows it"), className="link"), lines, html.P(one.question)]
        ),
    ]
    return html.Section(
        [
            icon("shield-exclamation", "fi-icon watch"),
            html.Div(words, className="grow mv-guard"),
            link(one.link, one.href, "link fi-more"),
        ],
        className="card fi fi-due",
        **attrs({"aria-label": tr("Guardrail {number}", number=at)}),
    )
