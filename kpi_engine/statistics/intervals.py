"""How much a share of few records can be trusted: Wilson's interval."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""So many standard deviations around the mean hold 95 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, where the share lies with the confidence asked for."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the two ends are."""
        return self.high - self.low


def wilson(over: float, under: float, z: float = Z95) -> Interval | None:
    """Return Wilson's score interval of `over` in `under`; None where there is no share.

    Wilson, Probable Inference, JASA 22 (1927). Unlike the textbook's interval it never leaves
    0 to 1, and says something also of 0 out of 5.
    """
    if under <= 0 or not 0 <= over <= under:
        return None
    share, square = over / under, z * z
    middle = share + square / (2 * under)
    spread = z * sqrt(share * (1 - share) / under + square / (4 * under * under))
    scale = 1 + square / under
    low, high = (middle - spread) / scale, (middle + spread) / scale
    # At the ends, the last digits must not cross them.
    return Interval(0.0 if over == 0 else max(low, 0.0), 1.0 if over == under else min(high, 1.0))


def apart(one: tuple[float, float], other: tuple[float, float], z: float = Z95) -> bool:
    """Say whether two shares, each as its parts, differ by more than chance: Newcombe's interval.

    Newcombe, Statistics in Medicine 17 (1998), method 10: made of the two Wilson intervals.
    """
    left, right = wilson(*one, z), wilson(*other, z)
    if left is None or right is None:
        return False
    mine, theirs = one[0] / one[1], other[0] / other[1]
    gap = mine - theirs
    lower = gap - sqrt((mine - left.low) ** 2 + (right.high - theirs) ** 2)
    upper = gap + sqrt((left.high - mine) ** 2 + (theirs - right.low) ** 2)
    return lower > 0 or upper < 0
