"""A replaced KPI and its successor over time: the parallel run as a band, the gap at its end."""

from kpi_engine.language import tr
from layouts.charts.template import HEIGHT, Figure, layout, plain
from portal.readmodels.bridges import BridgeChart
from portal.readmodels.charts import Series

_HALF = 0.5
_LEGEND = 22


def bridge(chart: BridgeChart, *, height: int = HEIGHT) -> Figure:
    """Return the chart: the old line dashed, the new one solid, the shared periods as a band."""
    del height
    figure = layout(
        chart.axes, labels=chart.gap is not None, ends=(-_HALF, len(chart.names) - _HALF)
    )
    figure["showlegend"] = True
    figure["margin"]["t"] += _LEGEND
    if chart.shared is not None:
        figure["shapes"].append(_band(*chart.shared))
        figure["annotations"].append(_named(chart, *chart.shared))
    data = [_line(series, chart.names) for series in chart.series]
    if chart.gap is not None:
        at, old, new, text = chart.gap
        figure["shapes"].append(_rod(at, old, new))
        figure["annotations"].append(_gap(chart, text))
    return {"data": data, "layout": figure}


def _line(series: Series, names: tuple[str, ...]) -> Figure:
    colour = "data" if series.main else "data-2"
    return {
        "type": "scatter",
        "x": list(range(len(series.values))),
        "y": list(series.values),
        "text": [plain(text) for text in series.texts],
        "customdata": [plain(name) for name in names],
        "name": plain(series.name),
        "hovertemplate": f"{plain(series.name)} <b>%{{text}}</b><extra></extra>",
        "mode": "lines+markers",
        "connectgaps": False,
        "cliponaxis": False,
        "line": {
            "color": f"var(--{colour})",
            "width": 2,
            "dash": "dash" if series.dashed else "solid",
        },
        "marker": {
            "size": 7,
            "symbol": "circle-open" if series.dashed else "circle",
            "color": f"var(--{colour})",
        },
    }


def _band(first: int, last: int) -> Figure:
    return {
        "type": "rect", "yref": "paper", "y0": 0, "y1": 1, "x0": first - _HALF, "x1": last + _HALF,
        "fillcolor": "var(--data)", "opacity": 0.07, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def _named(chart: BridgeChart, first: int, last: int) -> Figure:
    """Return what the band is, at its top or its foot: where the lines leave more room."""
    low, high = min(value for value, _ in chart.axes.y), max(value for value, _ in chart.axes.y)
    told = [
        value
        for line in chart.series
        for value in line.values[first : last + 1]
        if value is not None
    ]
    top = bool(told) and high - max(told) > min(told) - low
    return {
        "x": (first + last) / 2, "yref": "paper", "y": int(top),
        "yanchor": "top" if top else "bottom",
        "xanchor": "center", "showarrow": False, "text": tr("Both told"),
        "font": {"size": 11, "color": "var(--muted)"},
    }  # fmt: skip


def _rod(at: int, old: float, new: float) -> Figure:
    """Return the upright between the two values at the hand-over."""
    return {
        "type": "line", "x0": at, "x1": at, "y0": old, "y1": new,
        "line": {"color": "var(--watch)", "width": 2},
    }  # fmt: skip


def _gap(chart: BridgeChart, text: str) -> Figure:
    """Return the words of the gap, right of the plot, so that they hide no line."""
    assert chart.gap is not None  # noqa: S101 - it is drawn only where there is one
    _, old, new, _ = chart.gap
    size, _, way = text.rpartition(" ")
    return {
        "xref": "paper", "x": 1, "y": (old + new) / 2, "xanchor": "left", "xshift": 8,
        "align": "left", "showarrow": False, "text": plain(f"{size}\n{way}".strip()),
        "font": {"size": 11, "color": "var(--watch)"},
    }  # fmt: skip
