"""What a number is counted in, and how a person reads it."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import isfinite


class Unit(StrEnum):
    """The unit of a KPI. A ratio is 0-1 in data; per cent is made on screen only."""

    RATIO = "ratio"
    TIMES = "times"
    """A quotient of like things that is read as a multiple: 2.2 times, never 220 %."""
    MONEY = "money"
    COUNT = "count"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    SCORE = "score"
    MONEY_PER_DAY = "money_per_day"

    @property
    def stated(self) -> "Unit":
        """The unit as commands tell it: how a ratio is read is no other unit."""
        return Unit.RATIO if self is Unit.TIMES else self


SHARES = frozenset({Unit.RATIO, Unit.TIMES})
"""Units of a quotient of like things, whose two parts say what it stands on."""
MEANS = frozenset({*SHARES, Unit.DAYS, Unit.HOURS, Unit.MINUTES, Unit.SCORE})
"""Units of what adds up to nothing: the number of all lies among those of its parts."""
MICROSECONDS: dict[Unit, int] = {
    Unit.DAYS: 86_400_000_000,
    Unit.HOURS: 3_600_000_000,
    Unit.MINUTES: 60_000_000,
}
"""Length of one of each unit of time."""

_MILLION = 1_000_000
_MOST_PLACES = 6


def half_up(value: float, places: int = 0) -> float:
    """Return a number as people round it: halves go away from nought, so 1.515 reads 1.52.

    It is the decimal that is written which is rounded, to 15 digits, and not the binary fraction
    just beside it. `places` may be negative; what is not finite comes back as it is.
    """
    if not isfinite(value):
        return value
    step = Decimal(1).scaleb(-places)
    written = Decimal(f"{value:.15g}")
    if abs(written) >= _EXACT * step:
        return float(value)
    return float(written.quantize(step, ROUND_HALF_UP)) + 0.0


_EXACT = Decimal(10) ** 25
"""From so many steps on there is nothing after them to be rounded."""


def shown(value: float, unit: Unit, currency: str = "") -> str:
    """Return a value as a person reads it: a ratio in per cent, money with its currency."""
    if unit is Unit.RATIO:
        return f"{_figure(value * 100, 1)} %"
    if unit is Unit.TIMES:
        return f"{_figure(value, 1)}\N{MULTIPLICATION SIGN}"
    if unit is Unit.COUNT:
        return _figure(value, 0 if float(value).is_integer() else 1)
    if unit is Unit.SCORE:
        return _figure(value, 2)
    if unit in MICROSECONDS:
        return f"{_figure(value, 1)} {unit.value}"
    per = " a day" if unit is Unit.MONEY_PER_DAY else ""
    whole = abs(value) >= _MILLION or float(value).is_integer()
    return f"{_figure(value, 0 if whole else 2)} {currency}".rstrip() + per


def _figure(value: float, places: int) -> str:
    """Return a number with so many decimals; with more where it would read as a false 0."""
    value = float(value)
    while value and places < _MOST_PLACES and round(value, places) == 0:
        places += 1
    # Adding 0 takes the sign from what is rounded to a negative 0.
    return f"{round(value, places) + 0.0:,.{places}f}"
