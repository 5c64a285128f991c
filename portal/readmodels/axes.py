"""Where the ticks of a chart stand: round levels up, and the points along that are named."""

import math
from collections.abc import Iterable, Sequence

from kpi_engine.periods import Grain, Period

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_NAMED = 9
_QUARTER = 3
_YEAR = 12


def levels(values: Iterable[float], scale: float, most: int) -> tuple[float, ...]:
    """Return round levels from below the least to above the largest of the values.

    `scale` is what a value is multiplied by when it is read (100 for a ratio): levels are round as
    they are read. Nought is taken in where it is near.
    """
    held = [value * scale for value in values]
    if not held:
        return (0.0, 1.0 / scale)
    low, high = min(held), max(held)
    if low >= 0 and low < (high - low) / 2:
        low = 0.0
    if high == low:
        low, high = (low - abs(low) / 10, high + abs(high) / 10) if low else (0.0, 1.0)
    step = _step((high - low) / max(most - 1, 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(at * step, 10) / scale for at in range(first, last + 1))


def named(periods: Sequence[Period]) -> list[tuple[int, bool]]:
    """Return the places of periods that are named, and whether the year goes with the name.

    Months are named by the quarter, the others evenly from the last one back. The year stands with
    the first name of each year.
    """
    if not periods:
        return []
    places = _by_quarter(periods) if periods[0].grain is Grain.MONTH else []
    if not places or len(periods) <= _YEAR:
        every = math.ceil(len(periods) / _MOST_NAMED)
        places = [at for at in range(len(periods)) if (len(periods) - 1 - at) % every == 0]
    with_year = periods[0].grain in {Grain.MONTH, Grain.QUARTER}
    return [
        (at, with_year and (place == 0 or _year(periods, at) != _year(periods, places[place - 1])))
        for place, at in enumerate(places)
    ]


def _by_quarter(periods: Sequence[Period]) -> list[int]:
    return [at for at, period in enumerate(periods) if period.start.month % _QUARTER == 1]


def _year(periods: Sequence[Period], at: int) -> int:
    return periods[at].start.year


def _step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    return next(each * power for each in _ROUND if each * power >= raw * (1 - 1e-9))
