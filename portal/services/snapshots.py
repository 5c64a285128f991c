"""Observations: what every KPI was in a closed period, kept as it was first known.

A period that is observed again with another value gets a restatement with its cause; the first
value stays. Nothing is ever changed or removed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.answer import Answer, Row
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.questions import Dimension, Question, Split
from kpi_engine.reading import Reading
from portal.errors import BadInputError
from portal.models.loads import LoadState
from portal.models.observations import Observation, ObservationKind, ScopeKind, now_known, observed
from portal.services import loads
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.loads import LoadCard
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

_SPLITS: Mapping[Split, ScopeKind] = {
    (): ScopeKind.TENANT,
    (Dimension.TEAM,): ScopeKind.TEAM,
    (Dimension.OWNER,): ScopeKind.OWNER,
}
_CLOSE = 1e-9
_SNAPPED = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


@dataclass(slots=True)
class Taken:
    """What a snapshot did."""

    periods: list[str] = field(default_factory=list)
    observed: int = 0
    restated: int = 0
    unchanged: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class _Series:
    """What tells one observation from another."""

    kpi: str
    scope: ScopeKind
    scope_id: str
    start: date


def take(
    workshop: Workshop,
    tenant: TenantKey,
    period: Period | None,
    now: datetime,
    known_at: datetime | None = None,
) -> Taken:
    """Observe a closed period; without one, the last closed period of each grain.

    Periods that were observed before are then looked at again as well, so that late data is told.

    Raises:
        BadInputError: if the period has not ended.
    """
    done = Taken()
    with open_engine(workshop, tenant, known_at) as opened:
        moment = known_at or now
        today = opened.calendar.local_date(moment.astimezone(UTC).replace(tzinfo=None))
        if period is not None and period.end > today:
            raise BadInputError(
                f"{period.label} ends on {period.end}. Its snapshot can be taken from then on."
            )
        done.version = opened.engine.version
        with workshop.database.session(tenant) as session:
            for grain, periods in _due(session, opened.calendar, period, today).items():
                _observe(session, opened, grain, periods, _Stamp(today, now), done)
    return done


@dataclass(frozen=True, slots=True)
class _Stamp:
    today: date
    now: datetime


def _due(
    session: TenantSession, calendar: Calendar, period: Period | None, today: date
) -> dict[Grain, list[Period]]:
    if period is not None:
        return {period.grain: [period]}
    found: dict[Grain, list[Period]] = {}
    for grain in _SNAPPED:
        last = calendar.previous(calendar.holding(today, grain))
        known = {calendar.holding(start, grain) for start in session.scalars(observed(grain.value))}
        found[grain] = sorted({last, *known})
    return found


def _observe(
    session: TenantSession,
    opened: Opened,
    grain: Grain,
    periods: Sequence[Period],
    stamp: _Stamp,
    done: Taken,
) -> None:
    before = _known(session, grain, periods)
    landed = _landings(session)
    rows: list[dict[str, Any]] = []
    for run in _runs(periods):
        answer = opened.engine.ask(_question(opened, grain, run, stamp.today))
        for series, row in _scoped(answer):
            found = _row(opened, series, row, stamp)
            last = before.pop(series, None)
            if last is None:
                rows.append(found)
                done.observed += 1
            elif _same(last, row.reading, str(found["definition"])):
                done.unchanged += 1
            else:
                rows.append(_restated(found, last, landed))
                done.restated += 1
    done.periods += [period.label for period in periods]
    session.add_rows(Observation, rows)


def _runs(periods: Sequence[Period]) -> Iterator[list[Period]]:
    """Yield stretches of periods that follow one another, to be asked in one question."""
    run: list[Period] = []
    for period in sorted(periods):
        if run and run[-1].end != period.start:
            yield run
            run = []
        run.append(period)
    if run:
        yield run


def _question(opened: Opened, grain: Grain, run: Sequence[Period], today: date) -> Question:
    return Question(
        tuple(opened.engine.catalogue),
        (grain,),
        run[0].start,
        run[-1].end,
        today,
        opened.calendar,
        tuple(_SPLITS),
        lenient=True,
    )


def _scoped(answer: Answer) -> Iterator[tuple[_Series, Row]]:
    for row in answer.rows():
        split = tuple(row.keys)
        scope = _SPLITS[split]
        scope_id = row.keys[split[0]] if split else ""
        # Records of nobody are in the tenant's number; nobody is no scope of its own.
        if scope_id is not None:
            yield _Series(row.kpi, scope, scope_id, row.period.start), row


def _row(opened: Opened, series: _Series, row: Row, stamp: _Stamp) -> dict[str, Any]:
    reading = row.reading
    return {
        "kpi": series.kpi,
        "grain": row.period.grain.value,
        "period_start": row.period.start,
        "period_end": row.period.end,
        "scope_kind": series.scope.value,
        "scope_id": series.scope_id,
        "revision": 1,
        "kind": ObservationKind.FIRST.value,
        "value": reading.value,
        "over_value": reading.over,
        "under_value": reading.under,
        "n": reading.n,
        "state": reading.state.value,
        "reason": reading.reason,
        "definition": opened.fingerprints[KpiKey(series.kpi)],
        "version": opened.engine.version,
        "known_at": opened.engine.known_at or stamp.now,
        "observed_at": stamp.now,
        "supersedes": None,
        "cause": None,
    }


def _known(
    session: TenantSession, grain: Grain, periods: Iterable[Period]
) -> dict[_Series, Observation]:
    starts = [period.start for period in periods]
    ends = [period.end for period in periods]
    if not starts:
        return {}
    rows = session.scalars(now_known(grain.value, min(starts), max(ends)))
    return {
        _Series(row.kpi, ScopeKind(row.scope_kind), row.scope_id, row.period_start): row
        for row in rows
    }


def _same(last: Observation, reading: Reading, definition: str) -> bool:
    told = (last.state, last.reason, last.n, last.definition)
    if told != (reading.state.value, reading.reason, reading.n, definition):
        return False
    pairs = (
        (last.value, reading.value),
        (last.over_value, reading.over),
        (last.under_value, reading.under),
    )
    return all(_equal(one, other) for one, other in pairs)


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _CLOSE * max(1.0, abs(one), abs(other))


def _restated(
    found: dict[str, Any], last: Observation, landed: Sequence[LoadCard]
) -> dict[str, Any]:
    """Return the row of a restatement: what came between the two observations is its cause."""
    causes: dict[str, Any] = {
        "loads": [
            {"version": load.seq, "source": load.source, "known_at": load.loaded_at.isoformat()}
            for load in landed
            if last.version < load.seq <= found["version"]
        ],
    }
    if last.definition != found["definition"]:
        causes["definition"] = {"from": last.definition, "to": found["definition"]}
    return {
        **found,
        "kind": ObservationKind.RESTATEMENT.value,
        "revision": last.revision + 1,
        "supersedes": last.id,
        "cause": causes,
    }


def _landings(session: TenantSession) -> list[LoadCard]:
    return [load for load in loads.newest(session, 10_000) if load.state is LoadState.LANDED]
