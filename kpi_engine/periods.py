"""Periods by calendar or fiscal year, in the tenant's time zone, half-open.

A period is days; `Calendar.instant` turns a day's beginning into the UTC instant that bounds times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Weekday(IntEnum):
    """Days of the week, as `date.weekday` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7}
_WEEKS_IN_YEAR = 52


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date
    grain: Grain
    label: str

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class Calendar:
    """How one tenant cuts time."""

    timezone: str = "UTC"
    fiscal_start: int = 1
    """First month of the fiscal year, 1-12."""
    week_start: Weekday = Weekday.MONDAY

    def holding(self, day: date, grain: Grain) -> Period:
        """Return the period of `grain` that holds `day`."""
        if grain is Grain.DAY:
            start = day
        elif grain is Grain.WEEK:
            start = day - timedelta(days=(day.weekday() - self.week_start) % 7)
        else:
            start = self._months_start(day, grain)
        return Period(start, self.shift(start, grain, 1), grain, self._label(start, grain))

    def periods(self, grain: Grain, start: date, end: date) -> tuple[Period, ...]:
        """Return the periods from the one that holds `start` to the last that begins before `end`.

        Empty when `end` is not after `start`.
        """
        return tuple(self._walk(grain, start, end)) if start < end else ()

    def _walk(self, grain: Grain, start: date, end: date) -> Iterator[Period]:
        period = self.holding(start, grain)
        while period.start < end:
            yield period
            period = self.holding(period.end, grain)

    def shift(self, day: date, grain: Grain, by: int) -> date:
        """Return `day` moved by whole grains; months keep the day, or take the month's last."""
        if grain in _DAYS:
            return day + timedelta(days=_DAYS[grain] * by)
        return add_months(day, _MONTHS[grain] * by)

    def previous(self, period: Period) -> Period:
        """Return the period just before."""
        return self.holding(period.start - timedelta(days=1), period.grain)

    def last_year(self, period: Period) -> Period:
        """Return the same period a year ago; a week is 52 weeks ago, so that weekdays match."""
        if period.grain is Grain.WEEK:
            return self.holding(period.start - timedelta(weeks=_WEEKS_IN_YEAR), Grain.WEEK)
        return self.holding(add_months(period.start, -12), period.grain)

    def same_elapsed(self, period: Period, today: date, other: Period) -> tuple[date, date]:
        """Return the days of `other` that match the days of `period` elapsed with `today`.

        Half-open. A month 31 days long against one of 28 stops at the shorter one's end.
        """
        elapsed = (min(today + timedelta(days=1), period.end) - period.start).days
        return other.start, min(other.start + timedelta(days=max(elapsed, 0)), other.end)

    def instant(self, day: date) -> datetime:
        """Return the first instant of `day` in the tenant's zone, as naive UTC."""
        return _instant(self.timezone, day)

    def local_date(self, moment: datetime) -> date:
        """Return the day, in the tenant's zone, of a naive UTC `moment`."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.timezone)).date()

    def offsets(self, start: date, end: date) -> tuple[tuple[datetime, int], ...]:
        """Return the zone's offsets in force over the days: (from naive UTC instant, seconds).

        The first entry holds from the beginning of `start`; consecutive entries differ.
        """
        return _offsets(self.timezone, start, end)

    def _months_start(self, day: date, grain: Grain) -> date:
        months = _MONTHS[grain]
        # Quarters count from the fiscal start, so a year that begins in February has odd quarters.
        behind = (day.month - self.fiscal_start) % 12 % months
        return add_months(day.replace(day=1), -behind)

    def _label(self, start: date, grain: Grain) -> str:
        if grain is Grain.DAY:
            return start.isoformat()
        if grain is Grain.WEEK:
            # The fourth day tells the year and number, as it does for ISO weeks.
            year, week, _ = (start + timedelta(days=3)).isocalendar()
            return f"{year}-W{week:02d}"
        if grain is Grain.MONTH:
            return f"{start:%Y-%m}"
        return self._fiscal_label(start, grain)

    def _fiscal_label(self, start: date, grain: Grain) -> str:
        prefix = "" if self.fiscal_start == 1 else "FY"
        # A fiscal year is named by the calendar year in which it ends.
        year = start.year + (self.fiscal_start > 1 and start.month >= self.fiscal_start)
        if grain is Grain.YEAR:
            return f"{prefix}{year}"
        return f"{prefix}{year}-Q{(start.month - self.fiscal_start) % 12 // 3 + 1}"


def add_months(day: date, months: int) -> date:
    """Return `day` moved by calendar months; the 31st becomes the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


@lru_cache(maxsize=65536)
def _instant(timezone: str, day: date) -> datetime:
    local = datetime.combine(day, time(), ZoneInfo(timezone))
    # A midnight that the clocks jump over maps, by way of UTC, to the first instant of the day.
    return local.astimezone(UTC).replace(tzinfo=None)


@lru_cache(maxsize=256)
def _offsets(timezone: str, start: date, end: date) -> tuple[tuple[datetime, int], ...]:
    zone = ZoneInfo(timezone)
    found: list[tuple[datetime, int]] = []
    moment = _instant(timezone, start)
    last = _instant(timezone, end)
    found.append((moment, _offset(zone, moment)))
    while moment < last:
        following = moment + timedelta(days=1)
        if _offset(zone, following) != found[-1][1]:
            change = _change(zone, moment, following)
            found.append((change, _offset(zone, change)))
        moment = following
    return tuple(found)


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first instant after `low`, to the second, with the offset in force at `high`."""
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=1) // 2)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
