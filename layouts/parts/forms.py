"""Forms that the browser sends by itself, without script: the button carries the token."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

Inside = str | Sequence[Component | str]


def press(inside: Inside, csrf: str, classes: str = "btn") -> Component:
    """Return the button that sends the form it stands in.

    Its own name and value are the token that the server asks for, and go with the form.
    """
    return html.Button(inside, type="submit", name="csrf_token", value=csrf, className=classes)


def send(action: str, csrf: str, inside: Inside, classes: str = "btn") -> Component:
    """Return a form that is nothing but its button: what it does is in its address."""
    return html.Form(press(inside, csrf, classes), action=action, method="POST")
