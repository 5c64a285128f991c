"""Campaigns, and which of them a lead came from."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.draws import Draws, Floats, Ints
from portal.demo.generated.stories import BAD_CAMPAIGN, BAD_COST, Stories
from portal.demo.generated.tables import Table, ids

SOURCES = (
    "Website",
    "Referral",
    "Partner",
    "Webinar",
    "Event",
    "Paid search",
    "Email",
    "Content syndication",
)
SHARES = (0.30, 0.09, 0.09, 0.15, 0.12, 0.16, 0.09, 0.0)
"""How many leads come from each, in usual times."""
QUALIFY = (0.38, 0.58, 0.52, 0.36, 0.40, 0.30, 0.34, 0.055)
"""How many of them are worth pursuing."""
BAD_SOURCE = SOURCES.index("Content syndication")
_CHANNELS = ("Webinar", "Event", "Paid search", "Email")
_TOPICS = (
    ("Plant data live", "Shop floor webinar", "Forecasting webinar", "Customer stories live"),
    ("Hannover fair", "Nordic operations day", "London roundtable", "Milan logistics summit"),
    ("Search: planning", "Search: analytics", "Search: maintenance", "Search: field service"),
    ("Spring letters", "Benchmark report", "Upgrade letters", "Year-end letters"),
)
_COSTS = (9_000.0, 21_000.0, 17_000.0, 4_500.0)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Every campaign, by number; the last is the one with the bad leads."""

    source: Ints
    start: Floats
    end: Floats
    name: tuple[str, ...]
    cost: Floats

    @property
    def bad(self) -> int:
        """The number of the one with the bad leads."""
        return len(self.name) - 1

    def of_lead(self, source: Ints, when: Floats) -> Ints:
        """Return the campaign of each lead: the newest of its source; -1 where it has none."""
        found = np.full(len(source), -1)
        for number in np.argsort(self.start):
            fits = (self.source[number] == source) & (when >= self.start[number])
            found[fits] = number
        return found


def made_campaigns(clock: Clock, stories: Stories) -> Campaigns:
    """Make four campaigns a quarter, and the one of the story."""
    draws, rows = Draws("campaigns"), []
    for first, _ in clock.quarters[:-1]:
        quarter = clock.day(first).month // 3
        for channel, source in enumerate(_CHANNELS):
            begins = first + float(draws.between(3, 20, 1)[0])
            cost = round(_COSTS[channel] * float(draws.spread(1, 0.2, 1)[0]), -2)
            name = f"{_TOPICS[channel][quarter]} {clock.day(first).year}"
            rows.append((SOURCES.index(source), begins, begins + 62, name, cost))
    rows = [row for row in rows if row[1] < clock.end - 1]
    rows.append((BAD_SOURCE, *stories.campaign, BAD_CAMPAIGN, BAD_COST))
    sources, begins_, ends, names, costs = (list(part) for part in zip(*rows, strict=True))
    return Campaigns(
        np.array(sources, np.int64),
        np.floor(np.array(begins_, np.float64)),
        np.floor(np.array(ends, np.float64)),
        tuple(str(name) for name in names),
        np.array(costs, np.float64),
    )


def campaigns(made: Campaigns, clock: Clock) -> Table:
    """The campaigns as records."""
    return {
        "id": ids("K", np.arange(len(made.name))),
        "name": list(made.name),
        "channel": [SOURCES[n] for n in made.source],
        "started_on": clock.days(made.start),
        "ended_on": clock.days(made.end),
        "budget": np.round(made.cost * 1.05, -2),
        "cost": made.cost,
    }
