"""Cells of heat: five steps of attainment; a bad one has a mark besides its colour."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from layouts.parts.links import hidden, link
from layouts.parts.panels import legend
from portal.readmodels.cards import HeatCell

BAD_LEVELS = 2
_FIGURE = 8
"""The most letters that still read as a figure."""
LEVELS = (
    mark("worst of five"),
    mark("second worst of five"),
    mark("middle of five"),
    mark("second best of five"),
    mark("best of five"),
)


def heat_cell(cell: HeatCell) -> Component:
    """Return a cell; without a level it is a plain figure, with an address a link."""
    inside: list[Component | str] = []
    if cell.level is not None and cell.level < BAD_LEVELS:
        inside.append(html.Span("▾", className="ht-down", **attrs({"aria-hidden": "true"})))
    inside.append(html.Span(cell.text or "\N{EN DASH}", className="ht-text"))
    said = cell.title or (tr(LEVELS[cell.level]) if cell.level is not None else "")
    if said:
        inside.append(hidden(f", {said}"))
    heat = _bare(cell.text) if cell.level is None else f"heat-{cell.level}"
    classes = f"ht {heat}{' ht-open hatch' if cell.open else ''}"
    if cell.href:
        return link(inside, cell.href, classes, cell.title)
    return html.Span(
        inside, className=classes, **attrs({"title": cell.title} if cell.title else {})
    )


def heat_legend(best: str = "") -> Component:
    """Return what the five steps mean; `best` is said of the best one, if not the usual."""
    words = ("< 90 %", "90-95", "95-100", "100-105", best or tr("> 105 % of target"))
    return legend(*((f"heat-{level}", _typeset(word)) for level, word in enumerate(words)))


def _bare(text: str) -> str:
    """Return how a cell without heat looks: words may run over two lines, a figure may not."""
    return "ht-none" if len(text) > _FIGURE or text.isalpha() else "ht-bare"


def _typeset(word: str) -> str:
    return word.replace(" %", "\N{NO-BREAK SPACE}%").replace("-", "\N{EN DASH}")


def flag(name: str, tone: str, text: str) -> Component:
    """Return a short remark with its icon, for the last column of a table."""
    return html.Span([icon(name), html.Span(text)], className=f"flag {tone}")
