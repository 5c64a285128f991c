"""What all figures share: type, axes, hover, and how labels at the right are kept apart."""

from collections.abc import Iterable, Sequence
from html import unescape
from itertools import groupby
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from layouts.parts.attributes import attrs
from portal.readmodels.charts import Axes, Level

Figure = dict[str, Any]

HEIGHT: Final = 320
CONFIG: Final[Any] = {"displayModeBar": False, "responsive": True}
_TOP, _BOTTOM = 12, 40
_LETTER, _GAP = 7, 16
"""About the pixels of a letter of a tick, and what is kept free beside it."""
_RIGHT, _RIGHT_BARE = 90, 12
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LINE: Final = 15
"""How many pixels two labels keep between them."""


def drawn(figure: Figure, summary: str, *, height: int = HEIGHT, key: str = "") -> Component:
    """Return a figure as a graph of a fixed height with one line that says what it shows."""
    graph = dcc.Graph(
        figure=figure, config=CONFIG, style={"height": height}, **attrs({"id": key} if key else {})
    )
    box = html.Div(graph, role="img", **attrs({"aria-label": summary}))
    said = html.Figcaption(summary, className="sr")
    return html.Figure([box, *_key(figure), said], className="chart")


def layout(axes: Axes, *, labels: bool, ends: tuple[float, float]) -> Figure:
    """Return a layout: `labels` keeps room at the right, `ends` are those of the x axis."""
    font = {"family": "Inter, system-ui, sans-serif", "size": 13, "color": "var(--ink)"}
    ticks = {"size": 12, "color": "var(--muted)"}
    levels = [value for value, _ in axes.y]
    return {
        "font": font,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {
            "t": _TOP,
            "b": _BOTTOM,
            "l": _left(axes),
            "r": _RIGHT if labels else _RIGHT_BARE,
        },
        "autosize": True,
        "dragmode": False,
        "hovermode": "x unified",
        "bargap": 0.38,
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": ticks},
        "hoverlabel": {
            "bgcolor": "var(--surface)",
            "bordercolor": "var(--line)",
            "font": {**font, "size": 12},
        },
        "xaxis": {
            **_axis(axes.x),
            "range": list(ends),
            "showgrid": False,
            "tickfont": ticks,
            "unifiedhovertitle": {"text": "<b>%{customdata}</b>"},
        },
        "yaxis": {
            **_axis(axes.y),
            **({"range": [min(levels), max(levels)]} if levels else {}),
            "gridcolor": "var(--grid)",
            "tickfont": ticks,
        },
        "shapes": [],
        "annotations": [],
    }


def line(level: float, colour: str, dash: str, width: float = 1.25) -> Figure:
    """Return a line across the plot."""
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": level, "y1": level,
        "line": {"color": f"var(--{colour})", "width": width, "dash": dash}, "layer": "below",
    }  # fmt: skip


def band(low: float, high: float) -> Figure:
    """Return the soft band between two levels."""
    return {
        "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high,
        "fillcolor": "var(--data)", "opacity": 0.07, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def ribbon(limits: Sequence[tuple[float, float] | None]) -> list[Figure]:
    """Return the soft band between limits that move along with the points, and its two edges."""
    found: list[Figure] = []
    for told, places in groupby(range(len(limits)), lambda at: limits[at] is not None):
        if told:
            held = [(at, *(limits[at] or (0.0, 0.0))) for at in places]
            over = [(at, high) for at, _, high in held]
            under = [(at, low) for at, low, _ in held]
            found.append({
                "type": "path", "path": f"{_way([*over, *reversed(under)])} Z",
                "fillcolor": "var(--data)", "opacity": 0.07, "line": {"width": 0}, "layer": "below",
            })  # fmt: skip
            found += [
                {
                    "type": "path", "path": _way(edge), "layer": "below",
                    "line": {"color": "var(--muted)", "width": 1.25, "dash": "dot"},
                }
                for edge in (over, under)
            ]  # fmt: skip
    return found


def _way(points: Iterable[tuple[int, float]]) -> str:
    """Return a path from point to point, in the units of the axes."""
    return "M " + " L ".join(f"{at},{value!r}" for at, value in points)


def hatched(start: float, end: float, axes: Axes) -> Figure:
    """Return the hatched ground of what has not ended, as wide as from `start` to `end`."""
    low, high = min(value for value, _ in axes.y), max(value for value, _ in axes.y)
    return {
        "type": "bar", "x": [(start + end) / 2], "y": [high - low], "base": [low],
        "width": [end - start], "hoverinfo": "skip", "showlegend": False,
        "marker": {
            "color": "rgba(0,0,0,0)", "line": {"width": 0},
            "pattern": {"shape": "/", "size": 6, "solidity": 0.12, "fgcolor": "var(--rule)",
                        "bgcolor": "rgba(0,0,0,0)"},
        },
    }  # fmt: skip


def label(level: Level, colour: str, shift: float) -> Figure:
    """Return the label of a level at the right of the plot, moved by so many pixels."""
    return {
        "xref": "paper", "x": 1, "y": level.value, "xanchor": "left", "xshift": 8, "yshift": shift,
        "align": "left", "showarrow": False, "text": plain(level.text),
        "font": {"size": 11, "color": f"var(--{colour})"},
    }  # fmt: skip


def apart(values: Sequence[float], axes: Axes, height: int) -> list[float]:
    """Return by how many pixels each label is moved up so that no two stand on each other."""
    scale = pixels(axes, height)
    order = sorted(range(len(values)), key=lambda at: values[at])
    groups: list[tuple[list[int], float]] = []
    for at in order:
        groups.append(([at], values[at] * scale))
        while len(groups) > 1 and _touch(groups[-2], groups[-1]):
            upper, lower = groups.pop(), groups.pop()
            members = [*lower[0], *upper[0]]
            middle = sum(values[each] * scale for each in members) / len(members)
            groups.append((members, middle))
    shifts = [0.0] * len(values)
    for members, middle in groups:
        for place, at in enumerate(members):
            wanted = middle + (place - (len(members) - 1) / 2) * _LINE
            shifts[at] = round(wanted - values[at] * scale, 1)
    return shifts


def pixels(axes: Axes, height: int) -> float:
    """Return how many pixels one of the y axis takes."""
    low, high = min(value for value, _ in axes.y), max(value for value, _ in axes.y)
    return (height - _TOP - _BOTTOM) / ((high - low) or 1.0)


def plain(text: str) -> str:
    """Return text that Plotly takes as text: it reads some HTML in what it draws."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\n", "<br>")


def _left(axes: Axes) -> int:
    """Return the room that the longest tick of the y axis takes."""
    return max((len(text) for _, text in axes.y), default=0) * _LETTER + _GAP


def _key(figure: Figure) -> list[Component]:
    """Return the notes as a list: a phone has room only for a letter at each point."""
    notes = [each for each in figure["layout"]["annotations"] if each["showarrow"]]
    if not notes:
        return []
    lines = [
        html.Li([html.B(f"{letter} "), unescape(note["text"])])
        for letter, note in zip(_LETTERS, notes, strict=False)
    ]
    return [html.Ul(lines, className="chart-key")]


def _touch(lower: tuple[list[int], float], upper: tuple[list[int], float]) -> bool:
    half = (len(lower[0]) + len(upper[0])) / 2 * _LINE
    return upper[1] - lower[1] < half


def _axis(ticks: Sequence[tuple[float, str]]) -> Figure:
    return {
        "tickmode": "array",
        "tickvals": [value for value, _ in ticks],
        "ticktext": [plain(text) for _, text in ticks],
        "zeroline": False,
        "fixedrange": True,
        "showline": False,
        "ticks": "",
        "tickangle": 0,
        "ticklabelstandoff": 6,
    }
