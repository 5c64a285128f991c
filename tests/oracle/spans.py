"""Lengths of time and what is made of many values: the arithmetic under durations."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from kpi_engine.definitions.takes import Clock, Span, SpanUnit, Take
from kpi_engine.units import Unit
from tests.oracle.days import ONE_DAY, moment_of
from tests.oracle.lens import Lens
from tests.oracle.records import Rules

_UNITS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
}
_SPANS = {
    SpanUnit.MINUTE: timedelta(minutes=1),
    SpanUnit.HOUR: timedelta(hours=1),
    SpanUnit.DAY: timedelta(days=1),
    SpanUnit.WEEK: timedelta(weeks=1),
}


def length(span: Span) -> timedelta:
    """Return how long a span of minutes, hours, days or weeks is."""
    return _SPANS[span.unit] * span.count


def in_unit(time: timedelta, unit: Unit) -> Fraction:
    """Return a time in the KPI's unit; in days where that is no unit of time."""
    one = _UNITS.get(unit, timedelta(days=1))
    return Fraction(time // timedelta(microseconds=1), one // timedelta(microseconds=1))


def elapsed(lens: Lens, start: date | datetime, end: date | datetime, clock: Clock) -> timedelta:
    """Return the time from `start` to `end`; two dates are whole days apart."""
    if clock is Clock.BUSINESS:
        return business_time(lens, lens.moment(start), lens.moment(end))
    if isinstance(start, datetime) or isinstance(end, datetime):
        return lens.moment(end) - lens.moment(start)
    return end - start


def business_time(lens: Lens, start: datetime, end: datetime) -> timedelta:
    """Return the part of the time between two instants that lies in business hours."""
    if end < start:
        return -business_time(lens, end, start)
    rules = lens.world.rules
    total = timedelta()
    day = lens.day(start)
    while day <= lens.day(end):
        if _is_open(rules, day):
            opens, closes = _hours(day, rules.opens, rules.closes, lens.zone)
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += ONE_DAY
    return total


@lru_cache(maxsize=100_000)
def _hours(day: date, opens: time, closes: time, zone: str) -> tuple[datetime, datetime]:
    moments = (datetime.combine(day, clock) for clock in (opens, closes))
    first, last = (moment_of(moment, zone) for moment in moments)
    return first, last


def _is_open(rules: Rules, day: date) -> bool:
    return day.weekday() in rules.business_days and day not in rules.holidays


def quantile(values: list[Fraction], part: Fraction) -> Fraction:
    """Return the linearly interpolated quantile."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def taken(take: Take, values: list[Any]) -> Fraction:
    """Return what a take makes of one value or more."""
    return Fraction(_TAKES[take](values))


_TAKES: dict[Take, Callable[[list[Any]], Fraction | int]] = {
    Take.COUNT: len,
    Take.SUM: sum,
    Take.MEAN: lambda values: sum(values, Fraction(0)) / len(values),
    Take.MEDIAN: lambda values: quantile(values, Fraction(1, 2)),
    Take.P90: lambda values: quantile(values, Fraction(9, 10)),
    Take.MIN: min,
    Take.MAX: max,
    Take.DISTINCT: lambda values: len(set(values)),
}
