"""A number before and after something was done, and what the time before led to expect."""

from kpi_engine.language import tr
from layouts.charts.template import HEIGHT, Figure, apart, hatched, label, layout, plain
from portal.readmodels.actions import EffectChart
from portal.readmodels.charts import Level

_HALF = 0.5


def effects(chart: EffectChart, *, height: int = HEIGHT) -> Figure:
    """Return the chart: the number, what was expected with its limits, when it was done."""
    count = len(chart.values)
    figure = layout(chart.axes, labels=True, ends=(-_HALF, count - _HALF))
    figure["shapes"].append(_since(chart))
    figure["annotations"] += [*_labels(chart, height), _done(chart)]
    data: list[Figure] = []
    if chart.done < chart.after:
        data.append(hatched(chart.done - _HALF, chart.after - _HALF, chart.axes))
    return {"data": [*data, *_expected(chart), _values(chart)], "layout": figure}


def _values(chart: EffectChart) -> Figure:
    return {
        "type": "scatter",
        "x": list(range(len(chart.values))),
        "y": list(chart.values),
        "text": [plain(text) for text in chart.texts],
        "customdata": [plain(name) for name in chart.names],
        "hovertemplate": "<b>%{text}</b><extra></extra>",
        "mode": "lines+markers",
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": "var(--data)", "width": 2},
        "marker": {
            "size": 7,
            "color": "var(--data)",
            "line": {"color": "var(--surface)", "width": 1.5},
        },
    }


def _expected(chart: EffectChart) -> list[Figure]:
    """Return the line of what was expected, and its limits from when it was done on."""
    told = [at for at, one in enumerate(chart.expected) if one is not None]
    if not told:
        return []
    later = [at for at in told if at >= chart.done]
    around = [*later, *reversed(later)]
    edge = [*(chart.high[at] for at in later), *(chart.low[at] for at in reversed(later))]
    area = {
        "type": "scatter", "x": around, "y": edge, "mode": "lines", "line": {"width": 0},
        "fill": "toself", "fillcolor": "var(--watch)", "opacity": 0.16, "hoverinfo": "skip",
    }  # fmt: skip
    way = {
        "type": "scatter", "x": told, "y": [chart.expected[at] for at in told], "mode": "lines",
        "line": {"color": "var(--watch)", "width": 1.5, "dash": "dash"}, "hoverinfo": "skip",
    }  # fmt: skip
    return [area, way]


def _since(chart: EffectChart) -> Figure:
    at = chart.done - _HALF
    return {
        "type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at,
        "line": {"color": "var(--faint)", "width": 1.25}, "layer": "below",
    }  # fmt: skip


def _done(chart: EffectChart) -> Figure:
    return {
        "x": chart.done - _HALF, "yref": "paper", "y": 1, "yanchor": "top", "xanchor": "right",
        "xshift": -6, "showarrow": False, "text": tr("Done"),
        "font": {"size": 11, "color": "var(--muted)"},
    }  # fmt: skip


def _labels(chart: EffectChart, height: int) -> list[Figure]:
    """Return at the right what the number is, what was expected, and its limits."""
    last = [one[-1] for one in (chart.expected, chart.low, chart.high)]
    words = (tr("Expected"), tr("Lower limit"), tr("Upper limit"))
    held = [Level(one, word) for one, word in zip(last, words, strict=True) if one is not None]
    if chart.values and chart.values[-1] is not None:
        held.append(Level(chart.values[-1], chart.texts[-1]))
    shifts = apart([one.value for one in held], chart.axes, height)
    inks = ["data" if one.text == chart.texts[-1] else "watch" for one in held]
    return [label(one, ink, by) for one, ink, by in zip(held, inks, shifts, strict=True)]
