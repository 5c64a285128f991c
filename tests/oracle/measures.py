"""What a measure of any kind gives: simple ones looked up, composed ones from their parts."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Formula,
    Health,
    Kpi,
    KpiKey,
    KpiRef,
    Paired,
    Part,
    RankAccuracy,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.definitions.takes import SpanUnit
from kpi_engine.periods import Grain
from kpi_engine.reading import Absence
from kpi_engine.units import Unit
from tests.oracle.days import Days, days_later, holding, months_later
from tests.oracle.health import health
from tests.oracle.lens import Lens, Outcome, Window
from tests.oracle.pairs import first_touch, paired
from tests.oracle.simple import aggregate, cohort, duration, first, rank_accuracy
from tests.oracle.slipped import slipped
from tests.oracle.stocks import balance, stock
from tests.oracle.values import Context, value

SIMPLE = {
    Aggregate: aggregate,
    Duration: duration,
    Cohort: cohort,
    Stock: stock,
    Balance: balance,
    First: first,
    FirstTouch: first_touch,
    RankAccuracy: rank_accuracy,
    Slipped: slipped,
    Health: health,
}
TENANT_WIDE = (Absence.NOT_LOADED, Absence.NO_DATE)
_MONTHS = {SpanUnit.MONTH: 1, SpanUnit.QUARTER: 3, SpanUnit.YEAR: 12}


class Evaluator:
    """Measures of a catalogue, where one may name another by its key."""

    def __init__(self, kpis: Mapping[KpiKey, Kpi]) -> None:
        self._kpis = kpis

    def __call__(self, lens: Lens, part: Part, window: Window, unit: Unit) -> Outcome:
        """Return what the part gives for the lens's group and the window."""
        if type(part) in SIMPLE:
            return SIMPLE[type(part)](lens, part, window, unit)
        match part:
            case KpiRef():
                named = self._kpis[part.key]
                return self(lens, named.measure, window, named.unit)
            case Ratio():
                return self._ratio(lens, part, window, unit)
            case Formula():
                return self._formula(lens, part, window, unit)
            case Paired():
                return paired(lens, part, window, unit, self)
            case Rolling() | ToDate():
                return self(lens, part.measure, wider(lens, part, window), unit)

    def _ratio(self, lens: Lens, ratio: Ratio, window: Window, unit: Unit) -> Outcome:
        over = self(lens, ratio.over, window, unit)
        under = self(lens, ratio.under, window, unit)
        seen = over.seen or under.seen
        if under.why in TENANT_WIDE:
            return Outcome(why=under.why, seen=seen)
        if under.as_part == 0 or under.why is Absence.NO_ROWS:
            why = Absence.ZERO_DENOMINATOR
            return Outcome(None, why, under.n, over.as_part, under.as_part, seen=seen)
        if under.as_part is None or over.why in TENANT_WIDE:
            return Outcome(why=under.why or over.why, seen=seen)
        if under.as_part < 0:
            why = Absence.NEGATIVE_DENOMINATOR
            return Outcome(None, why, under.n, over.as_part, under.as_part, seen=seen)
        if over.as_part is None:
            return Outcome(None, Absence.MISSING_PART, seen=seen)
        value = over.as_part / under.as_part
        return Outcome(value, None, under.n, over.as_part, under.as_part, seen=seen)

    def _formula(self, lens: Lens, formula: Formula, window: Window, unit: Unit) -> Outcome:
        parts = {name: self(lens, part, window, unit) for name, part in formula.of}
        seen = any(part.seen for part in parts.values())
        n = min((part.n for part in parts.values()), default=0)
        for name, part in parts.items():
            if part.as_part is None:
                return Outcome(None, Absence.MISSING_PART, n, seen=seen, part=name)
        names = {name: part.as_part for name, part in parts.items()}
        found = value(formula.text, Context(lens.zone, names.get))
        if found is None:
            return Outcome(None, Absence.ZERO_DENOMINATOR, n, seen=seen)
        return Outcome(Fraction(found), None, n, seen=seen)


def wider(lens: Lens, part: Rolling | ToDate, window: Window) -> Window:
    """Return the days that a part looks at over or up to the end of `window`."""
    days = window.days
    if isinstance(part, ToDate):
        enclosing = holding(days.start, Grain(part.within.value), lens.world.calendar)
        days = Days(enclosing.start, days.end)
        return replace(window, days=days, steps=(days,))
    count = int(part.over.count)
    if part.over.unit not in _MONTHS:
        days = Days(days_later(days.end, -count, part.over.unit), days.end)
        return replace(window, days=days, steps=(days,))
    # Balances are compared month by month, each step measured from the end.
    months = count * _MONTHS[part.over.unit]
    edges = [months_later(days.end, back - months) for back in range(months + 1)]
    steps = tuple(Days(low, high) for low, high in pairwise(edges))
    return replace(window, days=Days(edges[0], days.end), steps=steps)
