"""Periods cut short, so that an earlier one can be told up to the day that the open one is at."""

from dataclasses import dataclass
from datetime import date

from kpi_engine.periods import Calendar, Grain, Period


@dataclass(frozen=True, slots=True)
class ElapsedCalendar(Calendar):
    """A calendar that ends with the day before `until`: no period it gives reaches farther.

    Where a period begins, and what it is called, stays as the whole calendar has it.
    """

    until: date = date.max

    def periods(self, grain: Grain, start: date, end: date) -> tuple[Period, ...]:
        """Return the periods of a stretch, the last one cut."""
        whole = Calendar.periods(self, grain, start, min(end, self.until))
        return tuple(self.cut(period) for period in whole)

    def cut(self, period: Period) -> Period:
        """Return what a period has of days before `until`."""
        return Period(period.start, min(period.end, self.until), period.grain, period.label)


def elapsed(calendar: Calendar, until: date) -> ElapsedCalendar:
    """Return a calendar that ends with the day before `until`."""
    return ElapsedCalendar(calendar.timezone, calendar.fiscal_start, calendar.week_start, until)
