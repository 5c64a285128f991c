"""How much of a period's working time is gone, and whether a quota keeps pace with it.

Which days are worked is the company's own: its working days, without its holidays.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from kpi_engine.definitions.settings import Settings
from kpi_engine.language import tr
from kpi_engine.periods import Period
from portal.readmodels.cards import Status, Tone

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BEHIND, _CLOSE = 0.9, 1.0
_EARLY = 0.1
"""Before so much of the working time is gone, one deal more or less is the whole pace."""


@dataclass(frozen=True, slots=True)
class Days:
    """The day that a page is as of, and what of its period is gone."""

    period: Period
    today: date
    settings: Settings
    """The company's, which say on what days it works."""

    @property
    def gone(self) -> int:
        """Working days of the period that have ended with today."""
        return working_days(self.settings, self.period.start, self._until)

    @property
    def all(self) -> int:
        """Working days of the period."""
        return working_days(self.settings, self.period.start, self.period.end)

    @property
    def part(self) -> float:
        """The part of the working days that is gone; of all days, where none of them is worked."""
        every = self.all
        if every:
            return self.gone / every
        return (self._until - self.period.start).days / self.period.days

    @property
    def _until(self) -> date:
        return min(max(self.today + timedelta(days=1), self.period.start), self.period.end)

    @property
    def early(self) -> bool:
        """Whether it is too early to call somebody behind pace."""
        return not self.over and is_early(self.part)

    @property
    def over(self) -> bool:
        """Whether the period has ended."""
        return self.today + timedelta(days=1) >= self.period.end


def working_days(settings: Settings, start: date, end: date) -> int:
    """Return how many days of a half-open time are the company's working days."""
    hours, holidays = settings["business_hours"], settings["holidays"]
    told = hours.get("days", _WEEKDAYS[:5]) if isinstance(hours, dict) else _WEEKDAYS[:5]
    works = {_WEEKDAYS.index(name) for name in told}
    off = {str(day) for day in holidays} if isinstance(holidays, list | tuple) else set()
    days = (start + timedelta(days=number) for number in range((end - start).days))
    return sum(day.weekday() in works and day.isoformat() not in off for day in days)


def is_early(part: float) -> bool:
    """Say whether too little of the working time is gone to call anybody behind pace."""
    return part < _EARLY


def pace_status(of_pace: float, *, over: bool, early: bool = False) -> Status:
    """Return how a quota stands against its pace, both in whole per cent."""
    told = round(of_pace, 2)
    if told >= _CLOSE:
        return Status(Tone.GOOD, tr("Reached") if over else tr("On pace"))
    if early:
        return Status(Tone.NEUTRAL, tr("Too early"))
    tone = Tone.WATCH if told >= _BEHIND else Tone.BAD
    return Status(tone, tr("Missed") if over else tr("Behind pace"))
