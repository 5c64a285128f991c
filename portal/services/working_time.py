"""How much of a period's working time is gone, and whether a quota keeps pace with it."""

from dataclasses import dataclass
from datetime import date, timedelta

from kpi_engine.language import tr
from kpi_engine.periods import Period
from portal.readmodels.cards import Status, Tone

_BEHIND, _CLOSE = 0.9, 1.0
_EARLY = 0.1
"""Before so much of the working time is gone, one deal more or less is the whole pace."""


@dataclass(frozen=True, slots=True)
class Days:
    """The day that a page is as of, and what of its period is gone."""

    period: Period
    today: date

    @property
    def gone(self) -> int:
        """Working days of the period that have ended with today."""
        return working_days(self.period.start, min(self.today + timedelta(days=1), self.period.end))

    @property
    def all(self) -> int:
        """Working days of the period."""
        return working_days(self.period.start, self.period.end)

    @property
    def part(self) -> float:
        """The part of the working days that is gone."""
        return self.gone / self.all if self.all else 1.0

    @property
    def early(self) -> bool:
        """Whether it is too early to call somebody behind pace."""
        return not self.over and is_early(self.part)

    @property
    def over(self) -> bool:
        """Whether the period has ended."""
        return self.today + timedelta(days=1) >= self.period.end


def working_days(start: date, end: date) -> int:
    """Return the days from Monday to Friday of a half-open time."""
    weeks, rest = divmod(max((end - start).days, 0), 7)
    return weeks * 5 + sum((start.weekday() + day) % 7 < 5 for day in range(rest))  # noqa: PLR2004


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
