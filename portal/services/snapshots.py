"""Observations: what every KPI was in a closed period, kept as it was first known.

A period that is observed again with another value gets a restatement with its cause; the first
value stays. Nothing is ever changed or removed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.reading import Reading, State
from portal.errors import BadInputError
from portal.models.newest_observations import newest
from portal.models.observations import Observation, ScopeKind, observed
from portal.services import loads, moments
from portal.services.causes import causes_between
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.observing import Look, Looked, Series, look
from portal.services.restating import Basis, Known, Ledger
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

_SNAPPED = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
TOGETHER = ((Grain.DAY,), (Grain.WEEK,), (Grain.MONTH, Grain.QUARTER, Grain.YEAR))
"""Grains that one question can ask for: their periods are made of the same ones."""
_AT_ONCE = 6
"""So many periods are compared in one go: memory stays flat however many there are."""


@dataclass(slots=True)
class Taken:
    """What a snapshot did."""

    version: int
    known_at: datetime
    periods: list[str] = field(default_factory=list)
    observed: int = 0
    restated: int = 0
    unchanged: int = 0
    newer: int = 0
    """Values that are known from newer facts than these; they stay."""

    def add(self, ledger: Ledger, periods: Sequence[Period]) -> None:
        """Count what a ledger did."""
        self.periods += [period.label for period in periods]
        self.observed += ledger.observed
        self.restated += ledger.restated
        self.unchanged += ledger.unchanged
        self.newer += ledger.newer


def take(
    workshop: Workshop,
    tenant: TenantKey,
    period: Period | None,
    now: datetime,
    known_at: datetime | None = None,
    waits: Callable[[], None] | None = None,
) -> Taken:
    """Observe a closed period; without one, the last closed period of each grain.

    Periods that were observed before are then looked at again as well, so that late data is told.

    Args:
        workshop: What questions are answered with.
        tenant: Whose KPIs.
        period: Which; None for all that are due.
        now: The present moment.
        known_at: Observe as it was known then.
        waits: Called when somebody else who writes goes first.

    Raises:
        BadInputError: if the period has not ended, or no facts were known.
    """
    with open_engine(workshop, tenant, known_at) as opened:
        known_since = opened.engine.known_at
        if known_since is None:
            when = "yet" if known_at is None else f"by {known_at:%Y-%m-%d %H:%M} UTC"
            raise BadInputError(
                f"No facts were known {when}, so there is nothing to observe."
                " Bring some in with: portal import"
            )
        today = opened.calendar.local_date(moments.naive(known_at or now))
        done = Taken(opened.engine.version, known_since)
        for near in _due(workshop, opened, period, today):
            asked = Look(tuple(opened.engine.catalogue), near, today)
            observe(Desk(workshop, opened, now, waits), asked, done)
    return done


@dataclass(frozen=True, slots=True)
class Desk:
    """Where observations are made: over which facts, when, and who hears of a wait."""

    workshop: Workshop
    opened: Opened
    now: datetime
    waits: Callable[[], None] | None = None


def observe(desk: Desk, asked: Look, done: Taken) -> None:
    """Ask once for some closed periods, and write down what is new of them.

    The periods are of grains that one question can ask for together (`TOGETHER`).
    """
    looked = look(desk.opened, asked)
    for periods in _few(asked.periods):
        with loads.writing(desk.workshop.database, desk.opened.tenant.key, desk.waits):
            ledger = _enter(desk, looked, frozenset(asked.kpis), periods)
        done.add(ledger, periods)


def _due(
    workshop: Workshop, opened: Opened, period: Period | None, today: date
) -> Iterator[Sequence[Period]]:
    """Yield the periods to look at; those together can be asked in one question."""
    if period is not None:
        if period.end > today:
            raise BadInputError(
                f"{period.label} ends on {period.end}. Its snapshot can be taken from then on."
            )
        yield [period]
        return
    calendar = opened.calendar
    with workshop.database.session(opened.tenant.key) as session:
        closed = {grain: _closed(session, calendar, grain, today) for grain in Grain}
    for together in TOGETHER:
        found = sorted(period for grain in together for period in closed[grain])
        years = groupby(found, lambda each: calendar.holding(each.start, Grain.YEAR).start)
        for _, near in years:
            yield list(near)


def _few(periods: Sequence[Period]) -> Iterator[Sequence[Period]]:
    """Yield a few periods of one grain each."""
    for grain in Grain:
        mine = [period for period in periods if period.grain is grain]
        for start in range(0, len(mine), _AT_ONCE):
            yield mine[start : start + _AT_ONCE]


def _closed(session: TenantSession, calendar: Calendar, grain: Grain, today: date) -> list[Period]:
    """Return the last closed period of a grain, and those observed before."""
    known = {calendar.holding(start, grain) for start in session.scalars(observed(grain.value))}
    if grain in _SNAPPED:
        known.add(calendar.previous(calendar.holding(today, grain)))
    return sorted(period for period in known if period.end <= today)


def _enter(
    desk: Desk, looked: Looked, kpis: frozenset[KpiKey], periods: Sequence[Period]
) -> Ledger:
    """Write down what is new of some periods of one grain. Call it in the tenant's turn to write.

    Everything was asked before the turn was taken: imports wait a moment only, and of two snapshots
    at once the second sees what the first has written.
    """
    opened, engine, now = desk.opened, desk.opened.engine, desk.now
    with desk.workshop.database.session(opened.tenant.key) as session:
        known = _known(session, kpis, periods)
        since = min((one.version for one in known.values()), default=engine.version)
        causes = causes_between(session, engine.catalogue, since)
        known_at = engine.known_at or now
        ledger = Ledger(Basis(engine.version, known_at, now, opened.fingerprints, causes), known)
        for one in looked.found(periods):
            ledger.enter(one)
        ledger.close(periods)
        session.add_rows(Observation, ledger.rows)
    return ledger


def _known(
    session: TenantSession, kpis: frozenset[KpiKey], periods: Sequence[Period]
) -> dict[Series, Known]:
    """Return the newest observation of every series of KPIs in some periods of one grain."""
    first, last = periods[0].start, periods[-1].end
    known = {}
    for row in session.execute(newest(kpis, periods[0].grain.value, first, last)):
        series = Series(row.kpi, ScopeKind(row.scope_kind), row.scope_id, row.period_start)
        reading = Reading(
            row.value, State(row.state), row.reason, row.n, row.over_value, row.under_value
        )
        known[series] = Known(
            row.id,
            row.revision,
            reading,
            row.definition,
            row.version,
            row.known_at,
            row.observed_at,
        )
    return known
