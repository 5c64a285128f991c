"""The time of the model: days since its first, as numbers, until they are written."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np

from portal.demo.generated.draws import Draws, Flags, Floats, Moments

MONTHS = 30
_OPEN, _CLOSE = 7, 16
"""Working hours in UTC; the company sits in Berlin."""
_SATURDAY = 5


def month_start(day: date, months: int = 0) -> date:
    """Return the first day of the month so many months from the one of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def quarter_start(day: date, quarters: int = 0) -> date:
    """Return the first day of the quarter so many quarters from the one of `day`."""
    return month_start(day, -((day.month - 1) % 3) + 3 * quarters)


@dataclass(frozen=True)
class Clock:
    """Today, and what follows from it. Numbers of the model are days since `first`."""

    today: date

    @cached_property
    def first(self) -> date:
        """The first day of the history."""
        return month_start(self.today, -MONTHS)

    @cached_property
    def end(self) -> float:
        """Today's midnight: what was recorded lies before it."""
        return self.at(self.today)

    def at(self, day: date) -> float:
        """Return the number of a day's midnight."""
        return float((day - self.first).days)

    def day(self, number: float) -> date:
        """Return the day that a number lies in."""
        return self.first + timedelta(days=int(number // 1))

    def month(self, months: int) -> float:
        """Return the start of the month so many months from today's."""
        return self.at(month_start(self.today, months))

    @cached_property
    def quarters(self) -> tuple[tuple[float, float], ...]:
        """Start and end of each quarter, from the first that is whole to the one after today's."""
        starts = [quarter_start(self.first)]
        while starts[-1] <= self.today:
            starts.append(quarter_start(starts[-1], 1))
        starts.append(quarter_start(starts[-1], 1))
        numbers = [self.at(each) for each in starts]
        return tuple(pairwise(numbers))

    def moments(self, numbers: Floats) -> Moments:
        """Return numbers as instants; what is not a number is no instant."""
        seconds = np.where(np.isnan(numbers), 0, np.round(np.nan_to_num(numbers) * 86_400))
        found = np.datetime64(self.first, "s") + seconds.astype("timedelta64[s]")
        found[np.isnan(numbers)] = np.datetime64("NaT")
        return found

    def days(self, numbers: Floats) -> Moments:
        """Return numbers as days; what is not a number is no day."""
        return self.moments(np.floor(numbers)).astype("datetime64[D]")

    def weekend(self, numbers: Floats) -> Flags:
        """Say which numbers lie on a Saturday or Sunday."""
        found: Flags = (self.first.weekday() + np.floor(numbers)) % 7 >= _SATURDAY
        return found

    def working(self, numbers: Floats, draws: Draws) -> Floats:
        """Move what lies outside of working hours to the next working morning, or near it."""
        day, hour = np.floor(numbers), (numbers % 1) * 24
        late = hour >= _CLOSE
        day = np.where(late, day + 1, day)
        moved = late | (hour < _OPEN)
        for _ in range(2):
            off = self.weekend(day)
            day, moved = np.where(off, day + 1, day), moved | off
        morning = _OPEN + draws.spread(0.6, 0.7, len(numbers)).clip(max=8)
        return np.asarray(day + np.where(moved, morning, hour) / 24, dtype=np.float64)

    def in_hours(self, numbers: Floats, draws: Draws) -> Floats:
        """Give moments any working hour of their day, or of the Monday after a weekend."""
        hour = draws.between(_OPEN, _CLOSE, len(numbers))
        return self.working(np.floor(numbers) + hour / 24, draws)
