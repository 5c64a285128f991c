"""Small lines: thirteen points without axes, as wide as what holds them."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.shapes import area, canvas, group, stroke
from layouts.still import Still
from portal.readmodels.cards import Spark

HEIGHT: Final = 44
_WIDE: Final = 100.0
_TOP: Final = 5.0
"""Kept free above and below, so that the dot at the end is not cut."""
_SIDE: Final = 2.4
"""The same at the right, in per cent of the width."""


def sparkline(spark: Spark, *, height: int = HEIGHT, filled: bool = True) -> Component:
    """Return a line with a soft area below it and a dot at its end."""
    places = _places(spark, height)
    held = [place for place in places if place is not None]
    drawn: list[Still] = []
    scale = _scale(spark, height)
    if spark.band and held:
        low, high = (_high(level, scale, height) for level in spark.band)
        band = f"M0 {_at(high)}H{_WIDE:g}V{_at(low)}H0Z"
        drawn.append(area(band, "sp-band"))
    runs = _runs(places)
    if filled and not spark.band:
        drawn += [_area(run, height) for run in runs]
    if spark.dashed is not None and held:
        drawn.append(_dashed(_high(spark.dashed, scale, height)))
    drawn += [_line(run, spark, last=run is runs[-1]) for run in runs]
    return html.Span(
        [
            canvas(drawn, _WIDE, height, "sp-svg"),
            *([_dot(held[-1], open_end=spark.open_end)] if held else []),
        ],
        className="sp",
        style={"height": height},
        role="img",
        **attrs({"aria-label": spark.summary or tr("Trend")}),
    )


def _scale(spark: Spark, height: int) -> tuple[float, float]:
    levels = [*(point for point in spark.points if point is not None), *(spark.band or ())]
    levels += [spark.dashed] if spark.dashed is not None else []
    if not levels:
        return 0.0, 1.0
    low, high = min(levels), max(levels)
    return (low, high) if high > low else (low - height, high + height)


def _high(level: float, scale: tuple[float, float], height: int) -> float:
    low, high = scale
    return height - _TOP - (level - low) / (high - low) * (height - 2 * _TOP)


def _places(spark: Spark, height: int) -> list[tuple[float, float] | None]:
    scale = _scale(spark, height)
    step = (_WIDE - _SIDE) / max(len(spark.points) - 1, 1)
    return [
        None if point is None else (at * step, _high(point, scale, height))
        for at, point in enumerate(spark.points)
    ]


def _runs(places: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def _path(run: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_at(x)} {_at(y)}" for x, y in run)


def _at(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _line(run: list[tuple[float, float]], spark: Spark, *, last: bool) -> Still:
    classes = "sp-line"
    if len(run) == 1:
        # A lone point between gaps is a dash of its own, or it would not be seen.
        run = [(run[0][0] - 1, run[0][1]), (run[0][0] + 1, run[0][1])]
    elif last and spark.open_end and spark.points[-1] is not None:
        until, end = _path(run[:-1]), _path(run[-2:])
        return group(stroke(until, classes), stroke(end, "sp-line sp-open"))
    return stroke(_path(run), classes)


def _dashed(high: float) -> Still:
    return stroke(f"M0 {_at(high)}L{_WIDE:g} {_at(high)}", "sp-dash")


def _area(run: Sequence[tuple[float, float]], height: int) -> Still:
    path = f"{_path(run)}L{_at(run[-1][0])} {height}L{_at(run[0][0])} {height}Z"
    return area(path, "sp-area")


def _dot(place: tuple[float, float], *, open_end: bool) -> Component:
    left, top = place
    return html.Span(
        className="sp-dot sp-dot-open" if open_end else "sp-dot",
        style={"left": f"{_at(left)}%", "top": f"{_at(top)}px"},
    )
