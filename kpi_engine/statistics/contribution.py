"""Whose part of a change is how large: exact parts that add up, of a product, a ratio or a sum.

The method is the additive log-mean Divisia index (LMDI-I: Ang, Energy Policy 33, 2005, and 86,
2015): a factor's part is the log mean of the two values times the log of the factor's own change.
It leaves no rest and tells the same change backwards as forwards. Zeros are taken at their
analytical limit (Ang, Zhang and Choi, Energy 23, 1998, table 2; Wood and Lenzen, Energy Policy 34,
2006), never as a small number. Where a factor changes its sign there is no logarithm: then each
factor has its Shapley value, its mean effect over all orders in which the factors could have moved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import factorial, fsum, isfinite, log, log1p, prod
from typing import TypeVar

MOST_FACTORS = 12
"""Shapley values are told of so many factors at most: the work doubles with each."""
_NEAR = 1e-3
Key = TypeVar("Key")


class Method(StrEnum):
    """How the parts were found."""

    LOG_MEAN = "log_mean"
    SHAPLEY = "shapley"


@dataclass(frozen=True, slots=True)
class Parts:
    """What each factor adds to the change, in the order in which the factors were given."""

    amounts: tuple[float, ...]
    method: Method

    @property
    def total(self) -> float:
        """The whole change."""
        return fsum(self.amounts)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a ratio: its lower part, and the factors whose product is its own rate.

    A rate that is told as one number has one factor. A factor is None where its lower part is 0.
    """

    under: float
    factors: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class SegmentParts:
    """What a segment adds: by each factor of its rate, and by its weight in the whole."""

    rates: tuple[float, ...]
    mix: float


def log_mean(one: float, other: float) -> float:
    """Return the logarithmic mean of two numbers of the same sign; 0 where either is 0.

    Raises:
        ValueError: if they have different signs.
    """
    if one == other:
        return one
    if not one or not other:
        return 0.0
    if (one > 0) is not (other > 0):
        raise ValueError(f"There is no log mean of {one} and {other}.")
    return (one - other) / _log_ratio(one, other)


def _log_ratio(now: float, before: float) -> float:
    """Return the log of a quotient; of two numbers that are close without losing their digits."""
    step = (now - before) / before
    return log1p(step) if abs(step) < _NEAR else log(abs(now)) - log(abs(before))


def of_product(before: Sequence[float], now: Sequence[float]) -> Parts:
    """Return each factor's part of the change of a product.

    Args:
        before: The factors as they were.
        now: The same factors as they are.
    """
    if any(_turned(was, told) for was, told in zip(before, now, strict=True)):
        return of_function(prod, before, now)
    first, last = prod(before), prod(now)
    whole = bool(first and last)
    amounts = _logged(first, last, before, now) if whole else _vanished(first, last, before, now)
    if not all(map(isfinite, amounts)):
        return of_function(prod, before, now)
    return Parts(_closed(amounts, last - first), Method.LOG_MEAN)


def _turned(before: float, now: float) -> bool:
    return min(before, now) < 0 < max(before, now)


def _logged(
    first: float, last: float, before: Sequence[float], now: Sequence[float]
) -> list[float]:
    mean = log_mean(last, first)
    return [
        mean * _log_ratio(told, was) if told != was else 0.0
        for was, told in zip(before, now, strict=True)
    ]


def _vanished(
    first: float, last: float, before: Sequence[float], now: Sequence[float]
) -> list[float]:
    """Return the parts where the product is 0 once: the limit gives all to what came or went.

    Several factors that came out of nothing together share it alike.
    """
    if first == last:
        return [0.0] * len(now)
    zeros = [not one for one in (now if first else before)]
    return [(last - first) / max(sum(zeros), 1) if zero else 0.0 for zero in zeros]


def of_function(
    value: Callable[[Sequence[float]], float], before: Sequence[float], now: Sequence[float]
) -> Parts:
    """Return each input's Shapley value of the change of any function of them.

    Raises:
        ValueError: if there are more inputs than can be told apart in time.
    """
    many = len(before)
    if many > MOST_FACTORS:
        raise ValueError(f"The parts of {many} factors are too many to tell by Shapley's value.")
    known: dict[frozenset[int], float] = {}

    def at(moved: frozenset[int]) -> float:
        if moved not in known:
            known[moved] = value([now[n] if n in moved else before[n] for n in range(many)])
        return known[moved]

    amounts = [_shapley(at, one, many) for one in range(many)]
    whole = at(frozenset(range(many))) - at(frozenset())
    return Parts(_closed(amounts, whole), Method.SHAPLEY)


def _shapley(at: Callable[[frozenset[int]], float], one: int, many: int) -> float:
    others = [other for other in range(many) if other != one]
    told = []
    for size in range(many):
        weight = factorial(size) * factorial(many - size - 1) / factorial(many)
        for chosen in combinations(others, size):
            moved = frozenset(chosen)
            told.append(weight * (at(moved | {one}) - at(moved)))
    return fsum(told)


def of_sum(before: Sequence[float], now: Sequence[float]) -> tuple[float, ...]:
    """Return each term's part of the change of a sum: its own change."""
    return tuple(told - was for was, told in zip(before, now, strict=True))


def of_segments(
    before: Mapping[Key, Segment], now: Mapping[Key, Segment]
) -> Mapping[Key, SegmentParts]:
    """Return the parts of a change of a ratio over segments: each one's rates and its weight.

    The ratio is the sum over segments of weight by rate. A segment that came or went has no rate
    to compare with: its whole part is mix, nobody's doing.

    Raises:
        ValueError: if there is no lower part at all before or now.
    """
    whole = sum(one.under for one in before.values()), sum(one.under for one in now.values())
    if not all(whole):
        raise ValueError("A ratio without a lower part has no change to tell the parts of.")
    keys = dict.fromkeys([*before, *now])
    return {key: _segment(before.get(key), now.get(key), whole) for key in keys}


def _segment(
    before: Segment | None, now: Segment | None, whole: tuple[float, float]
) -> SegmentParts:
    known = before or now
    factors = len(known.factors) if known else 0
    was = _factors(before, now, factors)
    told = _factors(now, before, factors)
    weights = (before.under if before else 0.0) / whole[0], (now.under if now else 0.0) / whole[1]
    parts = of_product([weights[0], *was], [weights[1], *told]).amounts
    return SegmentParts(parts[1:], parts[0])


def _factors(one: Segment | None, other: Segment | None, many: int) -> list[float]:
    """Return the factors of a segment; one that cannot be told is as in the other period."""
    own = one.factors if one is not None and one.under else (None,) * many
    others = other.factors if other is not None else (None,) * many
    return [
        next((value for value in pair if value is not None), 0.0)
        for pair in zip(own, others, strict=True)
    ]


def rounded(amounts: Sequence[float], total: float, digits: int) -> tuple[float, ...]:
    """Return parts rounded so that they add up to the rounded total: by largest remainders.

    Every part is shown within one step of its own value. `digits` may be negative: thousands.
    """
    scale = 10.0**digits
    goal = round(total * scale)
    floors = [_floor(one * scale) for one in amounts]
    left = goal - sum(floors)
    rests = [one * scale - floor for one, floor in zip(amounts, floors, strict=True)]
    order = sorted(range(len(amounts)), key=lambda at: -rests[at] if left > 0 else rests[at])
    steps = [0] * len(amounts)
    for turn in range(abs(left) if amounts else 0):
        steps[order[turn % len(order)]] += 1 if left > 0 else -1
    return tuple((floor + step) / scale for floor, step in zip(floors, steps, strict=True))


def _floor(value: float) -> int:
    near = round(value)
    # A number of whole steps must not fall a step for the sake of its last digits.
    return near if abs(value - near) < 1e-9 * max(1.0, abs(value)) else int(value // 1)


def _closed(amounts: Sequence[float], whole: float) -> tuple[float, ...]:
    """Return the parts with the last digits of the arithmetic put where they weigh least."""
    rest = whole - fsum(amounts)
    largest = max(range(len(amounts)), key=lambda at: abs(amounts[at]), default=-1)
    if largest < 0 or not isfinite(rest):
        return tuple(amounts)
    return tuple(one + rest if at == largest else one for at, one in enumerate(amounts))
