"""Bars of HTML: ranked rows with whiskers, a waterfall, a funnel. They stand before any script."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts.parts.attributes import attrs
from layouts.parts.bullets import per_cent
from layouts.parts.icons import icon
from layouts.parts.links import link
from portal.readmodels.cards import Tone
from portal.readmodels.charts import Bar, BarChart, Fall, Funnel, Stage, Waterfall

_MOST, _LEAST = 0.86, 0.3
"""The most and the least of a waterfall's width that its bars take."""
_WIDE, _LETTER, _MARK = 270, 6.6, 20
"""About the pixels of that width in a panel of half a page, of a letter, and of a mark."""


def bars(chart: BarChart) -> Component:
    """Return ranked bars: name, count, bar with whisker and tick, value, and what stands beside."""
    counts = any(bar.count for bar in chart.bars)
    sides = max((len(bar.sides) for bar in chart.bars), default=0)
    name, bar_at, value = "minmax(64px,max-content)", "minmax(64px,1fr)", "max-content"
    beside = ["minmax(44px,max-content)"] * sides
    wide = [name, *(["max-content"] if counts else []), bar_at, value, *beside]
    # In a narrow panel only the last column beside the value stays.
    narrow = [name, bar_at, value, *beside[:1]]
    head = [_bar_heads(chart.heads, counts=counts)] if chart.heads else []
    rows = [_bar_row(bar, chart.reference, counts=counts) for bar in chart.bars]
    return html.Div(
        [html.P(chart.summary, className="sr"), *head, *rows],
        className="hb",
        style={"--wide": " ".join(wide), "--narrow": " ".join(narrow)},
    )


def waterfall(chart: Waterfall) -> Component:
    """Return steps from one level to the next; only what has a tone takes colour."""
    low, high, starts = _levels(chart)
    scale = ((high - low) or 1.0) / _room(chart.falls, starts, (low, (high - low) or 1.0))
    head: list[Component] = []
    if chart.side_head:
        inside = [html.Span(), html.Span(), html.Span(chart.side_head, className="wf-side")]
        head = [html.Div(inside, className="wf-row wf-head", **attrs({"aria-hidden": "true"}))]
    rows = [
        _fall(fall, ((start - low) / scale, (end - low) / scale), last=at == len(starts) - 1)
        for at, (fall, (start, end)) in enumerate(zip(chart.falls, starts, strict=True))
    ]
    return html.Div([html.P(chart.summary, className="sr"), *head, *rows], className="wf")


def funnel(chart: Funnel) -> Component:
    """Return stages as centred bars, and between them how many moved on."""
    widest = max((stage.count for stage in chart.stages), default=0.0) or 1.0
    rows: list[Component] = []
    for at, stage in enumerate(chart.stages):
        rows.append(_stage(stage, stage.count / widest))
        if at + 1 < len(chart.stages):
            following = chart.stages[at + 1].count / widest
            rows.append(_neck(stage, stage.count / widest, following))
    heads = html.Div(
        [html.Span(), *(html.Span(text) for text in chart.heads)],
        className="fu-row fu-head",
        **attrs({"aria-hidden": "true"}),
    )
    return html.Div([html.P(chart.summary, className="sr"), heads, *rows], className="fu")


def _bar_heads(heads: tuple[str, ...], *, counts: bool) -> Component:
    count = ["hb-side hb-count"] if counts else []
    kinds = ["", *count, "hb-side", "hb-side hb-of", *["hb-side hb-more"] * len(heads)]
    cells = [html.Span(text, className=kind) for text, kind in zip(heads, kinds, strict=False)]
    return html.Div(cells, className="hb-row hb-head", **attrs({"aria-hidden": "true"}))


def _bar_row(bar: Bar, reference: float | None, *, counts: bool) -> Component:
    name: Component | str = link(bar.name, bar.href) if bar.href else bar.name
    cells: list[Component] = [html.Span(name, className="hb-name")]
    if counts:
        cells.append(html.Span(bar.count, className="hb-side hb-count"))
    value = "absence" if bar.hatched or bar.words else "hb-value"
    cells += [_track(bar, reference), html.Span(bar.value, className=value)]
    cells += [html.Span(text, className="hb-side hb-more") for text in bar.sides]
    return html.Div(cells, className="hb-row strong" if bar.strong else "hb-row")


def _track(bar: Bar, reference: float | None) -> Component:
    tone = "hatch" if bar.hatched else "" if bar.tone is Tone.NEUTRAL else bar.tone
    width = 1.0 if bar.hatched else bar.filled
    inside = [html.Span(className=f"hb-fill {tone}".rstrip(), style={"width": per_cent(width)})]
    if reference is not None:
        inside.append(html.Span(className="hb-ref", style={"left": per_cent(reference)}))
    if bar.whisker and not bar.hatched:
        low, high = bar.whisker
        style = {"left": per_cent(low), "width": per_cent(high - low)}
        inside.append(html.Span(className="hb-whisker", style=style))
    if bar.tick is not None:
        inside.append(html.Span(className="hb-tick", style={"left": per_cent(bar.tick)}))
    return html.Span(inside, className="hb-bar", **attrs({"aria-hidden": "true"}))


def _levels(chart: Waterfall) -> tuple[float, float, list[tuple[float, float]]]:
    """Return the ends of the scale, and from where to where each step goes."""
    at = chart.floor
    starts: list[tuple[float, float]] = []
    for fall in chart.falls:
        start = chart.floor if fall.level else at
        at = fall.amount if fall.level else at + fall.amount
        starts.append((start, at))
    ends = [chart.floor, *(end for pair in starts for end in pair)]
    return min(ends), max(ends), starts


def _room(
    falls: Sequence[Fall], starts: Sequence[tuple[float, float]], scale: tuple[float, float]
) -> float:
    """Return which part of the width the bars may take, so that each text fits at its right."""
    low, wide = scale
    shares = [_MOST]
    for fall, ends in zip(falls, starts, strict=True):
        right = (max(ends) - low) / wide
        text = (len(fall.text) * _LETTER + (_MARK if fall.tone is not Tone.NEUTRAL else 0)) / _WIDE
        shares += [(1 - text) / right] if right > 0 else []
    return max(min(shares), _LEAST)


def _fall(fall: Fall, ends: tuple[float, float], *, last: bool) -> Component:
    low, high = sorted(ends)
    tone = "" if fall.tone is Tone.NEUTRAL else fall.tone
    fill = html.Span(
        className=f"wf-fill {tone}".rstrip(),
        style={"left": per_cent(low), "width": per_cent(high - low)},
    )
    mark = [icon("exclamation-triangle-fill", "i-sm")] if tone else []
    first, comma, rest = fall.text.partition(", ")
    text = html.Span(
        [*mark, *([" "] if mark else []), first, html.Span(f"{comma}{rest}", className="wf-more")],
        className=f"wf-text {tone}".rstrip(),
        style={"left": per_cent(high)},
    )
    joint = html.Span(className="wf-link", style={"left": per_cent(ends[1])})
    kind = "wf-end" if fall.level else "wf-down" if fall.amount < 0 else "wf-up"
    cells = [
        html.Span(fall.name, className="wf-name"),
        html.Span([fill, *([] if last else [joint]), text], className="wf-bar"),
        html.Span(fall.side, className="wf-side"),
    ]
    return html.Div(cells, className=f"wf-row {kind}")


def _stage(stage: Stage, part: float) -> Component:
    bar = html.Span(stage.text, className="fu-fill", style={"width": per_cent(part)})
    return html.Div(
        [
            html.Span(stage.name),
            html.Span(bar, className="fu-bar"),
            html.Span(),
            html.Span(_toned(stage.days, stage.days_tone), className="fu-num"),
        ],
        className="fu-row",
    )


def _neck(stage: Stage, above: float, below: float) -> Component:
    left, right = (1 - above) / 2, (1 + above) / 2
    shape = ", ".join(
        f"{per_cent(x)} {y}"
        for x, y in (
            (left, "0"),
            (right, "0"),
            ((1 + below) / 2, "100%"),
            ((1 - below) / 2, "100%"),
        )
    )
    neck = html.Span(className="fu-neck", style={"clipPath": f"polygon({shape})"})
    moved = html.Span(_toned(stage.moved, stage.moved_tone), className="fu-num")
    cells = [html.Span(), html.Span(neck, className="fu-bar"), moved, html.Span()]
    return html.Div(cells, className="fu-row")


def _toned(text: str, tone: Tone) -> Component | str:
    if tone is Tone.NEUTRAL or not text:
        return text
    sign = icon("check-circle-fill" if tone is Tone.GOOD else "exclamation-triangle-fill")
    return html.Span([sign, text], className=f"flag {tone}")
