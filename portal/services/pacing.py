"""How much of a target should be reached by today: by working days, or as last year went."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Aggregate, Balance, First, Kpi, KpiKey, KpiRef, Part
from kpi_engine.definitions.takes import BalanceTake, Take
from kpi_engine.periods import Calendar, Period
from portal.services import numbers
from portal.services.numbers import Who
from portal.services.targets import Target
from portal.services.working_time import Days
from portal.tenancy.session import TenantSession

_FLOWS = {Take.COUNT, Take.SUM, Take.DISTINCT}
_MOVES = {
    BalanceTake.LOST,
    BalanceTake.GAINED,
    BalanceTake.ACCOUNTS_LOST,
    BalanceTake.ACCOUNTS_GAINED,
}


class Basis(StrEnum):
    """By what the pace was told."""

    WHOLE = "whole"
    """The number does not add up over time: all of the target holds on every day."""
    WORKING_DAYS = "working_days"
    LAST_YEAR = "last_year"


@dataclass(frozen=True, slots=True)
class Pace:
    """What should be reached by today: `share` of the target, which is `expected`."""

    share: float
    expected: float | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Course:
    """What a pace is asked for: a KPI of one scope in a period, on a day of it."""

    kpi: Kpi
    who: Who
    period: Period
    today: date


def pace(
    session: TenantSession,
    calendar: Calendar,
    catalogue: Catalogue,
    course: Course,
    target: Target | None,
    *,
    by: Basis = Basis.WORKING_DAYS,
) -> Pace:
    """Return how far a KPI should be; today counts as gone, as it does in what is so far.

    By last year's profile it is the share that last year had reached after as many days; where
    last year tells none, by working days. A rate or a stock has no pace: its target holds as it is.
    """
    goal = None if target is None else target.value
    if not adds_up(catalogue, course.kpi.key):
        return Pace(1.0, goal, Basis.WHOLE)
    basis, share = by, None
    if by is Basis.LAST_YEAR:
        share = _last_year(session, calendar, course)
    if share is None:
        basis = Basis.WORKING_DAYS
        share = Days(course.period, course.today, catalogue.settings).part
    return Pace(share, None if goal is None else goal * share, basis)


def adds_up(catalogue: Catalogue, key: KpiKey) -> bool:
    """Say whether a KPI's periods add up: a count or a sum of what happened in them."""
    measure: Part = catalogue[key].measure
    if isinstance(measure, KpiRef):
        return adds_up(catalogue, measure.key)
    if isinstance(measure, Aggregate):
        # Of what is distinct, two months may have the same; a year's is not their sum.
        return measure.take in _FLOWS - {Take.DISTINCT}
    return isinstance(measure, First) or (isinstance(measure, Balance) and measure.take in _MOVES)


def _last_year(session: TenantSession, calendar: Calendar, course: Course) -> float | None:
    """Return the share of last year's period that was reached after as many days."""
    key, grain = course.kpi.key, course.period.grain
    then = calendar.last_year(course.period)
    part = numbers.to_date(session, calendar, [key], grain, course.who, course.today)[key].last_year
    (whole,) = numbers.series(session, calendar, [key], grain, course.who, then, 1)[key]
    over, under = part.value, whole.reading.value
    if over is None or under is None or under <= 0 or not 0 <= over <= under:
        return None
    return over / under
