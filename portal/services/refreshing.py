"""Bringing what pages read up to the facts: closed periods, open readings, and the roster.

It is done after every load and once a day. What no load has touched is not asked again.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from time import perf_counter

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from portal.models import open_readings as questions
from portal.models.open_readings import Refreshed as Row
from portal.services import activations_ahead, loads, moments, record_gaps, reopening, rosters
from portal.services.causes import causes_between, measures_of
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.freshness import overtaken
from portal.services.observing import Look
from portal.services.reach_of_facts import Days, days_of
from portal.services.snapshots import TOGETHER, Desk, Taken, observe
from portal.services.touched import lacking, touched
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

BACK = 36
"""So many months are told unless somebody asks for more."""
_WEEKS_FOR_MONTHS = 26 / 36
_QUARTER, _YEAR = 3, 12


@dataclass(slots=True)
class Refresh:
    """What a refresh did. Nothing at all if there were no facts."""

    version: int = 0
    days: Days = field(default_factory=Days)
    kpis: int = 0
    """How many KPIs were asked anew."""
    observed: int = 0
    restated: int = 0
    open: int = 0
    """How many open readings were written."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Before:
    """What the last refresh was made of."""

    version: int
    definitions: str
    read_on: date
    days: Days


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done: some KPIs over all their periods, the rest over those not told before."""

    anew: frozenset[KpiKey]
    rest: frozenset[KpiKey]
    open: frozenset[KpiKey]
    """Whose open readings are to be read."""
    told: frozenset[Period]
    """The closed periods that were told before."""
    looked: frozenset[KpiKey] = frozenset()
    """Whose records are to be looked through."""


def refresh(
    workshop: Workshop,
    tenant: TenantKey,
    now: datetime,
    *,
    back: int = BACK,
    waits: Callable[[], None] | None = None,
) -> Refresh:
    """Bring a tenant's numbers up to its facts, its definitions and the day.

    Definitions whose day has come are activated first.

    Closed periods reach back `back` months (26 weeks for 36 months), never before the first fact
    nor after the last. What was observed stays; another value is a restatement with its cause.

    Args:
        workshop: What questions are answered with.
        tenant: Whose numbers.
        now: The present moment.
        back: How many months of closed periods are told.
        waits: Called when somebody else who writes goes first.
    """
    began = perf_counter()
    activations_ahead.take_all(workshop.database, tenant, now)
    with open_engine(workshop, tenant) as opened:
        if opened.engine.known_at is None:
            return Refresh()
        today = opened.calendar.local_date(moments.naive(now))
        days = days_of(opened, today)
        digest = _digest(opened, back)
        with workshop.database.session(tenant) as session:
            before = _usable(_before(session), opened, digest)
            work = _work(session, opened, before, today, back)
        desk = Desk(workshop, opened, now, waits)
        done = Taken(opened.engine.version, opened.engine.known_at)
        for asked in _looks(work, _closed(opened.calendar, days, today, back), today):
            observe(desk, asked, done)
        reopened = reopening.reopen(opened, work.open, today, days.last, now)
        people = rosters.read(opened)
        with (
            loads.writing(workshop.database, tenant, waits),
            workshop.database.session(tenant) as session,
        ):
            if not overtaken(session, opened.engine.version):
                rosters.keep(session, people)
                reopening.keep(session, reopened, opened.engine.catalogue)
                record_gaps.forget(session, work.looked, opened.engine.catalogue)
                _mark(session, opened, digest, today, now, days)
        took = perf_counter() - began
        record_gaps.count_anew(workshop, opened, work.looked, (today, days.last), waits)
        return Refresh(
            opened.engine.version,
            days,
            len(work.anew),
            done.observed,
            done.restated,
            len(reopened.rows),
            took,
        )


def refresh_some(
    workshop: Workshop,
    tenant: TenantKey,
    kpis: Collection[KpiKey],
    before: Mapping[KpiKey, str],
    now: datetime,
) -> Refresh:
    """Bring some KPIs up to their new definitions; all others stay as the last refresh left them.

    Where the last refresh is not of these facts and of the definitions `before`, nothing is marked,
    and the next one asks everything anew.

    Args:
        workshop: What questions are answered with.
        tenant: Whose numbers.
        kpis: Which KPIs have changed.
        before: The fingerprints that the last refresh was made with.
        now: The present moment.
    """
    began = perf_counter()
    with open_engine(workshop, tenant) as opened:
        if opened.engine.known_at is None:
            return Refresh()
        today = opened.calendar.local_date(moments.naive(now))
        days = days_of(opened, today)
        asked = frozenset(kpis) & frozenset(opened.engine.catalogue)
        work = _Work(asked, frozenset(), asked, frozenset())
        done = Taken(opened.engine.version, opened.engine.known_at)
        for look in _looks(work, _closed(opened.calendar, days, today, BACK), today):
            observe(Desk(workshop, opened, now), look, done)
        reopened = reopening.reopen(opened, asked, today, days.last, now)
        digests = _digest(replace(opened, fingerprints=before), BACK), _digest(opened, BACK)
        with (
            loads.writing(workshop.database, tenant),
            workshop.database.session(tenant) as session,
        ):
            if not overtaken(session, opened.engine.version):
                reopening.keep(session, reopened, opened.engine.catalogue)
                record_gaps.forget(session, asked, opened.engine.catalogue)
                _remark(session, opened.engine.version, *digests)
        took = perf_counter() - began
        record_gaps.count_anew(workshop, opened, asked, (today, days.last))
        return Refresh(
            opened.engine.version,
            days,
            len(asked),
            done.observed,
            done.restated,
            len(reopened.rows),
            took,
        )


def _remark(session: TenantSession, version: int, before: str, after: str) -> None:
    """Say that what was refreshed by the definitions before is now of those after."""
    row = session.scalars(questions.refreshed()).one_or_none()
    if row is not None and (row.version, row.definitions) == (version, before):
        row.definitions = after


@dataclass(frozen=True, slots=True)
class Last:
    """What pages read of at present: the version of the facts, the day, and when it was done."""

    version: int
    read_on: date
    refreshed_at: datetime


def last_refresh(session: TenantSession) -> Last | None:
    """Return what the last refresh was made of; None before the first."""
    row = session.scalars(questions.refreshed()).one_or_none()
    return None if row is None else Last(row.version, row.read_on, row.refreshed_at)


def _work(
    session: TenantSession, opened: Opened, before: _Before | None, today: date, back: int
) -> _Work:
    """Say what has to be asked again since the last refresh; None before: all of it."""
    every = frozenset(opened.engine.catalogue)
    if before is None:
        return _Work(every, frozenset(), every, frozenset(), every)
    told = frozenset(_closed(opened.calendar, before.days, before.read_on, back))
    causes = causes_between(session, opened.engine.catalogue, before.version)
    # By what a definition names, and by what is read on the way from its records to an owner.
    anew = causes.touched(before.version) | touched(opened, causes.landed, before.version, today)
    if today == before.read_on:
        looked = lacking(opened, causes.landed, before.version, today)
        looked |= anew | record_gaps.unlooked(session, every)
        return _Work(anew, every - anew, anew, told, looked)
    # A day on, a cohort's window may have passed; whatever else is closed stays as it is.
    anew |= frozenset(kpi for kpi in every if _ripens(opened, kpi))
    return _Work(anew, every - anew, every, told, every)


def _ripens(opened: Opened, kpi: KpiKey) -> bool:
    return "Cohort" in measures_of(opened.engine.catalogue, kpi)


def _looks(work: _Work, closed: Sequence[Period], today: date) -> Iterator[Look]:
    """Yield what is to be asked: one question for all periods that can be asked together."""
    for together in TOGETHER:
        near = [period for period in closed if period.grain in together]
        fresh = [period for period in near if period not in work.told]
        for kpis, periods in ((work.anew, near), (work.rest, fresh)):
            if kpis and periods:
                yield Look(tuple(sorted(kpis)), periods, today)


def _closed(calendar: Calendar, days: Days, today: date, back: int) -> list[Period]:
    """Return the closed periods that are told, the finest grain first."""
    if days.first is None or days.last is None:
        return []
    found: list[Period] = []
    for grain, count in (
        (Grain.WEEK, round(back * _WEEKS_FOR_MONTHS)),
        (Grain.MONTH, back),
        (Grain.QUARTER, -(-back // _QUARTER)),
        (Grain.YEAR, -(-back // _YEAR)),
    ):
        last = min(
            calendar.previous(calendar.holding(today, grain)), calendar.holding(days.last, grain)
        )
        first = max(calendar.shift(last.start, grain, 1 - count), days.first)
        if first < last.end:
            found += calendar.periods(grain, first, last.end)
    return found


def _digest(opened: Opened, back: int) -> str:
    """Return what, besides facts and the day, the numbers are made of, as one word."""
    card = opened.tenant
    told = {
        "definitions": dict(opened.fingerprints),
        "stages": {name: repr(rule) for name, rule in card.stages.items()},
        "calendar": [card.timezone, card.fiscal_start, card.week_start],
        "back": back,
        "touched": "by what statements read",
        "forward": "nothing of what is over",
        "forecasts": "of whole periods",
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _before(session: TenantSession) -> _Before | None:
    row = session.scalars(questions.refreshed()).one_or_none()
    if row is None:
        return None
    return _Before(row.version, row.definitions, row.read_on, Days(row.first_on, row.last_on))


def _usable(before: _Before | None, opened: Opened, digest: str) -> _Before | None:
    """Return what was done before, if it was done by the same definitions."""
    same = before is not None and before.definitions == digest
    return before if before and same and before.version <= opened.engine.version else None


def _mark(
    session: TenantSession, opened: Opened, digest: str, today: date, now: datetime, days: Days
) -> None:
    row = session.scalars(questions.refreshed()).one_or_none()
    if row is None:
        row = Row()
    row.version, row.definitions, row.read_on = opened.engine.version, digest, today
    row.refreshed_at, row.first_on, row.last_on = now, days.first, days.last
    session.add(row)
