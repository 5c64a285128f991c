"""Trend panels: a KPI over months beside a second one or itself a year before, and a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import SOURCE, mark, spoken, tr
from kpi_engine.reading import State
from portal.readmodels.charts import Axes, LineChart, Series
from portal.readmodels.company import Trend
from portal.readmodels.formats import Formats
from portal.services import stories, why_none
from portal.services.addresses import kpi_page
from portal.services.numbers import Point
from portal.services.quotients import comparable
from portal.services.standings import Standing

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a panel draws: the KPI that it is about, and what stands beside it."""

    key: str
    title: str
    """Empty for the KPI's own name."""
    kpi: str
    instead: str = ""
    """A KPI of the same meaning for who has no numbers of the first."""
    beside: str = ""
    """A second KPI of the same unit; empty lays the first over itself of a year before."""


def trend(drawn: Drawn, found: Mapping[KpiKey, Standing], months: int, formats: Formats) -> Trend:
    """Return a panel of the last `months` periods."""
    first = _first(drawn, found, months)
    if first is None or not _has_numbers(first.points[-months:]):
        why = tr("it is not in the catalogue")
        if first is not None:
            why = why_none.of(first.now)
        told = tr("Nothing to draw: {why}.", why=why)
        return Trend(drawn.key, _title(drawn, first), "", None, "", "", told)
    points = first.points[-months:]
    second = _second(drawn, first, found, months)
    begin = begin_of(points, second[1] if second is not None else ())
    points = points[begin:]
    series = [_series(first, points, formats)]
    if second is not None and _has_numbers(second[1]):
        series.append(_series(second[0], second[1][begin:], formats, ago=not drawn.beside))
    names = tuple(formats.period(point.period) for point in points)
    about = _about(drawn, series, (points[0], points[-1]), formats)
    values = [value for one in series for value in one.values if value is not None]
    axes = Axes(
        formats.axis([point.period for point in points]), formats.ticks(values, first.kpi.unit)
    )
    if axes.y[0][0] != 0:
        about = " ".join([about, tr("The axis starts at {value}.", value=axes.y[0][1])])
    return Trend(
        drawn.key,
        _title(drawn, first),
        about,
        LineChart(axes, names, tuple(series)),
        summary(first, months, formats),
        kpi_page(first.kpi.key),
    )


def _title(drawn: Drawn, first: Standing | None) -> str:
    if drawn.title or first is None:
        return tr(drawn.title) if drawn.title else ""
    return first.kpi.name


def _about(
    drawn: Drawn, series: Sequence[Series], ends: tuple[Point, Point], formats: Formats
) -> str:
    """Return what is drawn: which KPIs, from when to when."""
    first, last = (formats.period_short(one.period) for one in ends)
    name = series[0].name
    if len(series) == 1:
        return tr("{kpi}, {first} to {last}.", kpi=name, first=first, last=last)
    if not drawn.beside:
        return tr("{kpi} and a year before, {first} to {last}.", kpi=name, first=first, last=last)
    other = series[1].name
    if spoken() == SOURCE:
        other = f"{other[0].lower()}{other[1:]}"
    return tr(
        "{kpi} and {other}, {first} to {last}.", kpi=name, other=other, first=first, last=last
    )


def _first(drawn: Drawn, found: Mapping[KpiKey, Standing], months: int) -> Standing | None:
    there = [found[KpiKey(key)] for key in (drawn.kpi, drawn.instead) if KpiKey(key) in found]
    told = (one for one in there if _has_numbers(one.points[-months:]))
    return next(told, there[0] if there else None)


def begin_of(*lines: Sequence[Point]) -> int:
    """Return where the first number of any line stands; what is before would be an empty half.

    Two points are left at least: one alone draws no line, and its axis names no time.
    """
    firsts = (
        next((at for at, point in enumerate(line) if point.reading.value is not None), len(line))
        for line in lines
        if line
    )
    shortest = min(len(line) for line in lines if line)
    return max(0, min(*firsts, shortest - 2))


def _has_numbers(points: Sequence[Point]) -> bool:
    return any(point.reading.value is not None for point in points)


def _second(
    drawn: Drawn, first: Standing, found: Mapping[KpiKey, Standing], months: int
) -> tuple[Standing, Sequence[Point]] | None:
    if drawn.beside:
        other = found.get(KpiKey(drawn.beside))
        return None if other is None else (other, other.points[-months:])
    if len(first.points) < months + _YEAR:
        return None
    return first, first.points[-months - _YEAR : -_YEAR]


def _series(
    standing: Standing, points: Sequence[Point], formats: Formats, *, ago: bool = False
) -> Series:
    unit = standing.kpi.unit
    texts = tuple(
        formats.short(point.reading.value, unit)
        if point.reading.value is not None
        else why_none.of(point.reading)
        for point in points
    )
    values = tuple(point.reading.value for point in points)
    name = tr("A year before") if ago else standing.kpi.name
    return Series(name, values, texts, dashed=ago)


def summary(standing: Standing, months: int, formats: Formats) -> str:
    """Say in one sentence what a series did over its last year, or over what there is of it."""
    told = {
        at: point
        for at, point in enumerate(standing.points[-months:])
        if point.reading.value is not None and point.reading.state is State.FINAL
    }
    if not told:
        return tr("{kpi} has no final number in these months.", kpi=standing.kpi.name)
    # Counted in months: among the numbers alone, gaps would make the year a longer one.
    ends = max(told)
    last, first = told[ends], told[min(at for at in told if at >= ends - _YEAR)]
    unit = standing.kpi.unit
    now, before = last.reading.value or 0.0, first.reading.value or 0.0
    text, was = formats.short(now, unit), formats.short(before, unit)
    name, at = standing.kpi.name, formats.period(last.period)
    if last is first or text == was or not comparable(standing.kpi, last.reading, first.reading):
        return tr("{kpi} stands at {value} in {period}.", kpi=name, value=text, period=at)
    return tr(
        _UP if now > before else _DOWN,
        kpi=name,
        value=text,
        period=at,
        by=stories.moved(now, before, unit, formats),
        before=was,
        since=formats.period(first.period),
    )


_UP = mark("{kpi} stands at {value} in {period}, up {by} from {before} in {since}.")
_DOWN = mark("{kpi} stands at {value} in {period}, down {by} from {before} in {since}.")
