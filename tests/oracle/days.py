"""Periods and moments, found by walking day after day: no arithmetic is shared with the engine."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kpi_engine.definitions.takes import SpanUnit
from kpi_engine.periods import Calendar, Grain

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.start <= day < self.end


def begins(day: date, grain: Grain, calendar: Calendar) -> bool:
    """Whether a period of `grain` begins on `day`."""
    if grain is Grain.DAY:
        return True
    if grain is Grain.WEEK:
        return day.weekday() == int(calendar.week_start)
    length = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}[grain]
    return day.day == 1 and (day.month - calendar.fiscal_start) % length == 0


def holding(day: date, grain: Grain, calendar: Calendar) -> Days:
    """Return the period of `grain` that holds `day`, by walking to its ends."""
    start, end = day, day + ONE_DAY
    while not begins(start, grain, calendar):
        start -= ONE_DAY
    while not begins(end, grain, calendar):
        end += ONE_DAY
    return Days(start, end)


def periods(grain: Grain, start: date, end: date, calendar: Calendar) -> list[Days]:
    """Return the periods of `grain` from the one that holds `start`, that begin before `end`."""
    found: list[Days] = []
    if start >= end:
        return found
    period = holding(start, grain, calendar)
    while period.start < end:
        found.append(period)
        period = holding(period.end, grain, calendar)
    return found


def label(period: Days, grain: Grain, calendar: Calendar) -> str:
    """Return the name of a period, as the contract writes it."""
    if grain is Grain.DAY:
        return period.start.strftime("%Y-%m-%d")
    if grain is Grain.WEEK:
        return (period.start + 3 * ONE_DAY).strftime("%G-W%V")
    if grain is Grain.MONTH:
        return period.start.strftime("%Y-%m")
    year = holding(period.start, Grain.YEAR, calendar)
    # A fiscal year bears the number of the calendar year in which it ends.
    name = f"{'' if calendar.fiscal_start == 1 else 'FY'}{(year.end - ONE_DAY).year}"
    if grain is Grain.YEAR:
        return name
    quarters = periods(Grain.QUARTER, year.start, year.end, calendar)
    return f"{name}-Q{quarters.index(period) + 1}"


def months_later(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day where it is shorter."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def days_later(day: date, count: int, unit: SpanUnit) -> date:
    """Return `day` moved by whole calendar units."""
    if unit is SpanUnit.DAY:
        return day + count * ONE_DAY
    if unit is SpanUnit.WEEK:
        return day + 7 * count * ONE_DAY
    months = {SpanUnit.MONTH: 1, SpanUnit.QUARTER: 3, SpanUnit.YEAR: 12}[unit]
    return months_later(day, count * months)


def wall_clock(moment: datetime, zone: str) -> datetime:
    """Return what a clock on the wall shows at a naive UTC `moment`."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def local_day(moment: datetime, zone: str) -> date:
    """Return the day of a naive UTC `moment` in `zone`."""
    return wall_clock(moment, zone).date()


def moment_of(wall: datetime, zone: str) -> datetime:
    """Return the first moment (naive UTC) at which the clock shows `wall` or later that day.

    Every offset in force nearby is tried; where none fits, the clocks jumped over `wall`, and the
    moment of the jump is closed in on.
    """
    nearby = [wall + timedelta(hours=hours) for hours in range(-40, 41, 4)]
    offsets = {wall_clock(moment, zone) - moment for moment in nearby}
    fitting = [wall - off for off in offsets if wall_clock(wall - off, zone) == wall]
    if fitting:
        return min(fitting)
    before, after = wall - max(offsets), wall - min(offsets)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if wall_clock(middle, zone) >= wall:
            after = middle
        else:
            before = middle
    return after


@lru_cache(maxsize=100_000)
def midnight(day: date, zone: str) -> datetime:
    """Return the first moment of `day` in `zone`, as naive UTC."""
    return moment_of(datetime.combine(day, time()), zone)
