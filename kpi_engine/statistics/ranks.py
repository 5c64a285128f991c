"""Whether one series goes with another: Spearman's rank correlation, its interval, and a lag."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atanh, sqrt, tanh
from statistics import NormalDist

from kpi_engine.statistics.intervals import Interval

LEAST = 12
"""With fewer pairs nothing is said of a relation."""
_CONFIDENCE = 0.95
_EDGE = 1 - 1e-9
_FEWEST = 4.0
"""Under so many no interval can be told at all."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How one series goes with another `lag` periods later, told from `n` pairs."""

    rank: float
    """Spearman's rho, -1 to 1."""
    interval: Interval
    n: int
    lag: int

    @property
    def shown(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.interval.low > 0 or self.interval.high < 0


def spearman(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Return the correlation of the ranks, ties at their mean; None where one does not vary."""
    mine, theirs = _ranks(left), _ranks(right)
    middle = (len(mine) + 1) / 2
    over = sum((one - middle) * (other - middle) for one, other in zip(mine, theirs, strict=True))
    under = sqrt(_squares(mine, middle) * _squares(theirs, middle))
    return None if under == 0 else over / under


def related(
    cause: Sequence[float | None], effect: Sequence[float | None], lags: Sequence[int]
) -> Relation | None:
    """Return the relation at the lag where it is strongest; None with too few pairs at each.

    Changes are compared, not levels: two series that both grow would go together without having to
    do with each other. The interval is Fisher's z with the variance of Bonett and Wright
    (Psychometrika 65, 2000), as wide as looking at several lags asks for (Bonferroni). Changes of a
    series swing back, so that pairs hang together: they count for as few as Bartlett's rule says.
    """
    found = [_at(_changes(cause), _changes(effect), lag, len(lags)) for lag in lags]
    told = [one for one in found if one is not None]
    return max(told, key=lambda one: abs(one.rank)) if told else None


def _at(
    cause: Sequence[float | None], effect: Sequence[float | None], lag: int, looks: int
) -> Relation | None:
    pairs = [
        (before, after)
        for before, after in zip(cause, effect[lag:], strict=False)
        if before is not None and after is not None
    ]
    if len(pairs) < LEAST:
        return None
    rank = spearman([one for one, _ in pairs], [other for _, other in pairs])
    if rank is None:
        return None
    z = NormalDist().inv_cdf(1 - (1 - _CONFIDENCE) / (2 * looks))
    spread = z * sqrt((1 + rank * rank / 2) / (_weight(pairs) - 3))
    middle = atanh(max(-_EDGE, min(_EDGE, rank)))
    return Relation(rank, Interval(tanh(middle - spread), tanh(middle + spread)), len(pairs), lag)


def _weight(pairs: Sequence[tuple[float, float]]) -> float:
    """How many independent pairs so many are worth, when each series hangs on its last value."""
    echo = _echo([one for one, _ in pairs]) * _echo([other for _, other in pairs])
    return max(len(pairs) * (1 - echo) / (1 + echo), _FEWEST) if echo > 0 else len(pairs)


def _echo(series: Sequence[float]) -> float:
    """How a series goes with itself one step later, by ranks."""
    found = spearman(series[:-1], series[1:])
    return 0.0 if found is None else found


def _changes(series: Sequence[float | None]) -> list[float | None]:
    return [
        None if before is None or after is None else after - before
        for before, after in pairwise(series)
    ]


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for place in order[at : end + 1]:
            ranks[place] = (at + end) / 2 + 1
        at = end + 1
    return ranks


def _squares(ranks: Sequence[float], middle: float) -> float:
    return sum((one - middle) ** 2 for one in ranks)
