"""What the sales homes read from the facts, and keep until the facts change.

A view is kept by tenant, version of the facts, definitions of its stages and settings, whose
records, and day: none of it is another's. How many are kept is bounded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from kpi_engine.engine.engine import Engine
from kpi_engine.periods import Calendar, Grain, Period
from portal.services import activities, forecasting, loads, pipeline, stage_funnel
from portal.services.activities import Doing, Span
from portal.services.deal_book import Whose, read_deals
from portal.services.deals import NOTHING, Deal
from portal.services.desks import Desk
from portal.services.engines import Workshop, open_engine
from portal.services.forecasting import Expected, Judged
from portal.services.opportunities import OpenDeal, Watch, open_deals
from portal.services.pipeline import Step, Usual, Waterfall
from portal.services.shelf import Shelf, View
from portal.services.stage_funnel import Funnel
from portal.services.tasks import AHEAD, Task, read_overdue, read_tasks

_KEPT = 64
_WEEKS = 13
RECENT_WEEKS, BEFORE_WEEKS = 8, 26
_USUAL_PERIODS = 6
_FAR_OUT = 60


@dataclass(frozen=True, slots=True)
class PeriodView:
    """Which period, seen when which day has ended."""

    period: Period
    today: date

    @property
    def until(self) -> date:
        """The first day that is not seen yet."""
        return min(self.today + timedelta(days=1), self.period.end)


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team's deals, taken together."""

    has_deals: bool
    has_stages: bool
    has_dates: bool
    fall: Waterfall
    usual: Mapping[Step, Usual]
    funnel: Funnel
    judged: tuple[Judged, ...]
    expected: Expected | None
    """None too for a period that has ended: it came as it came."""
    promised: Mapping[str, tuple[Decimal, Decimal]]
    """What each person promised 60 days before the end of the last four periods, and what came."""
    won: tuple[tuple[date, Decimal], ...]
    """What was won by the end of each day on which something was."""
    said: tuple[tuple[date, Decimal], ...]
    """What the team's people together had promised, from each day on which that changed."""
    said_by: frozenset[str]
    """Whose promises those are."""
    open: Mapping[str, tuple[OpenDeal, ...]]
    """Each person's open deals."""
    built: Mapping[str, tuple[Decimal, ...]]
    """Each person's new pipeline in the last 13 whole weeks, oldest first."""
    overdue: Mapping[str, int]
    """Each person's tasks that are past their day."""
    did: Mapping[tuple[str, Doing], tuple[int, ...]]
    """What each person did in the half year before the last eight weeks, and in these."""
    slips: Mapping[str, tuple[Deal, ...]]
    """Each person's open deals whose expected close moved to a later quarter twice or more."""
    unborn: int = 0
    """How many deals ended in the period that lack their beginning: in `won`, and in no `fall`."""


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """One person's deals, tasks and activities."""

    open: tuple[OpenDeal, ...]
    has_deals: bool
    has_stages: bool
    tasks: tuple[Task, ...]
    did: Mapping[tuple[str, Doing], tuple[int, ...]]
    """The week that `activities.weeks` tells of, and the same part of the eight weeks before."""
    won: Mapping[Grain, Decimal]
    """What was won in the month and the quarter that the day is in."""
    average: Decimal | None
    """The mean amount of what was won in the last twelve months, from five deals on."""
    undated: int = 0
    """How many more deals are open, which say nothing of when they began."""


_SHELF = Shelf(_KEPT)


def of_team(desk: Desk, workshop: Workshop, whose: Whose, seen: PeriodView) -> TeamFacts:
    """Return what a team's records tell of a period."""

    def make() -> TeamFacts:
        with open_engine(workshop, desk.card.key) as opened:
            return read_team(opened.engine, opened.calendar, whose, seen)

    return kept(desk, "team", whose, (seen.period.label, seen.today), make)


def of_person(desk: Desk, workshop: Workshop, owner: str, today: date) -> OwnFacts:
    """Return what one person's records tell as of a day."""

    def make() -> OwnFacts:
        with open_engine(workshop, desk.card.key) as opened:
            return read_person(opened.engine, opened.calendar, owner, today)

    return kept(desk, "person", Whose(frozenset((owner,))), (today,), make)


def kept(
    desk: Desk,
    what: str,
    whose: Whose,
    more: tuple[object, ...],
    make: Callable[[], View],
) -> View:
    """Return what is told of some people's records, made now if the facts have changed since."""
    return _SHELF.get(_key(desk, what, whose, *more), make)


def _key(desk: Desk, what: str, whose: Whose, *more: object) -> tuple[object, ...]:
    load = loads.last_landed(desk.session)
    rules = repr((desk.card.stages, sorted(desk.card.settings.items()), desk.calendar))
    return (desk.card.key, load.seq if load else 0, hash(rules), what, whose, *more)


def read_team(engine: Engine, calendar: Calendar, whose: Whose, seen: PeriodView) -> TeamFacts:
    """Read what a team's records tell of a period."""
    period, until = seen.period, seen.until
    earliest = forecasting.before(calendar, period, forecasting.BACK + forecasting.JUDGED)[-1]
    book = read_deals(engine, whose, calendar.instant(earliest.start))
    deals = book.deals
    start, moment = calendar.instant(period.start), calendar.instant(until)
    year_before = calendar.instant(calendar.shift(period.start, Grain.YEAR, -1))
    promises = forecasting.read_submissions(engine, whose, earliest.start)
    found = stage_funnel.funnel(deals, book.stages, start, moment, year_before)
    usual_days = {row.stage: row.usual_days for row in found.rows if row.usual_days is not None}
    watch = _watch(engine, calendar, seen.today, usual_days)
    said, said_by = _said(promises, period, calendar, until)
    return TeamFacts(
        has_deals=bool(deals),
        has_stages=book.has_stages,
        has_dates=book.has_dates,
        fall=pipeline.waterfall(deals, calendar, period, until),
        usual=pipeline.usual(deals, calendar, period, until, _USUAL_PERIODS)
        if book.has_dates
        else {},
        funnel=found,
        judged=forecasting.judged(book, promises, calendar, period) if promises else (),
        expected=forecasting.expected(book.every, calendar, period, until)
        if book.has_dates and until < period.end
        else None,
        promised=forecasting.promised(book.ended, promises, calendar, period, _FAR_OUT),
        won=_won(book.ended, calendar, start, moment),
        unborn=len({one.key for one in book.ended if one.closed_in(start, moment)})
        - sum(one.closed_in(start, moment) for one in deals),
        said=said,
        said_by=said_by,
        open=_by_owner(open_deals(deals, watch)),
        built=_built(deals, calendar, seen.today),
        overdue=read_overdue(engine, whose, calendar.instant(seen.today), moment),
        did=activities.counted(engine, whose, calendar, recent(seen.today)),
        slips=_slips(deals, calendar, moment),
    )


def read_person(engine: Engine, calendar: Calendar, owner: str, today: date) -> OwnFacts:
    """Read what one person's records tell as of a day."""
    whose = Whose(frozenset((owner,)))
    ends = calendar.instant(today + timedelta(days=1))
    year_ago = calendar.instant(calendar.shift(today, Grain.YEAR, -1))
    book = read_deals(engine, whose, year_ago)
    usual_days = stage_funnel.usual_days(engine, year_ago, ends)
    watch = _watch(engine, calendar, today, usual_days)
    closed = [deal.amount for deal in book.ended if deal.won and deal.closed_in(year_ago, ends)]
    won = {
        grain: forecasting.won_in(
            book.ended, calendar.instant(calendar.holding(today, grain).start), ends
        )
        for grain in (Grain.MONTH, Grain.QUARTER)
    }
    return OwnFacts(
        open=open_deals(book.deals, watch),
        has_deals=bool(book.deals),
        has_stages=book.has_stages,
        tasks=read_tasks(engine, whose, ends + AHEAD),
        did=activities.counted(engine, whose, calendar, activities.weeks(calendar, today)),
        won=won,
        average=sum(closed, NOTHING) / len(closed) if len(closed) >= _FEW_DEALS else None,
        undated=book.undated,
    )


_FEW_DEALS = 5


def _watch(engine: Engine, calendar: Calendar, today: date, usual: Mapping[str, float]) -> Watch:
    ends = calendar.instant(today + timedelta(days=1))
    stale = int(str(engine.settings["stale_deal_days"]))
    return Watch(today, ends, usual, engine.stages, stale)


def recent(today: date) -> list[Span]:
    """Return the half year before the last eight weeks, and these."""
    ends = today + timedelta(days=1)
    middle = ends - timedelta(weeks=RECENT_WEEKS)
    return [(middle - timedelta(weeks=BEFORE_WEEKS), middle), (middle, ends)]


def _won(
    deals: tuple[Deal, ...], calendar: Calendar, start: datetime, end: datetime
) -> tuple[tuple[date, Decimal], ...]:
    by_day: dict[date, Decimal] = {}
    for deal in deals:
        if deal.won and deal.closed is not None and deal.closed_in(start, end):
            day = calendar.local_date(deal.closed)
            by_day[day] = by_day.get(day, NOTHING) + deal.amount
    found, total = [], NOTHING
    for day in sorted(by_day):
        total += by_day[day]
        found.append((day, total))
    return tuple(found)


def _said(
    promises: tuple[forecasting.Submission, ...], period: Period, calendar: Calendar, until: date
) -> tuple[tuple[tuple[date, Decimal], ...], frozenset[str]]:
    moment = calendar.instant(until)
    days = sorted(
        {
            calendar.local_date(one.moment)
            for one in promises
            if period.start <= one.start < period.end and one.moment < moment
        }
    )
    found: list[tuple[date, Decimal]] = []
    for day in days:
        after = calendar.instant(day + timedelta(days=1))
        total = sum(forecasting.said(promises, period, after).values(), NOTHING)
        if not found or found[-1][1] != total:
            found.append((max(day, period.start), total))
    return tuple(found), frozenset(forecasting.said(promises, period, moment))


def _by_owner(found: tuple[OpenDeal, ...]) -> Mapping[str, tuple[OpenDeal, ...]]:
    mine: dict[str, list[OpenDeal]] = {}
    for one in found:
        mine.setdefault(one.deal.owner, []).append(one)
    return {owner: tuple(deals) for owner, deals in mine.items()}


def _built(
    deals: tuple[Deal, ...], calendar: Calendar, today: date
) -> Mapping[str, tuple[Decimal, ...]]:
    this = calendar.holding(today, Grain.WEEK).start
    first = this - timedelta(weeks=_WEEKS)
    mine: dict[str, list[Decimal]] = {}
    for deal in deals:
        week = (calendar.local_date(deal.created) - first).days // 7
        if 0 <= week < _WEEKS:
            mine.setdefault(deal.owner, [NOTHING] * _WEEKS)[week] += deal.amount
    return {owner: tuple(weeks) for owner, weeks in mine.items()}


def _slips(
    deals: tuple[Deal, ...], calendar: Calendar, moment: datetime
) -> Mapping[str, tuple[Deal, ...]]:
    mine: dict[str, list[Deal]] = {}
    for deal in deals:
        if not deal.open_at(moment):
            continue
        dues = [state.due for state in deal.states if state.due is not None]
        quarters = [calendar.holding(due, Grain.QUARTER).start for due in dues]
        moved = sum(later > before for before, later in pairwise(quarters))
        if moved > 1:
            mine.setdefault(deal.owner, []).append(deal)
    return {owner: tuple(found) for owner, found in mine.items()}
