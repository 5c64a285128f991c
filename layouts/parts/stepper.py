"""Steps done of steps to do, as short bars."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs


def stepper(done: int, of: int, word: str = "", *, now: bool = False) -> Component:
    """Return `of` bars with `done` filled; `now` marks only the last one as the stage reached."""
    bars = [
        html.Span(className=_step(step, done, now=now), **attrs({"aria-hidden": "true"}))
        for step in range(1, of + 1)
    ]
    said = word or tr("{done} of {total}", done=done, total=of)
    text = html.Span(said, className="" if word else "sr")
    return html.Span([html.Span(bars, className="st-bars"), text], className="st")


def _step(step: int, done: int, *, now: bool) -> str:
    if step > done:
        return "st-step"
    return "st-step st-past" if now and step < done else "st-step st-done"
