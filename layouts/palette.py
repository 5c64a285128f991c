"""The results of the command palette, as links that the arrows walk through."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.icons import icon
from layouts.parts.links import link
from portal.readmodels.kpi_page import Hit


def results(hits: tuple[Hit, ...], typed: str) -> list[Component]:
    """Return the hits as rows; without any it says so."""
    if not hits:
        told = tr("Nothing fits '{typed}'.", typed=typed) if typed else tr("Type a few letters.")
        return [html.P(told, className="pal-none muted")]
    return [_row(hit) for hit in hits]


def _row(hit: Hit) -> Component:
    words = [
        icon(hit.icon or "file-text"),
        html.Span(hit.text, className="grow"),
        html.Span(hit.sub, className="sub"),
    ]
    return link(words, hit.href, "pal-row")
