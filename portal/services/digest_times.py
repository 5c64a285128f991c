"""When a digest is due, by the clock of the person who gets it. Nothing here asks anything.

The slot is the person's local day and no moment. A day has one slot, however long the clocks make
it and wherever the person moves meanwhile: an hour that comes twice sends nothing twice, and an
hour that does not come is the one after it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kpi_engine.language import mark
from portal.models.digests import Rhythm

LATE = timedelta(days=2)
"""A weekly digest is made up for within so long; a daily one on its own day."""
WEEK = 7
DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
"""The days of a week as people call them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How one person wants to be told."""

    timezone: str
    """An IANA name."""
    rhythm: Rhythm = Rhythm.DAILY
    weekday: int = 0
    """0 for Monday to 6 for Sunday."""
    hour: int = 7
    quiet: tuple[int, int] | None = (20, 7)
    """From which hour to which nothing is sent."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the person lives in."""
        return ZoneInfo(self.timezone)


def is_quiet(wish: Wish, hour: int) -> bool:
    """Say whether an hour of the person's clock is one of their quiet ones."""
    if wish.quiet is None:
        return False
    begins, ends = wish.quiet
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends


def slot(wish: Wish, now: datetime) -> str | None:
    """Return the local day whose digest is due now; None if there is none to be sent."""
    local = now.astimezone(wish.zone)
    if wish.rhythm is Rhythm.OFF or is_quiet(wish, local.hour):
        return None
    day = local.date()
    if wish.rhythm is Rhythm.WEEKLY:
        day -= timedelta(days=(day.weekday() - wish.weekday) % WEEK)
    if now < instant(wish, day) or local.date() - day > LATE:
        return None
    return day.isoformat()


def instant(wish: Wish, day: date) -> datetime:
    """Return the moment at which a day's digest may be sent."""
    there = datetime(day.year, day.month, day.day, wish.hour, tzinfo=wish.zone)
    return there.astimezone(UTC)


class Until(StrEnum):
    """For how long an item is put off."""

    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"


def put_off(wish: Wish, until: Until, now: datetime) -> datetime:
    """Return when an item that is put off comes back: at the person's hour of that day."""
    today = now.astimezone(wish.zone).date()
    days = {
        Until.TOMORROW: 1,
        Until.MONDAY: WEEK - today.weekday(),
        Until.WEEK: WEEK,
    }[until]
    return instant(wish, today + timedelta(days=days))
