"""What a page calls itself: its first heading, which titles the browser's window too."""

from dash import html
from dash.development.base_component import Component


def heading_of(drawn: object) -> str:
    """Return the words of the first heading in a drawn page; empty if it has none.

    Pages are looked at as they come from their layout, before what stands still in them is HTML.
    """
    if isinstance(drawn, (list, tuple)):
        return next(filter(None, map(heading_of, drawn)), "")
    if isinstance(drawn, html.H1):
        return _words(drawn).strip()
    return heading_of(getattr(drawn, "children", "")) if isinstance(drawn, Component) else ""


def _words(node: object) -> str:
    if isinstance(node, (list, tuple)):
        return "".join(map(_words, node))
    if isinstance(node, Component):
        return _words(getattr(node, "children", None))
    return node if isinstance(node, str) else ""
