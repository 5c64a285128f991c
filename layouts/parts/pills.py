"""Statuses, changes, tags: colour always with an icon and a word."""

from typing import Final

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from portal.readmodels.cards import Change, Status, Tone

ICONS: Final = {
    Tone.GOOD: "check-circle-fill",
    Tone.WATCH: "exclamation-triangle-fill",
    Tone.BAD: "x-circle-fill",
    Tone.NEUTRAL: "dash-circle",
}


def status_pill(status: Status) -> Component:
    """Return a status as a pill in its soft colour; its word may be one that is marked only."""
    inside = [icon(status.icon or ICONS[status.tone]), html.Span(tr(status.word))]
    return html.Span(inside, className=f"pill pill-{status.tone}")


def status_word(status: Status) -> Component:
    """Return a status as an icon and a word without a ground, for rows of a table."""
    inside = [icon(status.icon or ICONS[status.tone]), html.Span(tr(status.word))]
    return html.Span(inside, className=f"flag {status.tone}")


def tag(text: str, name: str = "") -> Component:
    """Return a small grey tag: Outcome, Shared, Monthly."""
    return html.Span([*([icon(name)] if name else []), html.Span(text)], className="tag")


def change(made: Change) -> Component:
    """Return a change: an arrow for its sign, the colour for its goodness, what it is against."""
    arrow = {True: "arrow-up-right", False: "arrow-down-right"}.get(made.up is True)
    inside: list[Component | str] = []
    if made.up is not None and arrow:
        inside.append(icon(arrow))
    inside.append(html.Span(made.text, className="change-by"))
    against = [html.Span(f" {made.against}", className="change-of")] if made.against else []
    figure = html.Span(inside, className=f"change-at {made.tone}")
    return html.Span([figure, *against], className="change")


def confidence(bars: int, word: str, *, whole: bool = False) -> Component:
    """Return how sure a number is: three bars and a word; no bar is on where nobody can tell."""
    heights = [
        html.Span(className="cf-bar on" if bar <= bars else "cf-bar", style={"height": 2 + 3 * bar})
        for bar in (1, 2, 3)
    ]
    signal = html.Span(
        heights,
        className="cf-bars watch" if bars == 1 else "cf-bars",
        **attrs({"aria-hidden": "true"}),
    )
    around = tr("{level} confidence") if bars else tr("Confidence: {level}")
    before, _, after = around.partition("{level}")
    said = html.Span([*_beside(before, whole=whole), word, *_beside(after, whole=whole)])
    return html.Span([signal, said], className="cf")


def _beside(text: str, *, whole: bool) -> list[Component]:
    return [html.Span(text, className="" if whole else "sr")] if text else []
