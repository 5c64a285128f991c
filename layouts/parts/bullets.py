"""Bars from nothing to the end of their scale, with one tick in ink: target, pace or normal."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from portal.readmodels.cards import Bullet, RangeBar, Tone


def bullet(bar: Bullet, *, rest_hatched: bool = False, tick_says: str = "") -> Component:
    """Return a bullet; `rest_hatched` hatches what is not earned, `tick_says` names the tick."""
    inside = [_fill(bar.filled, "data" if bar.tone is Tone.NEUTRAL else bar.tone)]
    if bar.tick is not None:
        says = [html.Span(tick_says, className=f"bl-says{_edge(bar.tick)}")] if tick_says else []
        inside.append(html.Span(says, className="bl-tick", style={"left": per_cent(bar.tick)}))
    classes = "bl bl-hatched" if rest_hatched else "bl"
    return html.Span(
        inside,
        className=f"{classes} bl-said" if tick_says else classes,
        role="img",
        **attrs({"aria-label": bar.summary or tr("Attainment")}),
    )


def range_bar(bar: RangeBar) -> Component:
    """Return a range on its scale, with its tick and a diamond where the value stands."""
    width = per_cent(bar.high - bar.low)
    inside = [html.Span(className="kp-band", style={"left": per_cent(bar.low), "width": width})]
    if bar.tick is not None:
        inside.append(html.Span(className="kp-middle", style={"left": per_cent(bar.tick)}))
    if bar.at is not None:
        inside.append(html.Span(className=f"kp-at {bar.tone}", style={"left": per_cent(bar.at)}))
    return html.Div(inside, className="kp-range", role="img", **attrs({"aria-label": bar.summary}))


def mini(filled: float, tick: float | None, summary: str, tone: str = "data") -> Component:
    """Return a thin bar for a row: an age against its normal, a share."""
    ticks = [] if tick is None else [html.Span(className="bl-tick", style={"left": per_cent(tick)})]
    return html.Span(
        [_fill(filled, tone), *ticks],
        className="bl bl-mini",
        role="img",
        **attrs({"aria-label": summary}),
    )


def per_cent(part: float) -> str:
    """Return a part of a whole as a length, never outside it."""
    return f"{min(max(part, 0.0), 1.0) * 100:.2f}%"


def _edge(tick: float) -> str:
    """Keep the words of a tick inside the bar's ends."""
    near = 0.12
    if tick < near:
        return " bl-first"
    return " bl-last" if tick > 1 - near else ""


def _fill(part: float, tone: str) -> Component:
    return html.Span(className=f"bl-fill bl-{tone}", style={"width": per_cent(part)})
