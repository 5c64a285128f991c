"""Menus: a button that opens a list of links, without any script."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.icons import icon
from layouts.parts.links import hidden, link
from portal.readmodels.cards import Choice, Menu


def menu(shown: Menu) -> Component:
    """Return a menu that changes the address: a period, a team, a split."""
    sign = [icon(shown.icon)] if shown.icon else []
    button = html.Summary(
        [*sign, hidden(f"{shown.name}: "), html.Span(shown.label), icon("chevron-down", "i-sm")],
        className="btn",
    )
    rows = [_row(choice) for choice in shown.choices]
    return html.Details([button, html.Div(rows, className="menu-list")], className="menu")


def _row(choice: Choice) -> Component:
    mark = [icon("check-lg", label=tr("chosen"))] if choice.chosen else []
    return link([choice.text, *mark], choice.href, "menu-row on" if choice.chosen else "menu-row")
