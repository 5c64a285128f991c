"""The search of a list: a plain form, whose answer is an address."""

from collections.abc import Iterable

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.icons import icon

_LONGEST = 80


def search(
    place: str, field: str, name: str, typed: str, kept: Iterable[tuple[str, str]]
) -> Component:
    """Return the search of the list at `place`, which keeps what else the address says.

    `field` is the id of what one types into, and `name` is what the search is called.
    """
    stay = [dcc.Input(type="hidden", name=word, value=value) for word, value in kept]
    box = dcc.Input(
        id=field,
        type="search",
        name="search",
        value=typed,
        placeholder=name,
        maxLength=_LONGEST,
        className="kp-input",
    )
    send = html.Button([icon("search"), html.Span(tr("Search"))], type="submit", className="btn")
    label = html.Label(name, htmlFor=field, className="sr")
    return html.Form(
        [*stay, label, box, send],
        action=place,
        method="GET",
        className="kp-search",
        role="search",
    )
