"""Numbers, changes, days and periods in the reader's language; the only place that formats them.

A minus is a true minus, a unit stands after a no-break space, a ratio reads in per cent and moves
in percentage points. A value and what it is compared with are written with the same places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, get_currency_symbol

from kpi_engine.periods import Grain, Period
from kpi_engine.units import SHARES, Unit, half_up
from portal.readmodels import axes
from portal.readmodels.tongues import (
    NBSP,
    language,
    locale_of,
    money_pattern,
    word,
    written,
    written_figure,
)

MINUS: Final = "\N{MINUS SIGN}"
NONE: Final = "\N{EN DASH}"
LOCALES: Final = ("en", "de", "sv")
"""Languages whose words of units are written here; another reads its numbers with English words."""

_LARGE: Final = 10_000
"""From here on money is written short in a card."""
_STEPS: Final = (
    (999_950_000, 1_000_000_000, "B", 2),
    (999_500, 1_000_000, "M", 2),
    (_LARGE, 1_000, "K", 0),
)
"""From where on a step is taken, so that 999,960 is 1.00M and not 1000K."""
_MOST_PLACES: Final = 4
_HUNDRED: Final = 100.0
_TEN: Final = 10.0
TIMES: Final = "\N{MULTIPLICATION SIGN}"
_MANY = 10


@dataclass(frozen=True, slots=True)
class Formats:
    """How one reader reads. `currency` is the tenant's, as ISO 4217; empty writes bare figures."""

    locale: str = "en"
    currency: str = ""

    def value(self, amount: float, unit: Unit) -> str:
        """Return a value in full: '1,234,560.50 €' as the language has it, '22.6 %', '70 days'."""
        if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
            places = 0 if float(amount).is_integer() or abs(amount) >= _LARGE else 2
            return self._money(amount, places) + self._a_day(unit)
        return self.short(amount, unit)

    def short(self, amount: float, unit: Unit) -> str:
        """Return a value as a card says it: '€4.60M', '22.6 %', '70 days', '3.7x', '1,240'."""
        if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
            return self._short_money(amount) + self._a_day(unit)
        figure = self.number(amount * _scale(unit), places(amount, unit))
        return self._with_unit(figure, amount, unit)

    def bare(self, amount: float, unit: Unit, decimals: int | None = None) -> str:
        """Return a value without its unit, for a column that names it: '22.6', '4.60'."""
        if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
            return self.number(amount, decimals if decimals is not None else 0)
        kept = decimals if decimals is not None else places(amount, unit)
        return self.number(amount * _scale(unit), kept)

    def times(self, amount: float, decimals: int = 1) -> str:
        """Return a multiple: '3.7x'."""
        return f"{self.number(amount, decimals)}{TIMES}"

    def per_cent(self, ratio: float, decimals: int = 0) -> str:
        """Return a ratio in per cent: '84 %'."""
        return f"{self.number(ratio * _HUNDRED, decimals)}{NBSP}%"

    def number(self, amount: float, decimals: int = 0) -> str:
        """Return a bare number with so many places, a true minus, and no negative nought."""
        rounded = half_up(amount, decimals)
        text = written_figure(abs(rounded), decimals, self.locale)
        return f"{MINUS}{text}" if rounded < 0 else text

    def signed(self, amount: float, decimals: int = 0) -> str:
        """Return a number with its sign, also a plus; nought has none."""
        text = self.number(amount, decimals)
        return f"+{text}" if half_up(amount, decimals) > 0 else text

    def change(self, new: float, old: float, unit: Unit) -> str:
        """Return how a value moved: '-2.4 pp', '+12.2 %'; '' from 0, and from below it to above."""
        if unit is Unit.RATIO:
            # The difference of what is shown, so that the figures on the page add up.
            moved = half_up(new * _HUNDRED, 1) - half_up(old * _HUNDRED, 1)
            return f"{self.signed(moved, 1)}{NBSP}{self._word('pp')}"
        if unit in {Unit.SCORE, Unit.TIMES}:
            kept = 2 if unit is Unit.SCORE else 1
            moved = half_up(new, kept) - half_up(old, kept)
            return self._with_unit(self.signed(moved, kept), moved, unit)
        if not old or old < 0 < new:
            return ""
        return f"{self.signed((new - old) / abs(old) * _HUNDRED, 1)}{NBSP}%"

    def difference(self, new: float, old: float, unit: Unit) -> str:
        """Return the difference of two values in their unit: '+€412K', '-9 days', '-2.4 pp'."""
        if unit in {Unit.RATIO, Unit.SCORE, Unit.TIMES}:
            return self.change(new, old, unit)
        text = self.short(new - old, unit)
        return f"+{text}" if new > old else text

    def target(self, amount: float, unit: Unit, *, lower_is_better: bool = False) -> str:
        """Return a target: '€4.20M', or '≤ 66 days' where lower is better."""
        text = self.short(amount, unit)
        return f"\N{LESS-THAN OR EQUAL TO}{NBSP}{text}" if lower_is_better else text

    def range(self, low: float, high: float, unit: Unit) -> str:
        """Return a range with its unit once where the two share it: '26.0-31.4 %'."""
        if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
            return f"{self.short(low, unit)}{NONE}{self.short(high, unit)}"
        # Tenths of a record say nothing at the ends of a range of many.
        many = unit is Unit.COUNT and abs(high) >= _MANY
        decimals = 0 if many else max(places(low, unit), places(high, unit))
        scale = _scale(unit)
        ends = f"{self.number(low * scale, decimals)}{NONE}{self.number(high * scale, decimals)}"
        return self._with_unit(ends, high, unit)

    def period(self, period: Period) -> str:
        """Return a period's name in full: 'October 2026', 'Q4 2026', 'Week 46, 2026'."""
        return self._period(period, "LLLL y")

    def period_short(self, period: Period) -> str:
        """Return a period's short name: 'Oct 2026', 'Q4 2026'."""
        return self._period(period, "LLL y")

    def month(self, day: date) -> str:
        """Return the month that a day lies in: 'May 2024'."""
        return written(day, "LLLL y", self.locale)

    def period_least(self, period: Period) -> str:
        """Return the least that names a period beside others: 'Oct', 'Q4', 'Week 46', '2026'."""
        if period.grain is Grain.MONTH:
            return written(period.start, "LLL", self.locale)
        if period.grain is Grain.WEEK:
            return self._period(period, "LLL").split(",")[0]
        if period.grain is Grain.DAY:
            return self.day(period.start, year=False)
        return self._period(period, "LLL").split(NBSP)[0]

    def day(self, day: date, *, year: bool = True, weekday: bool = False) -> str:
        """Return a day: '3 Nov 2026'; without its year '3 Nov'; with its weekday in full."""
        if weekday:
            full = "EEEE d MMMM y" if language(self.locale) == "en" else "full"
            return str(format_date(day, full, locale=locale_of(self.locale)))
        skeleton = {"en": "d MMM", "sv": "d MMM"}.get(language(self.locale), "d. MMM")
        return written(day, f"{skeleton} y" if year else skeleton, self.locale)

    def moment(self, moment: datetime) -> str:
        """Return a day with its time, in the zone that the moment is in: '3 Nov 2026, 06:10'."""
        time = format_datetime(moment, "HH:mm", locale=locale_of(self.locale))
        return f"{self.day(moment.date())}, {time}"

    def ago(self, age: timedelta) -> str:
        """Return how long ago: '8 min ago', '26 h ago', '3 days ago'."""
        text = format_timedelta(
            -age, granularity="minute", threshold=1.6, add_direction=True, format="short",
            locale=locale_of(self.locale),
        )  # fmt: skip
        if language(self.locale) == "en":
            text = str(text).replace("hr.", "h").replace("min.", "min")
        return str(text).replace(" ", NBSP)

    def ticks(
        self, values: Iterable[float], unit: Unit, most: int = 6
    ) -> tuple[tuple[float, str], ...]:
        """Return round levels around the values with their words, for the y axis of a chart."""
        steps = axes.levels(values, _scale(unit), most)
        return tuple((step, self._tick(step, steps, unit)) for step in steps)

    def axis(self, periods: Sequence[Period]) -> tuple[tuple[float, str], ...]:
        """Return which points of the x axis are named, and how: months by quarter, then years."""
        return tuple(
            (float(at), self._named(periods[at], year)) for at, year in axes.named(periods)
        )

    def _named(self, period: Period, year: bool) -> str:  # noqa: FBT001  (a pair of `named`)
        if period.grain is Grain.WEEK:
            return self.day(period.start, year=False)
        least, _, of_year = self.period_short(period).rpartition(NBSP)
        return f"{least}\n{of_year}" if year and least else least or of_year

    def _tick(self, step: float, steps: Sequence[float], unit: Unit) -> str:
        apart = (steps[1] - steps[0] if len(steps) > 1 else 1.0) * _scale(unit)
        if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
            return self._tick_of_money(step, max(abs(each) for each in steps), apart)
        figure = self.number(step * _scale(unit), _fine(apart))
        return self._with_unit(figure, step, unit) if unit in SHARES else figure

    def _tick_of_money(self, step: float, largest: float, apart: float) -> str:
        if not step:
            return self._money(0, 0)
        for least, size, letter, _ in _STEPS:
            if largest >= least:
                return self._in_steps(step / size, letter, _fine(apart / size))
        return self._money(step, _fine(apart))

    def _money(self, amount: float, decimals: int) -> str:
        rounded = half_up(amount, decimals)
        if not self.currency:
            return self.number(rounded, decimals)
        text = format_currency(
            abs(rounded), self.currency, money_pattern(self.locale, decimals),
            locale=locale_of(self.locale), currency_digits=False,
        )  # fmt: skip
        return f"{MINUS}{text}" if rounded < 0 else str(text)

    def _short_money(self, amount: float) -> str:
        for least, size, letter, decimals in _STEPS:
            if abs(amount) >= least:
                return self._in_steps(amount / size, letter, decimals)
        whole = float(amount).is_integer() or abs(amount) >= _HUNDRED
        return self._money(amount, 0 if whole else 2)

    def _in_steps(self, amount: float, letter: str, decimals: int) -> str:
        kept = decimals if abs(amount) < _HUNDRED else min(decimals, 1)
        figure = self.number(abs(amount), kept)
        sign = MINUS if half_up(amount, kept) < 0 else ""
        if language(self.locale) == "en":
            return f"{sign}{self.symbol()}{figure}{letter}"
        return f"{sign}{figure}{NBSP}{self.step(letter, self.symbol())}"

    def step(self, letter: str, symbol: str) -> str:
        """Return the unit of amounts in thousands, millions or billions: '€M', 'Mio. €'."""
        if language(self.locale) == "en":
            return f"{symbol}{letter}"
        words = {"B": "Mrd.", "M": "Mio.", "K": "Tsd."} if language(self.locale) == "de" else {
            "B": "md", "M": "mn", "K": "t"}  # fmt: skip
        return f"{words[letter]}{NBSP}{symbol}" if symbol else words[letter]

    def symbol(self) -> str:
        """Return the sign of the currency as the reader's language has it; empty for none."""
        if not self.currency:
            return ""
        return str(get_currency_symbol(self.currency, locale=locale_of(self.locale)))

    def _with_unit(self, figure: str, amount: float, unit: Unit) -> str:
        if unit in SHARES:
            return f"{figure}{NBSP}%" if unit is Unit.RATIO else f"{figure}{TIMES}"
        if unit in {Unit.DAYS, Unit.HOURS, Unit.MINUTES}:
            return f"{figure}{NBSP}{self._word(unit.value, one=figure == '1' and amount > 0)}"
        return figure

    def _a_day(self, unit: Unit) -> str:
        return self._word("a_day").replace(" ", NBSP) if unit is Unit.MONEY_PER_DAY else ""

    def _word(self, name: str, *, one: bool = False) -> str:
        return word(language(self.locale), name, one=one)

    def _period(self, period: Period, month: str) -> str:
        if period.grain is Grain.MONTH:
            return written(period.start, month, self.locale).replace(" ", NBSP)
        if period.grain is Grain.DAY:
            return self.day(period.start)
        if period.grain is Grain.QUARTER:
            year, _, quarter = period.label.rpartition("-Q")
            return f"{self._word('quarter')}{quarter}{NBSP}{year}"
        if period.grain is Grain.WEEK:
            year, _, week = period.label.rpartition("-W")
            return f"{self._word('week')}{NBSP}{int(week) if week.isdigit() else week}, {year}"
        return period.label


def _fine(apart: float) -> int:
    """Return the least places that tell levels so far apart."""
    held = (at for at in range(_MOST_PLACES) if abs(round(apart, at) - apart) < apart / _HUNDRED)
    return next(held, _MOST_PLACES)


def places(amount: float, unit: Unit) -> int:
    """Return the places that a value is shown with; more where it would read as a false 0."""
    if unit in SHARES:
        usual = 1
    elif unit is Unit.SCORE:
        usual = 2
    elif unit in {Unit.DAYS, Unit.HOURS, Unit.MINUTES}:
        usual = 0 if abs(amount) >= _TEN or float(amount).is_integer() else 1
    else:
        usual = 0 if float(amount).is_integer() else 1
    scaled = amount * _scale(unit)
    while scaled and usual < _MOST_PLACES and half_up(scaled, usual) == 0:
        usual += 1
    return usual


def _scale(unit: Unit) -> float:
    return _HUNDRED if unit is Unit.RATIO else 1.0
