"""What the numbers of one scope have to tell: changed statuses, signals, targets at risk."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.services import (
    beginnings,
    numbers,
    pacing,
    signal_rules,
    statuses,
    targets,
    usual_ranges,
)
from portal.services.numbers import Point, Who
from portal.services.pacing import Course
from portal.services.quotients import of_nothing
from portal.services.rosters import Roster
from portal.services.signal_rules import Noticed, Rated, Turn
from portal.services.targets import Target
from portal.services.tenants import TenantCard
from portal.tenancy.session import TenantSession

STAYS = timedelta(days=3)
"""So long a target has to be at risk before it is told."""
EARLY = 0.3
"""Before so much of a period's work is gone, no pace is told."""
LATELY = timedelta(days=10)
"""What closed within so long is told as well as the newest: a scheduler may have been down."""
_COUNTS = {Grain.WEEK: 53, Grain.MONTH: 37, Grain.QUARTER: 26, Grain.YEAR: 4}
"""How many closed periods are looked at."""
_USUAL = 25
"""How many make the limits: as many as the page of a KPI shows."""
_ORDER = (Grain.DAY, *_COUNTS)


@dataclass(frozen=True, slots=True)
class House:
    """What signals are read with: the tenant's own numbers, for nobody in particular."""

    session: TenantSession
    card: TenantCard
    catalogue: Catalogue
    calendar: Calendar
    roster: Roster
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose numbers, what they are called, and the team's id in an address."""

    who: Who
    name: str = ""
    """Empty for the whole company."""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The number that is told of."""

    kpi: Kpi
    scope: Scope
    period: Period
    reading: Reading


@dataclass(frozen=True, slots=True)
class StatusNews:
    """A status that changed; `also` is the signal of the same number."""

    at: Place
    turn: Turn
    target: Target
    also: Noticed | None


@dataclass(frozen=True, slots=True)
class SignalNews:
    """A number that chance does not explain."""

    at: Place
    noticed: Noticed


@dataclass(frozen=True, slots=True)
class PaceNews:
    """A target that is at risk, with what should be reached by the day that is told."""

    at: Place
    target: Target
    expected: float
    day: date


News = StatusNews | SignalNews | PaceNews


@dataclass(frozen=True, slots=True)
class _Lane:
    """The KPIs of one grain: their closed periods, and the targets of these."""

    grain: Grain
    periods: tuple[Period, ...]
    points: Mapping[KpiKey, tuple[Point, ...]]
    goals: Mapping[tuple[KpiKey, date], Target]
    fresh: frozenset[date]
    """The first days of the periods that closed lately."""


def news_of(house: House, scope: Scope, kpis: Collection[KpiKey]) -> tuple[News, ...]:
    """Return what is to be told of some KPIs of a scope, those of the newest periods."""
    lanes = [lane for grain in _COUNTS if (lane := _lane(house, scope, kpis, grain))]
    found: list[News] = []
    for key in kpis:
        kpi = house.catalogue.kpi(key)
        turned = {news.at.period: news for news in _turned(kpi, scope, lanes)}
        for news in _signalled(kpi, scope, lanes):
            told = turned.get(news.at.period)
            if told is None:
                found.append(news)
            else:
                turned[news.at.period] = StatusNews(told.at, told.turn, told.target, news.noticed)
        found += turned.values()
    return (*found, *_paced(house, scope, kpis))


def aimed_at(house: House, scope: Scope, kpis: Collection[KpiKey]) -> tuple[KpiKey, ...]:
    """Return the KPIs that the scope has a target for, in what closed last or is open."""
    found: set[KpiKey] = set()
    for grain in _COUNTS:
        running = house.calendar.holding(house.today, grain)
        near = (house.calendar.previous(running), running)
        goals = targets.of(house.session, house.calendar, kpis, near, scope.who)
        found |= {key for key, _ in goals}
    return tuple(key for key in kpis if key in found)


def _lane(house: House, scope: Scope, kpis: Collection[KpiKey], grain: Grain) -> _Lane | None:
    """Return the closed periods of a grain, or None where the data ended before the last one."""
    mine = [key for key in kpis if _told_at(house.catalogue.kpi(key), grain)]
    calendar, session = house.calendar, house.session
    newest = calendar.previous(calendar.holding(house.today, grain))
    if not mine or numbers.latest(session, calendar, grain, house.today) != newest:
        return None
    series = numbers.series(session, calendar, mine, grain, scope.who, newest, _COUNTS[grain])
    points = beginnings.all_marked(house, scope.who, series)
    periods = tuple(point.period for point in points[mine[0]])
    goals = targets.of(session, calendar, mine, periods, scope.who)
    fresh = {one.start for one in periods if one.end > house.today - LATELY}
    return _Lane(grain, periods, points, goals, frozenset({newest.start, *fresh}))


def _told_at(kpi: Kpi, grain: Grain) -> bool:
    return _ORDER.index(grain) >= _ORDER.index(kpi.cadence)


def _turned(kpi: Kpi, scope: Scope, lanes: Sequence[_Lane]) -> Iterator[StatusNews]:
    """Yield the status changes of the periods that closed lately, of the finest grain aimed at."""
    for lane in lanes:
        goals = [lane.goals.get((kpi.key, period.start)) for period in lane.periods]
        points = lane.points.get(kpi.key)
        if points is None or goals[-1] is None:
            continue
        rated = [_rated(kpi, *pair) for pair in zip(points, goals, strict=True)]
        for turn in signal_rules.turns(rated):
            period, target = lane.periods[turn.index], goals[turn.index]
            if period.start in lane.fresh and target is not None:
                place = Place(kpi, scope, period, points[turn.index].reading)
                yield StatusNews(place, turn, target, None)
        return


def _rated(kpi: Kpi, point: Point, target: Target | None) -> Rated | None:
    judged = statuses.judge(kpi, point.reading, target)
    if judged.score is None or judged.status.tone is Tone.NEUTRAL:
        return None
    value, goal = point.reading.value, None if target is None else target.value
    sure = (
        value is None
        or goal is None
        or signal_rules.is_sure(value, goal, kpi.unit, point.reading.n)
    )
    return Rated(judged.status.tone, judged.score, sure)


def _signalled(kpi: Kpi, scope: Scope, lanes: Sequence[_Lane]) -> Iterator[SignalNews]:
    """Yield the signals of the periods that closed lately, at the KPI's own cadence."""
    for lane in lanes:
        if not (points := lane.points.get(kpi.key)):
            continue
        for index, point in enumerate(points):
            if point.period.start not in lane.fresh:
                continue
            values = [_value(kpi, each) for each in points[max(0, index + 1 - _USUAL) : index + 1]]
            noticed = signal_rules.noticed(values, usual_ranges.of_values(kpi, values))
            if noticed is not None:
                yield SignalNews(Place(kpi, scope, point.period, point.reading), noticed)
        return


def _value(kpi: Kpi, point: Point) -> float | None:
    untold = statuses.too_few(kpi, point.reading) or of_nothing(kpi, point.reading)
    return None if untold else point.settled


def _paced(house: House, scope: Scope, kpis: Collection[KpiKey]) -> Iterator[PaceNews]:
    """Yield the targets of open periods that are at risk by pace and stay so."""
    told: set[KpiKey] = set()
    for grain in _COUNTS:
        period = house.calendar.holding(house.today, grain)
        goals = targets.of(house.session, house.calendar, kpis, (period,), scope.who)
        mine = [key for key, _ in goals if key not in told and _paces(house, key, grain)]
        told |= {key for key, _ in goals}
        if not mine:
            continue
        to_date = numbers.to_date(
            house.session, house.calendar, mine, grain, scope.who, house.today
        )
        for key in mine:
            kpi, known = house.catalogue.kpi(key), to_date[key]
            place = Place(kpi, scope, period, known.so_far)
            news = _at_risk(house, place, goals[key, period.start], known.read_on)
            if news is not None:
                yield news


def _paces(house: House, key: KpiKey, grain: Grain) -> bool:
    kpi = house.catalogue.kpi(key)
    return _told_at(kpi, grain) and pacing.adds_up(house.catalogue, key)


def _at_risk(house: House, at: Place, target: Target, day: date | None) -> PaceNews | None:
    so_far, better = at.reading.value, at.kpi.better
    if day is None or so_far is None or better is Better.RANGE:
        return None
    then = day - STAYS if better is Better.HIGHER else day + STAYS
    needed = _pace(house, at, target, then)
    today = _pace(house, at, target, day)
    if needed.expected is None or today.expected is None or needed.share < EARLY:
        return None
    if not signal_rules.stays_at_risk(so_far, needed.expected, better):
        return None
    if at.kpi.unit is Unit.COUNT and abs(today.expected - so_far) <= sqrt(today.expected):
        # A few more or less are the chance of a few days.
        return None
    return PaceNews(at, target, today.expected, day)


def _pace(house: House, at: Place, target: Target, day: date) -> pacing.Pace:
    course = Course(at.kpi, at.scope.who, at.period, day)
    return pacing.pace(house.session, house.calendar, house.catalogue, course, target)
