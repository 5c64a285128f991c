"""Whether a number of late differs from what it was before by more than chance.

Some recent periods are pooled, and so are those before them; the difference of the two has an
interval. How much chance there is is read from how far the earlier periods lie from their
own pooled value (the ratio estimator: Cochran, Sampling Techniques, 1977, chapter 6), but never
less than counting alone brings: months of real work differ more than dice. Few earlier periods
widen the interval by Student's t.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from kpi_engine.statistics.intervals import Z95

Z90 = 1.6448536269514722
"""So many standard deviations around the mean hold 90 %: each end is passed by 5 % alone."""
LEAST = 6
"""With fewer earlier periods nothing is told."""


class Chance(StrEnum):
    """What a number cannot vary less than."""

    COUNT = "count"
    """Records counted: their mean (Poisson)."""
    SHARE = "share"
    """Records out of records: p (1 - p) of each (binomial)."""
    AMOUNT = "amount"
    """Money, time: only what the periods themselves show."""


@dataclass(frozen=True, slots=True)
class Period:
    """What one period adds to the pool: a ratio's two parts, or a value over 1."""

    over: float
    under: float = 1.0


@dataclass(frozen=True, slots=True)
class Shift:
    """The pooled values, and the interval of their difference."""

    before: float
    now: float
    low: float
    high: float

    @property
    def moved(self) -> float:
        """By how much it moved."""
        return self.now - self.before

    @property
    def beyond(self) -> int:
        """Return 1 where it rose beyond chance, -1 where it fell beyond it, else 0."""
        return (self.low > 0) - (self.high < 0)


def shift(
    before: Sequence[Period], now: Sequence[Period], chance: Chance, z: float = Z95
) -> Shift | None:
    """Return how the late periods differ from the earlier ones; None where it cannot be told.

    Args:
        before: The earlier periods; those without a lower part are left out.
        now: The late ones.
        chance: What the number cannot vary less than.
        z: How sure: 95 % unless said otherwise.
    """
    earlier = [one for one in before if one.under > 0]
    later = [one for one in now if one.under > 0]
    if len(earlier) < LEAST or not later:
        return None
    weights = sum(one.under for one in earlier), sum(one.under for one in later)
    was = sum(one.over for one in earlier) / weights[0]
    told = sum(one.over for one in later) / weights[1]
    free = len(earlier) - 1
    spread = sum((one.over - was * one.under) ** 2 / one.under for one in earlier) / free
    spread = max(spread, _least(was, told, chance))
    if spread <= 0:
        return None
    width = student(free, z) * sqrt(spread * (1 / weights[0] + 1 / weights[1]))
    return Shift(was, told, told - was - width, told - was + width)


def _least(was: float, told: float, chance: Chance) -> float:
    """Return what counting alone brings, for each unit of the lower part."""
    if chance is Chance.COUNT:
        return max(was, told)
    if chance is Chance.SHARE:
        return max(was * (1 - was), told * (1 - told))
    return 0.0


def student(free: int, z: float = Z95) -> float:
    """Return Student's quantile for so many degrees of freedom, from the normal one.

    Cornish and Fisher's expansion; off by less than 0.01 from 5 degrees on.
    """
    first = (z**3 + z) / (4 * free)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    return z + first + second + third
