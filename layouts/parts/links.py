"""Links: within the portal they change the address without loading the page again."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from portal.readmodels.cards import Choice

Inside = Component | str | Sequence[Component | str]


def link(children: Inside, href: str, classes: str = "link", title: str = "") -> Component:
    """Return a link to a page of the portal."""
    return dcc.Link(children, href=href, className=classes, title=title or None)


def outward(children: Inside, href: str, classes: str = "link") -> Component:
    """Return a link that leaves the portal, to the record in the CRM."""
    leaving = icon("box-arrow-up-right", "i-sm", tr("opens in a new tab"))
    inside = children if isinstance(children, list) else [children]
    return html.A(
        [*inside, " ", leaving],
        href=href,
        className=classes,
        target="_blank",
        rel="noopener noreferrer",
    )


def fetch(children: Inside, href: str, classes: str = "btn") -> Component:
    """Return a link to a file or another whole page: an export, a print-out."""
    return html.A(children, href=href, className=classes)


def button(text: str, href: str, name: str = "", *, primary: bool = False) -> Component:
    """Return a link that looks like a button, with an icon if one is named."""
    inside: list[Component | str] = [icon(name)] if name else []
    return link([*inside, html.Span(text)], href, "btn btn-primary" if primary else "btn")


def segments(name: str, choices: tuple[Choice, ...], classes: str = "segs") -> Component:
    """Return a row of choices of which one is chosen: Source, Team, Rep, Product."""
    return html.Div(
        [
            link(
                [choice.text, hidden(tr(", chosen"))] if choice.chosen else choice.text,
                choice.href,
                "seg on" if choice.chosen else "seg",
            )
            for choice in choices
        ],
        className=classes,
        role="group",
        **attrs({"aria-label": name}),
    )


def tabs(name: str, choices: tuple[Choice, ...]) -> Component:
    """Return choices as tabs under a line: In words, SQL, Versions."""
    return segments(name, choices, "segs segs-line")


def hidden(text: str) -> Component:
    """Return text that only a screen reader says."""
    return html.Span(text, className="sr")
