"""What every statement of one question shares: its periods, splits and filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from kpi_engine.compiler.clocks import window_start
from kpi_engine.compiler.filters import Filters
from kpi_engine.compiler.jobs import Timeline, Window
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.questions import Question, Split


@dataclass(frozen=True, slots=True)
class Scene:
    """What every statement of one question shares."""

    calendar: Calendar
    today: date
    asked: Mapping[Grain, tuple[Period, ...]]
    splits: tuple[Split, ...]
    filters: Filters

    @property
    def start(self) -> date:
        """The first day of any period asked."""
        return min(periods[0].start for periods in self.asked.values())

    @property
    def end(self) -> date:
        """The day after the last day of any period asked."""
        return max(periods[-1].end for periods in self.asked.values())

    @property
    def lines(self) -> list[Timeline]:
        """The periods of every asked grain."""
        return [self.line(grain) for grain in self.asked]

    def line(self, grain: Grain) -> Timeline:
        """The periods of an asked grain."""
        return Timeline(grain, self.asked[grain])

    def base(self, grain: Grain) -> Timeline:
        """The periods of a grain over all the days of the question."""
        if list(self.asked) == [grain]:
            return self.line(grain)
        return Timeline(grain, self.calendar.periods(grain, self.start, self.end))

    @property
    def cuts(self) -> Timeline:
        """The stretches between the bounds of all asked periods: each period is made of some."""
        bounds = {
            day for asked in self.asked.values() for one in asked for day in (one.start, one.end)
        }
        return Timeline(Grain.DAY, _between(sorted(bounds)), even=False)

    @property
    def moments(self) -> Timeline:
        """The stretches between the ends of all asked periods; nothing ends after today."""
        tomorrow = self.today + timedelta(days=1)
        ends = sorted({min(one.end, tomorrow) for asked in self.asked.values() for one in asked})
        return Timeline(Grain.DAY, _between([ends[0] - timedelta(days=1), *ends]), even=False)

    def rolled(self, window: Window) -> Timeline:
        """The calendar months from the first that a trailing window reaches to the last day."""
        first = min(
            window_start(self.calendar, periods[0], window) for periods in self.asked.values()
        )
        return Timeline(Grain.MONTH, self.calendar.periods(Grain.MONTH, first, self.end))


def _between(days: list[date]) -> tuple[Period, ...]:
    return tuple(Period(first, end, Grain.DAY, end.isoformat()) for first, end in pairwise(days))


def scene_of(question: Question, filters: Filters) -> Scene:
    """Return the scene of a question."""
    asked = {
        grain: question.calendar.periods(grain, question.start, question.end)
        for grain in dict.fromkeys(question.grains)
    }
    splits = tuple(dict.fromkeys(question.splits))
    return Scene(question.calendar, question.today, asked, splits, filters)
