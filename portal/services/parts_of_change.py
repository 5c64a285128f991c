"""Who moved a KPI: the change between two periods, taken apart by team or owner.

The parts add up to the whole change. What no group holds is a part of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_engine.definitions.kinds import Aggregate, Balance, First, Kpi, Measure, Slipped, Stock
from kpi_engine.definitions.takes import BalanceTake, Take
from kpi_engine.reading import Reading

OTHERS = ""
"""The key of the part that belongs to no group."""
_ADDED = (Take.COUNT, Take.SUM)
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """A reading and the one that it is compared with."""

    now: Reading
    before: Reading


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one group adds to the change: in the KPI's unit, and as a share of the whole change."""

    key: str
    points: float
    share: float
    pair: Pair | None
    """None for what belongs to no group."""


def adds_up(kpi: Kpi) -> bool:
    """Say whether the KPI of a whole is the sum of that of its groups."""
    return _adds_up(kpi.measure)


def _adds_up(measure: Measure) -> bool:
    match measure:
        case Aggregate(take=take) | Stock(take=take):
            return take in _ADDED
        case Balance(take=taken):
            return not taken.value.startswith("accounts_") or taken in _ACCOUNTS
        case First() | Slipped():
            return True
        case _:
            return False


_ACCOUNTS = (BalanceTake.ACCOUNTS_START, BalanceTake.ACCOUNTS_END)


def contributions(kpi: Kpi, whole: Pair, groups: Mapping[str, Pair]) -> tuple[Contribution, ...]:
    """Return what each group adds to the change, the largest first; empty where it cannot be told.

    A ratio's change is told by each group's excess over the mean of both rates, so that both its
    own rate and its weight in the whole count.
    """
    now, before = whole.now.value, whole.before.value
    if now is None or before is None or abs(now - before) < _EPSILON:
        return ()
    points = _points(kpi, whole, groups)
    if not points:
        return ()
    rest = (now - before) - sum(points.values())
    if abs(rest) > _EPSILON * max(1.0, abs(now), abs(before)):
        points[OTHERS] = rest
    found = (
        Contribution(key, value, value / (now - before), groups.get(key))
        for key, value in points.items()
    )
    return tuple(sorted(found, key=lambda one: -one.share))


def _points(kpi: Kpi, whole: Pair, groups: Mapping[str, Pair]) -> dict[str, float]:
    if _is_ratio(whole):
        return _of_ratio(whole, groups)
    if adds_up(kpi):
        return {
            key: (one.now.value or 0.0) - (one.before.value or 0.0) for key, one in groups.items()
        }
    return {}


def _is_ratio(whole: Pair) -> bool:
    return _is_quotient(whole.now) and _is_quotient(whole.before)


def _is_quotient(reading: Reading) -> bool:
    """Say whether the value is `over` by `under` as it stands; an accuracy is one less that."""
    if reading.value is None or reading.over is None or not reading.under:
        return False
    return abs(reading.over / reading.under - reading.value) < _EPSILON * max(1, abs(reading.value))


def _of_ratio(whole: Pair, groups: Mapping[str, Pair]) -> dict[str, float]:
    middle = ((whole.now.value or 0.0) + (whole.before.value or 0.0)) / 2
    return {
        key: _excess(one.now, middle, whole.now.under)
        - _excess(one.before, middle, whole.before.under)
        for key, one in groups.items()
    }


def _excess(reading: Reading, middle: float, under: float | None) -> float:
    if not under:
        return 0.0
    return ((reading.over or 0.0) - middle * (reading.under or 0.0)) / under
