"""The forecast of a period as SVG: it stands in the first HTML and needs no script."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts.parts.attributes import attrs
from layouts.parts.bullets import per_cent
from layouts.parts.shapes import area, canvas, stroke
from layouts.still import Still
from portal.readmodels.leader_home import ForecastChart

_SIZE = 100.0
_FEW = 2
_GAP, _LETTER = 12, 8
"""Pixels left of the plot: beside the words of the axis, and for each of their letters."""


def forecast_chart(chart: ForecastChart) -> Component:
    """Return what was won, promised and may be expected; what has not happened is hatched."""
    plot = html.Div(
        [
            *[_grid(at) for at, _ in chart.ticks],
            html.Span(className="fc-ahead hatch", style={"left": per_cent(chart.now)}),
            _lines(chart),
            html.Span(className="fc-now", style={"left": per_cent(chart.now)}),
            *_marks(chart),
            *[
                html.Span(text, className="fc-tick", style={"bottom": per_cent(at)})
                for at, text in chart.ticks
            ],
            *[
                html.Span(text, className="fc-day", style={"left": per_cent(at)})
                for at, text in chart.days
            ],
            *[
                html.Span(
                    label.text,
                    className=f"fc-label {label.kind}",
                    style={"bottom": per_cent(label.at)},
                )
                for label in chart.labels
            ],
        ],
        className="fc-plot",
    )
    longest = max((len(text) for _, text in chart.ticks), default=0)
    room = {"paddingLeft": f"{_GAP + _LETTER * longest}px"}
    told = attrs({"aria-label": chart.summary})
    return html.Div(plot, className="fc", style=room, role="img", **told)


def _grid(at: float) -> Component:
    return html.Span(className="fc-grid", style={"bottom": per_cent(at)})


def _lines(chart: ForecastChart) -> Component:
    drawn: list[Still] = []
    if chart.fan is not None:
        low, middle, high = chart.fan
        x, y = chart.now, chart.won[-1][1] if chart.won else 0.0
        drawn.append(area(f"{_path([(x, y), (1.0, high), (1.0, low)])}Z", "fc-fan"))
        drawn.append(stroke(_path([(x, y), (1.0, middle)]), "fc-model"))
    if chart.target is not None:
        drawn.append(stroke(_path([(0.0, chart.target), (1.0, chart.target)]), "fc-target"))
    if chart.said:
        drawn.append(stroke(_steps(chart.said), "fc-said"))
        last = chart.said[-1][1]
        drawn.append(stroke(_path([(chart.now, last), (1.0, last)]), "fc-said fc-dots"))
    if chart.won:
        points = chart.won if chart.won[0][0] == 0 else ((0.0, 0.0), *chart.won)
        drawn.append(stroke(_steps(points) if len(points) < _FEW else _path(points), "fc-won"))
    return canvas(drawn, _SIZE, _SIZE, "fc-svg")


def _marks(chart: ForecastChart) -> list[Component]:
    height = chart.won[-1][1] if chart.won else 0.0
    place = {"left": per_cent(chart.now), "bottom": per_cent(height)}
    found: list[Component] = [html.Span(className="fc-dot", style=place)]
    if chart.today:
        right = _beside(chart.now)
        # Under a point at the bottom the words would stand on those of the axis.
        over = " fc-over" if height < 0.12 else ""  # noqa: PLR2004 - no room below
        found.append(html.Span(chart.today, className=f"fc-today{right}{over}", style=place))
    return found


_NO_ROOM, _LITTLE_ROOM = 0.6, 0.35
"""From which part of the width on the words of today stand left of it, and on a phone across it."""


def _beside(now: float) -> str:
    if now > _NO_ROOM:
        return " fc-left"
    return " fc-mid" if now > _LITTLE_ROOM else ""


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x * _SIZE:.2f} {(1 - y) * _SIZE:.2f}" for x, y in points)


def _steps(points: Sequence[tuple[float, float]]) -> str:
    found = [points[0]]
    for point in points[1:]:
        found += [(point[0], found[-1][1]), point]
    return _path(found)
