"""Pipeline coverage as it stood by the same day of earlier periods.

Coverage looks forward: a period that is over has nothing to come, and an open one says little by
itself. What the deals were expected to bring, and by when, is followed through their stage changes
and versions, so it can be told what was due by the same day of the periods before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import isclose

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.outlook import looks_forward
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.reading import Reading, State
from portal.models.observations import ScopeKind
from portal.services import numbers, sales_facts
from portal.services.deal_book import EVERYBODY, DealBook, Whose, read_deals
from portal.services.desks import Desk
from portal.services.engines import Workshop, open_engine
from portal.services.forecasting import before, due_in, won_in
from portal.services.numbers import TENANT, Point, Who

BACK = 12
"""So many earlier periods are looked at."""
_QUOTA = KpiKey("quota_attainment")
_WHOLE, _LEFT = KpiKey("pipeline_coverage"), KpiKey("pipeline_coverage_remaining")
_SAME = 0.005
"""How far the number worked out from the deals may lie from the KPI's own: else it is another."""


@dataclass(frozen=True, slots=True)
class Due:
    """What was due in a period by a day of it, and what had been won in it by then."""

    due: Decimal
    won: Decimal


def last(desk: Desk, kpi: KpiKey, grain: Grain) -> Period:
    """Return the period whose number tells most: the one that runs, of a KPI that looks forward.

    Else, and where the tenant's data ended long ago, the last closed one that has numbers.
    """
    forward = looks_forward(desk.catalogue[kpi].measure, desk.catalogue)
    if forward and numbers.runs_on(desk.session, desk.calendar, grain, desk.today):
        return desk.calendar.holding(desk.today, grain)
    return numbers.latest(desk.session, desk.calendar, grain, desk.today)


def by_day(
    desk: Desk, workshop: Workshop, who: Who, running: Mapping[KpiKey, Point]
) -> Mapping[KpiKey, tuple[Point, ...]]:
    """Return for each coverage the periods before the one that runs, each by its same day.

    Oldest first. A period without a quota, or whose quota was reached by then, has no number. A KPI
    is left out where the deals do not make its own number of today, or where it is not recorded
    when they were expected to close.
    """
    mine = {key: one for key, one in running.items() if _fits(desk, key, one)}
    if not mine:
        return {}
    period = next(iter(mine.values())).period
    dues = _dues(desk, workshop, who, period)
    if not dues:
        return {}
    quotas = _quotas(desk, who, period)
    found = {}
    for key, point in mine.items():
        now = _coverage(key, dues[period.start], quotas.get(period.start))
        if now is None or not isclose(now.value or 0.0, point.reading.value or 0.0, rel_tol=_SAME):
            continue
        earlier = (
            (one, _coverage(key, dues[one.start], quotas.get(one.start)))
            for one in reversed(before(desk.calendar, period, BACK))
        )
        found[key] = tuple(
            Point(one, told, point.definition, point.version, restated=False, first=told.value)
            for one, told in earlier
            if told is not None
        )
    return found


def day_of(period: Period, today: date) -> int:
    """Return which day of a period it is, from 1 on."""
    return (min(today, period.end - timedelta(days=1)) - period.start).days + 1


def _fits(desk: Desk, key: KpiKey, point: Point) -> bool:
    """Say whether a number can be followed back: it is one of these, and its period runs."""
    if key not in {_WHOLE, _LEFT} or key not in desk.catalogue or point.reading.value is None:
        return False
    return point.reading.state is State.SO_FAR


def _coverage(key: KpiKey, found: Due, quota: float | None) -> Reading | None:
    under = 0.0 if quota is None else quota - (float(found.won) if key == _LEFT else 0.0)
    if under <= 0:
        return None
    over = float(found.due)
    return Reading(over / under, State.FINAL, None, 0, over, under)


def _quotas(desk: Desk, who: Who, period: Period) -> Mapping[date, float]:
    series = numbers.series(
        desk.session, desk.calendar, (_QUOTA,), period.grain, who, period, BACK + 1
    )[_QUOTA]
    return {one.period.start: one.reading.under for one in series if one.reading.under}


def _dues(desk: Desk, workshop: Workshop, who: Who, period: Period) -> Mapping[date, Due]:
    whose = _whose(desk, who)

    def make() -> Mapping[date, Due]:
        with open_engine(workshop, desk.card.key) as opened:
            first = before(opened.calendar, period, BACK)[-1]
            book = read_deals(opened.engine, whose, opened.calendar.instant(first.start))
            return dues(book, opened.calendar, period, desk.today)

    return sales_facts.kept(desk, "coverage", whose, (period.label, desk.today), make)


def _whose(desk: Desk, who: Who) -> Whose:
    if who == TENANT:
        return EVERYBODY
    if who.kind is ScopeKind.OWNER:
        return Whose(frozenset((who.id,)))
    return Whose(frozenset(one.key for one in desk.roster.members(who.id)))


def dues(book: DealBook, calendar: Calendar, period: Period, today: date) -> Mapping[date, Due]:
    """Return what was due and won by the same day of a period and of those before it.

    By the day on which each period starts. Empty where no date of a deal was ever followed.
    """
    if not book.has_dates:
        return {}
    found = {}
    for one in (period, *before(calendar, period, BACK)):
        start, stop = calendar.same_elapsed(period, today, one)
        moment = calendar.instant(stop)
        won = won_in(book.ended, calendar.instant(start), moment)
        found[one.start] = Due(due_in(book.deals, one, moment), won)
    return found
