"""Lines over time: the chart of individuals with its limits, and plain lines."""

from collections.abc import Sequence

from layouts.charts.template import (
    HEIGHT,
    Figure,
    apart,
    band,
    hatched,
    label,
    layout,
    line,
    pixels,
    plain,
    ribbon,
)
from portal.readmodels.charts import LineChart, Series, XmrChart

_NOTE_MOST = 26
_HALF = 0.5
_NEAR = 5
_RISE = 30


def xmr(chart: XmrChart, *, height: int = HEIGHT) -> Figure:
    """Return an individuals chart: line, limits, band, mean, target, signals, notes."""
    figure = layout(chart.axes, labels=True, ends=(-_HALF, len(chart.values) - _HALF))
    if chart.along:
        figure["shapes"] += ribbon(chart.along)
    elif chart.lower and chart.upper:
        figure["shapes"].append(band(chart.lower.value, chart.upper.value))
    levels = [
        (chart.upper, "muted", "dot", "muted"),
        (chart.mean, "faint", "solid", "muted"),
        (chart.target, "watch", "dash", "watch"),
        (chart.floor, "watch", "dash", "watch"),
        (chart.lower, "muted", "dot", "muted"),
    ]
    held = [(level, stroke, dash, ink) for level, stroke, dash, ink in levels if level]
    across = [one for one in held if not chart.along or one[0] in (chart.target, chart.floor)]
    figure["shapes"] += [line(level.value, stroke, dash) for level, stroke, dash, _ in across]
    shifts = apart([level.value for level, *_ in held], chart.axes, height)
    figure["annotations"] += [
        label(level, ink, shift) for (level, _, _, ink), shift in zip(held, shifts, strict=True)
    ]
    figure["annotations"] += _notes(chart, height)
    return {"data": _traces(chart), "layout": figure}


def lines(chart: LineChart, *, height: int = HEIGHT) -> Figure:
    """Return lines over the same points, the main ones in the colour of data."""
    points = len(chart.names)
    figure = layout(chart.axes, labels=bool(chart.levels), ends=(-_HALF, points - _HALF))
    figure["shapes"] += [line(level.value, "watch", "dash") for level in chart.levels]
    shifts = apart([level.value for level in chart.levels], chart.axes, height)
    figure["annotations"] += [
        label(level, "watch", shift) for level, shift in zip(chart.levels, shifts, strict=True)
    ]
    figure["showlegend"] = len(chart.series) > 1
    if figure["showlegend"]:
        figure["margin"]["t"] += 22
    data = [_line(series, chart.names, at) for at, series in enumerate(chart.series)]
    if chart.open_end and points:
        data.insert(0, hatched(points - 1 - _HALF, points - _HALF, chart.axes))
    return {"data": data, "layout": figure}


def _line(series: Series, names: Sequence[str], at: int) -> Figure:
    colour = "var(--data)" if series.main and at == 0 else "var(--data-2)"
    return {
        **_scatter(series.values, series.texts, names),
        "name": plain(series.name),
        "hovertemplate": f"{plain(series.name)} <b>%{{text}}</b><extra></extra>",
        "mode": "lines",
        "line": {"color": colour, "width": 2, "dash": "dot" if series.dashed else "solid"},
    }


def _traces(chart: XmrChart) -> list[Figure]:
    last = len(chart.values) - 1
    closed = chart.values[:last] if chart.open_end else chart.values
    main = {
        **_scatter(closed, chart.texts, chart.names),
        "mode": "lines+markers",
        "line": {"color": "var(--data)", "width": 2},
        "marker": _marker("data", 7),
        # The browser's script goes there when a point is clicked.
        **({"ids": list(chart.links[: len(closed)])} if chart.links else {}),
    }
    data = [main]
    if chart.open_end and last >= 0:
        data = [hatched(last - _HALF, last + _HALF, chart.axes), main, *_open(chart)]
    runs = [at for at in chart.signals if at in chart.runs]
    beyond = [at for at in chart.signals if at not in chart.runs]
    if runs:
        # A long run is one signal of many points: their marks are hollow.
        data.append(_signals(chart, runs, "surface", "bad"))
    if beyond:
        data.append(_signals(chart, beyond, "bad", "surface"))
    return data


def _open(chart: XmrChart) -> list[Figure]:
    """Return the dashed way to the open point, and the point as a ring."""
    last = len(chart.values) - 1
    if chart.values[last] is None:
        return []
    way = {
        "type": "scatter", "x": [last - 1, last], "y": list(chart.values[last - 1 :]),
        "mode": "lines", "hoverinfo": "skip",
        "line": {"color": "var(--data)", "width": 1.5, "dash": "dot"},
    }  # fmt: skip
    ring = {
        **_scatter([chart.values[last]], [chart.texts[last]], [chart.names[last]], start=last),
        "mode": "markers",
        "marker": {"size": 9, "color": "var(--surface)",
                   "line": {"color": "var(--data)", "width": 2}},
        **({"ids": [chart.links[last]]} if chart.links else {}),
    }  # fmt: skip
    return [way, ring]


def _signals(chart: XmrChart, places: Sequence[int], fill: str, edge: str) -> Figure:
    line = {"color": f"var(--{edge})", "width": 1.5}
    return {
        "type": "scatter",
        "x": list(places),
        "y": [chart.values[at] for at in places],
        "mode": "markers",
        "hoverinfo": "skip",
        "marker": {**_marker(fill, 13), "symbol": "diamond", "line": line},
        "cliponaxis": False,
    }


def _scatter(
    values: Sequence[float | None], texts: Sequence[str], names: Sequence[str], *, start: int = 0
) -> Figure:
    count = len(values)
    return {
        "type": "scatter",
        "x": list(range(start, start + count)),
        "y": list(values),
        "text": [plain(text) for text in texts[:count]],
        "customdata": [plain(name) for name in names[:count]],
        "hovertemplate": "<b>%{text}</b><extra></extra>",
        "connectgaps": False,
        "cliponaxis": False,
    }


def _marker(colour: str, size: int) -> Figure:
    return {
        "size": size,
        "color": f"var(--{colour})",
        "line": {"color": "var(--surface)", "width": 1.5},
    }


def _notes(chart: XmrChart, height: int) -> list[Figure]:
    notes = []
    scale = pixels(chart.axes, height)
    for at, text in chart.notes:
        if not 0 <= at < len(chart.values) or chart.values[at] is None:
            continue
        short = text if len(text) <= _NOTE_MOST else f"{text[: _NOTE_MOST - 1]}…"
        # The box hangs above its neighbours, so that it hides none of them.
        near = [
            value
            for value in chart.values[max(at - _NEAR, 0) : at + _NEAR + 1]
            if value is not None
        ]
        rise = (max(near) - (chart.values[at] or 0.0)) * scale + _RISE
        notes.append(_note((at, chart.values[at]), short, rise, last=len(chart.values) - 1))
    return notes


def _note(point: tuple[int, float | None], text: str, rise: float, *, last: int) -> Figure:
    at, value = point
    # At the edges a box hangs to the inside, so that none of it is cut.
    side = "left" if at <= last / 6 else "right" if at >= last * 5 / 6 else "center"
    return {
        "x": at, "y": value, "text": plain(text), "showarrow": True, "arrowhead": 0,
        "arrowwidth": 1, "arrowcolor": "var(--faint)", "ax": 0, "ay": -round(rise), "standoff": 7,
        "xanchor": side, "bgcolor": "var(--surface)", "bordercolor": "var(--line)",
        "borderwidth": 1, "borderpad": 4, "font": {"size": 11, "color": "var(--ink)"},
    }  # fmt: skip
