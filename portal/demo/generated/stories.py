"""What is planted in the numbers, where and since when; docs/demo.md tells where it shows."""

from dataclasses import dataclass
from datetime import timedelta

from portal.demo.generated.clock import Clock, quarter_start

_TWO_MONTHS = 61
_SINCE_RELEASE = 35
_FULL_MONTHS = 3

CALL_PUSH = 1.4
"""Calls of the region that pushes them, by what was usual."""
PUSHED_WINS = 0.45
"""Its deals that are won since, by what was usual."""
PUSHED_MEETINGS = 0.5
PUSHED_CONNECTS = 0.14

BAD_CAMPAIGN = "Autumn content syndication"
BAD_LEADS_A_DAY = 7.4
BAD_COST = 64_000.0

USUAL_SLIPS = 5
"""Deals that a region pushes over the end of a quarter, and those of the one that does more."""
PATIENT_SLIPS = 1

OVERSTATED = ((75, 0.20), (45, 0.175), (25, 0.07), (0, 0.0))
"""By how much a forecast is too high that has at least so many days to go."""

RELEASE = "Insights 5.0"


@dataclass(frozen=True)
class Stories:
    """The days of the stories, as numbers of the model's clock."""

    clock: Clock

    @property
    def push_from(self) -> float:
        """Since when a region is told to call more."""
        return self.clock.end - _TWO_MONTHS

    @property
    def release(self) -> float:
        """When the release came out, five weeks ago: a Wednesday or near one."""
        day = self.clock.today - timedelta(days=_SINCE_RELEASE)
        return self.clock.at(day - timedelta(days=(day.weekday() - 2) % 7))

    @property
    def campaign(self) -> tuple[float, float]:
        """Start and end of the campaign with the bad leads; a month and more of it is mature."""
        return self.clock.month(-_FULL_MONTHS) + 4, self.clock.end - 24

    @property
    def slips_from(self) -> float:
        """Start of the quarter in which slips have doubled: that of the last month that is over."""
        return self.clock.at(quarter_start(self.clock.day(self.clock.month(-1))))

    def usual_of(self, start: float) -> bool:
        """Say whether the quarter that starts there has as many slips as always."""
        return start < self.slips_from
