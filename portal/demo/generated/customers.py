"""Customers: since when, until when, and how each renewal ends."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.clock import Clock
from portal.demo.generated.deals import INSIGHTS
from portal.demo.generated.draws import Draws, Flags, Floats, Ints
from portal.demo.generated.stories import Stories

_YEAR = 365.0
_LEAVES = 0.10
_LEAVES_AFTER_RELEASE = 0.34
_SHRINKS, _GROWS = 0.055, 0.20
_AHEAD = 190
RENEWED, CHURNED, PENDING = range(3)


@dataclass(frozen=True, slots=True)
class Customers:
    """Every customer, by number."""

    account: Ints
    product: Ints
    start: Floats
    mrr: Floats
    """Of what was bought first, as it was then."""
    left: Floats
    """The first day without; nothing for those that are still there."""

    @property
    def count(self) -> int:
        """How many there ever were."""
        return len(self.account)

    def until(self, end: float) -> Floats:
        """Return the end of each one's time so far."""
        return np.asarray(np.fmin(self.left, end), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Renewals:
    """Every renewal of what was bought first, by number."""

    customer: Ints
    due: Floats
    fate: Ints
    """What becomes of it, also of one that is still ahead."""
    factor: Floats
    """What the price is multiplied by where it stays."""

    def decided(self, clock: Clock, draws: Draws) -> Floats:
        """Return when each was decided; nothing for those that are not yet."""
        ahead = draws.between(3, 45, len(self.due))
        when = np.where(self.fate == CHURNED, self.due - ahead / 3, self.due - ahead)
        return np.where(self.open(clock), np.nan, np.minimum(when, clock.end - 1))

    def open(self, clock: Clock) -> Flags:
        """Say which are not decided yet: those ahead, and some that are just past."""
        late = (self.due > clock.end - 18) & (np.arange(len(self.due)) % 4 == 0)
        found: Flags = (self.due >= clock.end) | late
        return found


def with_renewals(
    account: Ints, product: Ints, start: Floats, mrr: Floats, stories: Stories
) -> tuple[Customers, Renewals]:
    """Let each customer come up for renewal year by year, until one is the last."""
    clock, draws = stories.clock, Draws("renewals")
    alive = np.ones(len(start), dtype=np.bool_)
    left = np.full(len(start), np.nan)
    rows = []
    for year in range(1, 9):
        due = np.floor(start + year * _YEAR)
        here = np.flatnonzero(alive & (due < clock.end + _AHEAD))
        hurt = (due[here] >= stories.release) & (product[here] == INSIGHTS)
        leaves = draws.chance(np.where(hurt, _LEAVES_AFTER_RELEASE, _LEAVES), len(here))
        leaves &= due[here] > 0
        move = draws.between(0, 1, len(here))
        factor = np.where(move < _SHRINKS, 0.78, np.where(move > 1 - _GROWS, 1.07, 1.0))
        rows.append((here, due[here], np.where(leaves, CHURNED, RENEWED), factor))
        gone = here[leaves & (due[here] < clock.end)]
        left[gone], alive[gone] = due[gone], False
    made = Renewals(*(np.concatenate(part) for part in zip(*rows, strict=True)))
    late = made.open(clock) & (made.due < clock.end)
    left[made.customer[late & (made.fate == CHURNED)]] = np.nan
    order = np.argsort(made.due, kind="stable")
    made = Renewals(made.customer[order], made.due[order], made.fate[order], made.factor[order])
    return Customers(account, product, start, mrr, left), made
