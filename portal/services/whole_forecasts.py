"""Periods of which only a part had been promised when they began: no forecast of them is judged.

Who forecasts by the quarter has promised one quarter of a year on its first day. Beside what was
won in the whole year that reads as a forecast that was wrong by three quarters.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Aggregate, KpiKey
from kpi_engine.definitions.parts import walk
from kpi_engine.periods import Calendar, Grain, Period
from portal.services.deal_book import EVERYBODY
from portal.services.engines import Opened
from portal.services.forecasting import Submission, read_submissions

_COARSE_FIRST = (Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.DAY)
_OPENING = "is_opening"


def judging(catalogue: Catalogue, kpis: Iterable[KpiKey]) -> frozenset[KpiKey]:
    """Return the KPIs that hold what was promised at a period's start against something."""
    return frozenset(key for key in kpis if _judges(catalogue, key))


def _judges(catalogue: Catalogue, key: KpiKey) -> bool:
    return any(
        isinstance(part, Aggregate)
        and part.entity == "forecast"
        and part.where is not None
        and _OPENING in part.where.columns
        for _, part in walk(catalogue[key].measure)
    )


def in_part(
    opened: Opened, judging: Collection[KpiKey], periods: Iterable[Period]
) -> frozenset[Period]:
    """Return the periods for a part of which only somebody had a forecast at their start.

    Only those are looked at for which one of the KPIs is told: its cadence, or what is coarser.
    """
    told = [opened.engine.catalogue[key].cadence for key in judging]
    asked = [one for one in periods if any(one.grain in _from(cadence) for cadence in told)]
    if not asked:
        return frozenset()
    since = min(period.start for period in asked)
    found = read_submissions(opened.engine, EVERYBODY, since)
    return partly_promised(found, opened.calendar, asked)


def _from(cadence: Grain) -> Sequence[Grain]:
    return _COARSE_FIRST[: _COARSE_FIRST.index(cadence) + 1]


def partly_promised(
    submissions: Iterable[Submission], calendar: Calendar, periods: Collection[Period]
) -> frozenset[Period]:
    """Return the periods that somebody's forecasts cover in part.

    As the KPI has it, an owner's forecasts of the period's own grain count, else those of the
    coarsest finer grain. Who had none of it by then is left out of the number, and out of this.
    """
    ordered = sorted(submissions, key=lambda one: one.start)
    grains: dict[str, set[str]] = {}
    for one in ordered:
        grains.setdefault(one.owner, set()).add(one.grain)
    return frozenset(period for period in periods if _lacks(period, ordered, calendar, grains))


def _lacks(
    period: Period,
    ordered: Sequence[Submission],
    calendar: Calendar,
    grains: Mapping[str, set[str]],
) -> bool:
    finer = [grain.value for grain in _COARSE_FIRST[_COARSE_FIRST.index(period.grain) :]]
    opening = calendar.instant(period.start + timedelta(days=1))
    first, end = (bisect_left(ordered, day, key=_start) for day in (period.start, period.end))
    told: dict[tuple[str, str], set[date]] = {}
    for one in ordered[first:end]:
        used = next((grain for grain in finer if grain in grains[one.owner]), None)
        if one.grain == used and one.moment < opening:
            told.setdefault((one.owner, one.grain), set()).add(one.start)
    return any(
        len(starts) < _count(calendar, period, Grain(grain)) for (_, grain), starts in told.items()
    )


def _start(one: Submission) -> date:
    return one.start


def _count(calendar: Calendar, period: Period, grain: Grain) -> int:
    """Return how many periods of a finer grain begin in a period."""
    if grain is period.grain:
        return 1
    found = calendar.periods(grain, period.start, period.end)
    return sum(period.start <= one.start < period.end for one in found)
