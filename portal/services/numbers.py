"""The numbers that pages show: read from what was observed, never computed while somebody waits.

Closed periods come from the observations, the open one from the last refresh. What was never taken
is absent with a reason, never 0.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.reading import Absence, Reading, State
from portal.models import open_readings
from portal.models import series as questions
from portal.models.observations import ScopeKind
from portal.models.open_readings import Compare, OpenReading
from portal.services.remembering import remembered
from portal.services.why_none import ended
from portal.tenancy.session import TenantSession

NEVER_TAKEN = mark("it was never taken")
"""Why there is no number of a period that nobody has looked at yet."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose numbers: the tenant's, a team's or an owner's, by the key that observations have."""

    kind: ScopeKind
    id: str = ""


TENANT = Who(ScopeKind.TENANT)
"""The whole tenant."""


@dataclass(frozen=True, slots=True)
class Point:
    """One KPI in one period for one scope, as now known."""

    period: Period
    reading: Reading
    definition: str
    version: int
    restated: bool
    first: float | None
    """The value as it was first known."""
    begins: date | None = None
    """The first month with records where that lies within the period: it tells of a part only."""

    @property
    def settled(self) -> float | None:
        """The value where it is final and of the whole period: what others are measured by."""
        whole = self.reading.state is State.FINAL and self.begins is None
        return self.reading.value if whole else None


@dataclass(frozen=True, slots=True)
class ToDate:
    """The open period so far, and as many days of the period before and of last year.

    `previous_days` and `last_year_days` are the days that were counted, half-open. A KPI that is
    measured against plans of whole periods is not compared: those two are absent.
    """

    period: Period
    so_far: Reading
    previous: Reading
    last_year: Reading
    previous_days: tuple[date, date]
    last_year_days: tuple[date, date]
    read_on: date | None
    """The day up to which the period is told; None where nothing is."""


@remembered
def series(  # noqa: PLR0913, PLR0917 - a series is told by as many
    session: TenantSession,
    calendar: Calendar,
    kpis: Collection[KpiKey],
    grain: Grain,
    who: Who,
    last: Period,
    count: int,
) -> Mapping[KpiKey, tuple[Point, ...]]:
    """Return `count` points of each KPI, the oldest first, up to the period `last`.

    Where `last` is the open period, its point is what it is so far.
    """
    first = calendar.shift(last.start, grain, 1 - count)
    periods = calendar.periods(grain, first, last.end)[-count:]
    rows = session.execute(
        questions.told_of(kpis, grain.value, (who.kind, who.id), periods[0].start, last.end)
    )
    known = dict(_points(rows, {period.start: period for period in periods}))
    for row in session.scalars(open_readings.open_of(kpis, grain.value, who.kind, who.id)):
        if row.compare == Compare.SO_FAR:
            known.setdefault((row.kpi, who.id, row.period_start), _open_point(row, calendar))
    told = {
        kpi: tuple(
            known.get((kpi, who.id, period.start)) or _absent(period, who.kind)
            for period in periods
        )
        for kpi in kpis
    }
    none = Absence.NO_ROWS
    empty = {kpi for kpi, all_ in told.items() if all(one.reading.reason == none for one in all_)}
    never = _never_loaded(session, calendar, empty, who, last)
    return told | {
        kpi: tuple(replace(one, reading=replace(one.reading, reason=why)) for one in told[kpi])
        for kpi, why in never.items()
    }


@remembered
def across(
    session: TenantSession,
    calendar: Calendar,
    kpis: Collection[KpiKey],
    period: Period,
    kind: ScopeKind,
) -> Mapping[KpiKey, Mapping[str, Point]]:
    """Return each KPI of one period for every team or owner that has a number or a reason."""
    grain = period.grain.value
    asked = questions.told_across(kpis, grain, kind, period.start, period.end)
    found: dict[KpiKey, dict[str, Point]] = {kpi: {} for kpi in kpis}
    for (kpi, scope_id, _), point in _points(session.execute(asked), {period.start: period}):
        found[KpiKey(kpi)][scope_id] = point
    for row in session.scalars(open_readings.open_across(kpis, grain, kind, Compare.SO_FAR)):
        if row.period_start == period.start:
            found[KpiKey(row.kpi)].setdefault(row.scope_id, _open_point(row, calendar))
    return found


@remembered
def histories(
    session: TenantSession, kpis: Collection[KpiKey], kind: ScopeKind, periods: Sequence[Period]
) -> Mapping[KpiKey, Mapping[str, tuple[Point, ...]]]:
    """Return each KPI over closed periods, oldest first, for every scope that has a number in any.

    What `series` reads for one scope and `across` for one period, for all of both at once.
    """
    asked = questions.told_across(
        kpis, periods[0].grain.value, kind, periods[0].start, periods[-1].end
    )
    known: dict[tuple[str, str], dict[date, Point]] = {}
    within = {period.start: period for period in periods}
    for (kpi, scope_id, start), point in _points(session.execute(asked), within):
        known.setdefault((kpi, scope_id), {})[start] = point
    absent = {period.start: _absent(period, kind) for period in periods}
    found: dict[KpiKey, dict[str, tuple[Point, ...]]] = {kpi: {} for kpi in kpis}
    for (kpi, scope_id), points in known.items():
        found[KpiKey(kpi)][scope_id] = tuple((absent | points).values())
    return found


@remembered
def to_date(
    session: TenantSession,
    calendar: Calendar,
    kpis: Collection[KpiKey],
    grain: Grain,
    who: Who,
    today: date,
) -> Mapping[KpiKey, ToDate]:
    """Return the open period of each KPI beside the same elapsed part of earlier ones."""
    period = calendar.holding(today, grain)
    rows: dict[str, dict[str, OpenReading]] = {}
    for row in session.scalars(open_readings.open_of(kpis, grain.value, who.kind, who.id)):
        rows.setdefault(row.kpi, {})[row.compare] = row
    why = _why_not_open(session, period, today)
    told = {kpi: _to_date(calendar, period, today, rows.get(kpi, {}), why) for kpi in kpis}
    empty = {kpi for kpi, one in told.items() if one.so_far.reason == Absence.NO_ROWS}
    never = _never_loaded(session, calendar, empty, who, period)
    return told | {
        kpi: replace(told[kpi], so_far=replace(told[kpi].so_far, reason=why))
        for kpi, why in never.items()
    }


@remembered
def latest(session: TenantSession, calendar: Calendar, grain: Grain, today: date) -> Period:
    """Return the last closed period that has numbers: a tenant's data may have ended long ago."""
    last = calendar.previous(calendar.holding(today, grain))
    row = session.scalars(open_readings.refreshed()).one_or_none()
    if row is not None and row.last_on is not None and row.last_on < last.start:
        return calendar.holding(row.last_on, grain)
    return last


@remembered
def runs_on(session: TenantSession, calendar: Calendar, grain: Grain, today: date) -> bool:
    """Say whether the open period of a grain has numbers: the tenant's data has not ended."""
    row = session.scalars(open_readings.refreshed()).one_or_none()
    return row is not None and still_runs(row.last_on, calendar.holding(today, grain), today)


def still_runs(last_on: date | None, period: Period, today: date) -> bool:
    """Say whether facts that reach to `last_on` tell anything of the open period."""
    return last_on is not None and last_on >= min(period.start, today - _SILENCE)


_SILENCE = timedelta(days=35)
"""A tenant in whose CRM nothing happened for so long has no open period."""


def _points(
    rows: Iterable[Any], periods: Mapping[date, Period]
) -> Iterator[tuple[tuple[str, str, date], Point]]:
    """Yield each series' point: its newest observation, with what the first one said."""
    told = groupby(rows, lambda row: (row.kpi, row.scope_id, row.period_start))
    for identity, observed in told:
        if identity[2] not in periods:
            continue
        every = list(observed)
        newest, first = every[-1], every[0]
        yield (
            identity,
            Point(
                periods[identity[2]],
                _reading(newest),
                newest.definition,
                newest.version,
                len(every) > 1,
                first.value,
            ),
        )


def _reading(row: Any) -> Reading:  # noqa: ANN401 - a row of observations or of open readings
    return Reading(row.value, State(row.state), row.reason, row.n, row.over_value, row.under_value)


def _open_point(row: OpenReading, calendar: Calendar) -> Point:
    period = calendar.holding(row.period_start, Grain(row.grain))
    return Point(
        period, _reading(row), row.definition, row.version, restated=False, first=row.value
    )


def _never_loaded(
    session: TenantSession, calendar: Calendar, kpis: Collection[KpiKey], who: Who, last: Period
) -> Mapping[KpiKey, str]:
    """Return why a team or a person has nothing, where nobody has: it was never loaded."""
    if who == TENANT or not kpis:
        return {}
    # What the newest facts still lack was never loaded; of `last` no number may be kept.
    row = session.scalars(open_readings.refreshed()).one_or_none()
    at = calendar.holding((row and row.last_on) or last.start, last.grain)
    whole = series(session, calendar, frozenset(kpis), last.grain, TENANT, at, 2)
    told = ((kpi, one.reading.reason or "") for kpi, points in whole.items() for one in points)
    return {kpi: why for kpi, why in told if why.startswith(Absence.NOT_LOADED)}


def _absent(period: Period, kind: ScopeKind) -> Point:
    # A team or owner without records is not observed at all.
    reason = NEVER_TAKEN if kind is ScopeKind.TENANT else Absence.NO_ROWS.value
    return Point(period, Reading(None, State.ABSENT, reason, 0), "", 0, restated=False, first=None)


def _why_not_open(session: TenantSession, period: Period, today: date) -> str:
    """Why there is no open reading where none is kept."""
    row = session.scalars(open_readings.refreshed()).one_or_none()
    if row is None or row.last_on is None:
        return NEVER_TAKEN
    runs = still_runs(row.last_on, period, today)
    return Absence.NO_ROWS.value if runs else ended(row.last_on)


def _to_date(
    calendar: Calendar, period: Period, today: date, rows: Mapping[str, OpenReading], why: str
) -> ToDate:
    # A refresh of an earlier period tells nothing of this one.
    told = {name: row for name, row in rows.items() if _of(row, period, calendar)}
    now = told.get(Compare.SO_FAR)
    read_on = now.read_on if now is not None else None
    before, last_year = calendar.previous(period), calendar.last_year(period)
    return ToDate(
        period,
        _told(told.get(Compare.SO_FAR), why),
        _told(told.get(Compare.PREVIOUS), why),
        _told(told.get(Compare.LAST_YEAR), why),
        calendar.same_elapsed(period, read_on or today, before),
        calendar.same_elapsed(period, read_on or today, last_year),
        read_on,
    )


def _of(row: OpenReading, period: Period, calendar: Calendar) -> bool:
    return calendar.holding(row.read_on, period.grain) == period


def _told(row: OpenReading | None, why: str) -> Reading:
    return _reading(row) if row is not None else Reading(None, State.ABSENT, why, 0)
