"""Whether the unit that a KPI declares is one that its measure can have."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.graph import ground_up
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
    Measure,
    Paired,
    Part,
    RankAccuracy,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.definitions.problems import Issue, Severity
from kpi_engine.definitions.takes import HealthTake, Take, Within
from kpi_engine.language import tr
from kpi_engine.units import MICROSECONDS, SHARES, Unit

Kpis = Mapping[KpiKey, Kpi]
_TIMES = frozenset(MICROSECONDS)
_ANY = frozenset(Unit)
_MAX_STEPS = 50
_UNITS: Mapping[type[Measure], frozenset[Unit]] = {
    First: frozenset({Unit.COUNT}),
    Slipped: frozenset({Unit.COUNT}),
    Cohort: frozenset({Unit.RATIO}),
    Paired: frozenset({Unit.RATIO}),
    RankAccuracy: frozenset({Unit.SCORE, Unit.RATIO}),
}


def units_fit(kpis: Kpis, _unread: frozenset[str]) -> Iterator[Issue]:
    """A KPI's unit is one that its measure can have, and the parts of a share are alike.

    What is built from itself has no unit; another rule tells it.
    """
    for key in ground_up(kpis)[0]:
        kpi = kpis[key]
        fitting = _units(kpi.measure, kpis, _MAX_STEPS)
        if kpi.unit not in fitting:
            text = tr(
                "Its unit is {value}, but its measure gives {units}.",
                value=kpi.unit.value,
                units=_said(fitting),
            )
            yield Issue("", 0, "unit", kpi.key, Severity.ERROR, text)
        elif isinstance(kpi.measure, Ratio):
            yield from _ratio_fits(kpi, kpi.measure, kpis)


def _ratio_fits(kpi: Kpi, ratio: Ratio, kpis: Kpis) -> Iterator[Issue]:
    """A share is of like things; money for each of something is money over a number of them."""
    over, under = (_units(part, kpis, _MAX_STEPS) for part in (ratio.over, ratio.under))
    if kpi.unit in SHARES and not over & under:
        text = tr(
            "Its unit is {unit}, but 'over' is {over} and 'under' is {under}; a share is of "
            "like things.",
            unit=kpi.unit.value,
            over=_said(over),
            under=_said(under),
        )
        yield Issue("", 0, "measure.ratio", kpi.key, Severity.ERROR, text)
    if kpi.unit is Unit.MONEY and (Unit.MONEY not in over or under == {Unit.MONEY}):
        text = tr(
            "Its unit is money, but it is {over} over {under}.",
            over=_said(over),
            under=_said(under),
        )
        yield Issue("", 0, "measure.ratio", kpi.key, Severity.ERROR, text)


def _said(units: frozenset[Unit]) -> str:
    return tr(" or ").join(sorted(unit.value for unit in units))


def _units(part: Part, kpis: Kpis, steps: int) -> frozenset[Unit]:
    """Return the units that a part can have; all of them where it cannot be told."""
    match part:
        case KpiRef():
            return frozenset({kpis[part.key].unit}) if part.key in kpis else _ANY
        case Rolling() | ToDate():
            return _units(part.measure, kpis, steps - 1) if steps else _ANY
        case _:
            return _own_units(part)


def _own_units(measure: Measure) -> frozenset[Unit]:
    match measure:
        case Aggregate() | Stock() | Balance():
            return _of_amount(measure)
        case Duration() | FirstTouch():
            return frozenset({Unit.RATIO}) if isinstance(measure.take, Within) else _TIMES
        case First() | Slipped() | Cohort() | Paired() | RankAccuracy():
            return _UNITS[type(measure)]
        case Health():
            mean = measure.take is HealthTake.MEAN
            return frozenset({Unit.SCORE if mean else Unit.MONEY})
        case Ratio() | Formula() | Rolling() | ToDate():
            return _ANY
        case _:
            assert_never(measure)


def _of_amount(measure: Aggregate | Stock | Balance) -> frozenset[Unit]:
    """A number of records or accounts is a count; money is money; another number may be any."""
    if measure.take in (Take.COUNT, Take.DISTINCT) or measure.take.value.startswith("accounts_"):
        return frozenset({Unit.COUNT})
    is_money = measure.value is not None and measure.value.type is ColumnType.MONEY
    return frozenset({Unit.MONEY}) if is_money else _ANY
