"""Bare numbers of a row: scaled and rounded alike, the unit told once beside the name."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi_engine.units import Unit
from portal.readmodels.formats import TIMES, Formats
from portal.readmodels.tongues import language, word

_MILLION, _THOUSAND = 1_000_000, 1_000
_FROM_THOUSANDS = 10_000
_MONEY = (Unit.MONEY, Unit.MONEY_PER_DAY)
_WHOLE_FROM = 1_000
_TIMES = (Unit.DAYS, Unit.HOURS, Unit.MINUTES)


@dataclass(frozen=True, slots=True)
class Scale:
    """How the numbers of one row are written."""

    unit: str
    """'%', '€M', 'days': told once."""
    factor: float
    places: int
    formats: Formats

    def text(self, value: float) -> str:
        """Return a number of the row without its unit."""
        return self.formats.number(value * self.factor, self.places)


def scale_of(values: Iterable[float | None], unit: Unit, formats: Formats) -> Scale:
    """Return how a row with these numbers is written: by the largest of them."""
    there = [abs(value) for value in values if value is not None]
    largest = max(there, default=0.0)
    if unit in _MONEY:
        return _of_money(largest, unit, formats)
    if unit is Unit.RATIO:
        return Scale("%", 100.0, 1, formats)
    if unit is Unit.TIMES:
        return Scale(TIMES, 1.0, 1, formats)
    whole = all(float(value).is_integer() for value in there)
    places = 0 if whole or largest >= _WHOLE_FROM else 2 if unit is Unit.SCORE else 1
    told = word(language(formats.locale), unit.value) if unit in _TIMES else ""
    return Scale(told, 1.0, places, formats)


def _of_money(largest: float, unit: Unit, formats: Formats) -> Scale:
    symbol = formats.symbol()
    per = word(language(formats.locale), "a_day") if unit is Unit.MONEY_PER_DAY else ""
    if largest >= _MILLION:
        return Scale(formats.step("M", symbol) + per, 1 / _MILLION, 2, formats)
    if largest >= _FROM_THOUSANDS:
        return Scale(formats.step("K", symbol) + per, 1 / _THOUSAND, 0, formats)
    return Scale(f"{symbol}{per}", 1.0, 0, formats)
