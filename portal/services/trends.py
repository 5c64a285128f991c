"""Trend panels: a KPI over months beside a second one or itself a year before, and a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.reading import State
from portal.readmodels.charts import Axes, LineChart, Series
from portal.readmodels.company import Trend
from portal.readmodels.formats import Formats
from portal.services import stories
from portal.services.addresses import kpi_page
from portal.services.numbers import Point
from portal.services.standings import Standing

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a panel draws: the KPI that it is about, and what stands beside it."""

    key: str
    title: str
    kpi: str
    instead: str = ""
    """A KPI of the same meaning for who has no numbers of the first."""
    beside: str = ""
    """A second KPI of the same unit; empty lays the first over itself of a year before."""


def trend(drawn: Drawn, found: Mapping[KpiKey, Standing], months: int, formats: Formats) -> Trend:
    """Return a panel of the last `months` periods."""
    first = _first(drawn, found, months)
    if first is None or not _has_numbers(first.points[-months:]):
        why = "it is not in the catalogue" if first is None else first.now.reason or "no number"
        return Trend(drawn.key, drawn.title, "", None, "", "", f"Nothing to draw: {why}.")
    points = first.points[-months:]
    series = [_series(first, points, formats)]
    second = _second(drawn, first, found, months)
    if second is not None and _has_numbers(second[1]):
        series.append(_series(second[0], second[1], formats, name=second[2]))
    names = tuple(formats.period(point.period) for point in points)
    beside = f" and {series[1].name[0].lower()}{series[1].name[1:]}" if len(series) > 1 else ""
    span = f"{formats.period_short(points[0].period)} to {formats.period_short(points[-1].period)}"
    told = [value for one in series for value in one.values if value is not None]
    axes = Axes(
        formats.axis([point.period for point in points]), formats.ticks(told, first.kpi.unit)
    )
    cut = "" if axes.y[0][0] == 0 else f" The axis starts at {axes.y[0][1]}."
    return Trend(
        drawn.key,
        drawn.title,
        f"{first.kpi.name}{beside}, {span}.{cut}",
        LineChart(axes, names, tuple(series)),
        summary(first, months, formats),
        kpi_page(first.kpi.key),
    )


def _first(drawn: Drawn, found: Mapping[KpiKey, Standing], months: int) -> Standing | None:
    there = [found[KpiKey(key)] for key in (drawn.kpi, drawn.instead) if KpiKey(key) in found]
    told = (one for one in there if _has_numbers(one.points[-months:]))
    return next(told, there[0] if there else None)


def _has_numbers(points: Sequence[Point]) -> bool:
    return any(point.reading.value is not None for point in points)


def _second(
    drawn: Drawn, first: Standing, found: Mapping[KpiKey, Standing], months: int
) -> tuple[Standing, Sequence[Point], str] | None:
    if drawn.beside:
        other = found.get(KpiKey(drawn.beside))
        return None if other is None else (other, other.points[-months:], other.kpi.name)
    if len(first.points) < months + _YEAR:
        return None
    return first, first.points[-months - _YEAR : -_YEAR], "A year before"


def _series(
    standing: Standing, points: Sequence[Point], formats: Formats, name: str = ""
) -> Series:
    unit = standing.kpi.unit
    texts = tuple(
        formats.short(point.reading.value, unit)
        if point.reading.value is not None
        else point.reading.reason or "no number"
        for point in points
    )
    values = tuple(point.reading.value for point in points)
    return Series(name or standing.kpi.name, values, texts, dashed=name == "A year before")


def summary(standing: Standing, months: int, formats: Formats) -> str:
    """Say in one sentence what a series did over its last year, or over what there is of it."""
    points = [
        point
        for point in standing.points[-months:]
        if point.reading.value is not None and point.reading.state is State.FINAL
    ]
    if not points:
        return f"{standing.kpi.name} has no final number in these months."
    last, first = points[-1], points[max(0, len(points) - 1 - _YEAR)]
    unit = standing.kpi.unit
    now, before = last.reading.value or 0.0, first.reading.value or 0.0
    text, was = formats.short(now, unit), formats.short(before, unit)
    at = formats.period(last.period)
    if last is first or text == was:
        return f"{standing.kpi.name} stands at {text} in {at}."
    word = "up" if now > before else "down"
    by = stories.moved(now, before, unit, formats)
    since = formats.period(first.period)
    return f"{standing.kpi.name} stands at {text} in {at}, {word} {by} from {was} in {since}."
