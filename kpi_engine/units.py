"""What a number is counted in."""

from enum import StrEnum


class Unit(StrEnum):
    """The unit of a KPI. A ratio is 0-1 in data; per cent is made on screen only."""

    RATIO = "ratio"
    MONEY = "money"
    COUNT = "count"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    SCORE = "score"
    MONEY_PER_DAY = "money_per_day"


MICROSECONDS: dict[Unit, int] = {
    Unit.DAYS: 86_400_000_000,
    Unit.HOURS: 3_600_000_000,
    Unit.MINUTES: 60_000_000,
}
"""Length of one of each unit of time."""


def shown(value: float, unit: Unit, currency: str = "") -> str:
    """Return a value as a person reads it: a ratio in per cent, money with its currency."""
    if unit is Unit.RATIO:
        return f"{value * 100:,.1f} %"
    if unit is Unit.COUNT:
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    if unit is Unit.SCORE:
        return f"{value:,.2f}"
    if unit in MICROSECONDS:
        return f"{value:,.1f} {unit.value}"
    per = " a day" if unit is Unit.MONEY_PER_DAY else ""
    return f"{value:,.0f} {currency}".rstrip() + per
