"""A KPI's past: as first known, as now known, and why the two differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from kpi_engine.compiler.relations import key_alone, key_in_full
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr
from kpi_engine.periods import Grain, Period
from kpi_engine.reading import Reading, State
from portal.errors import BadInputError
from portal.models.newest_observations import scope_ids
from portal.models.observations import Observation, ScopeKind, series
from portal.services import moments
from portal.services.causes import Causes, Seen, causes_between
from portal.services.engines import Opened, Workshop, open_engine
from portal.services.kpis import named, plain
from portal.services.observing import NOTHING, Found, Look, look
from portal.services.restating import same_reading
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Asked:
    """Which past, as a person names it."""

    kpi: str
    grain: str = "month"
    team: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was known of a value at one time; `cause` says why it is not what it was before.

    `observed_at` is None where no snapshot has taken it yet: it is what the facts say now.
    """

    reading: Reading
    definition: str
    version: int
    known_at: datetime
    observed_at: datetime | None
    cause: Mapping[str, Any] | None = None

    def plain(self) -> dict[str, Any]:
        """Return it in the form of docs/kpis.md."""
        reading = self.reading
        return {
            "value": plain(reading.value),
            "over": plain(reading.over),
            "under": plain(reading.under),
            "n": reading.n,
            "state": reading.state.value,
            "reason": reading.reason,
            "definition": self.definition,
            "version": self.version,
            "known_at": _utc(self.known_at),
            "observed_at": None if self.observed_at is None else _utc(self.observed_at),
        }


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """One period of a KPI's past: the first value, then every restatement."""

    kpi: str
    period: Period
    by: Mapping[str, str]
    told: tuple[Told, ...]

    def plain(self) -> dict[str, Any]:
        """Return it in the form of docs/kpis.md."""
        return {
            "kpi": self.kpi,
            "period": self.period.label,
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "by": dict(self.by),
            "first_known": self.told[0].plain(),
            "now_known": self.told[-1].plain(),
            "restatements": [{**one.plain(), "cause": one.cause} for one in self.told[1:]],
        }


@dataclass(frozen=True, slots=True)
class Past:
    """The observed periods of a KPI for one scope, oldest first."""

    kpi: Kpi
    currency: str
    periods: tuple[PastPeriod, ...]


def history(workshop: Workshop, tenant: TenantKey, asked: Asked, now: datetime) -> Past:
    """Return what was and is known of a KPI's observed periods.

    Each is looked at in the facts of now as well: what a snapshot would restate is told already.

    Raises:
        UnknownKpiError: if there is no such KPI.
        BadInputError: if it was never observed so; says how to.
    """
    grain = Grain(named("grain", asked.grain, [one.value for one in Grain]))
    with open_engine(workshop, tenant) as opened:
        kpi = opened.engine.catalogue.kpi(asked.kpi)
        with workshop.database.session(tenant) as session:
            scope = _scope_of(session, grain, asked)
            rows = session.scalars(series(kpi.key, grain.value, *scope)).all()
            since = min((row.version for row in rows), default=0)
            causes = causes_between(session, opened.engine.catalogue, since)
        if not rows:
            raise BadInputError(
                tr(
                    "No {grain} of '{kpi}' was observed yet. Take one with: portal snapshot",
                    grain=grain.value,
                    kpi=kpi.key,
                )
            )
        found = {start: tuple(each) for start, each in groupby(rows, lambda row: row.period_start)}
        past = [(opened.calendar.holding(start, grain), each) for start, each in found.items()]
        present = _Present(opened, kpi.key, scope, causes, now)
        return Past(kpi, opened.tenant.currency, tuple(_told(past, present)))


@dataclass(frozen=True, slots=True)
class _Present:
    """What the facts of now say of one KPI and scope."""

    opened: Opened
    kpi: KpiKey
    scope: tuple[ScopeKind, str]
    causes: Causes
    now: datetime

    def readings(self, periods: Sequence[Period]) -> dict[date, Found]:
        """Return what is found in each period."""
        today = self.opened.calendar.local_date(moments.naive(self.now))
        asked = Look((self.kpi,), periods, today, (self.scope[0],))
        return {
            one.series.start: one
            for one in look(self.opened, asked).found(periods)
            if (one.series.scope, one.series.scope_id) == self.scope
        }

    def after(self, last: Told, reading: Reading) -> Told | None:
        """Return what is to be told after the newest observation; None if it still holds."""
        engine, definition = self.opened.engine, self.opened.fingerprints[self.kpi]
        if last.version > engine.version or engine.known_at is None:
            return None
        if same_reading(reading, last.reading) and definition == last.definition:
            return None
        before = Seen(
            last.reading.state, last.definition, last.version, last.observed_at or self.now
        )
        after = Seen(reading.state, definition, engine.version, self.now)
        cause = self.causes.of(self.kpi, self.scope[0], before, after)
        return Told(reading, definition, engine.version, engine.known_at, None, cause)


def _told(
    past: Sequence[tuple[Period, tuple[Observation, ...]]], present: _Present
) -> Iterator[PastPeriod]:
    now = present.readings([period for period, _ in past])
    label = next((one.label for one in now.values() if one.label), None)
    kind, key = present.scope
    by = {} if kind is ScopeKind.TENANT else {kind.value: label or key_alone(key)}
    for period, rows in past:
        told = tuple(_observed(row) for row in rows)
        reading = now[period.start].reading if period.start in now else NOTHING
        later = present.after(told[-1], reading)
        yield PastPeriod(present.kpi, period, by, told if later is None else (*told, later))


def _observed(row: Observation) -> Told:
    reading = Reading(
        row.value, State(row.state), row.reason, row.n, row.over_value, row.under_value
    )
    return Told(reading, row.definition, row.version, row.known_at, row.observed_at, row.cause)


def _scope_of(session: TenantSession, grain: Grain, asked: Asked) -> tuple[ScopeKind, str]:
    """Return the scope that a person named: a team, an owner, or the whole tenant."""
    if asked.team is not None and asked.owner is not None:
        raise BadInputError(tr("Name a team or an owner, not both."))
    word = asked.team if asked.team is not None else asked.owner
    if word is None:
        return ScopeKind.TENANT, ""
    kind = ScopeKind.TEAM if asked.team is not None else ScopeKind.OWNER
    kept = session.scalars(scope_ids(asked.kpi, grain.value, kind)).all()
    meant = [one for one in kept if word in (key_alone(one), key_in_full(one))]
    if len(meant) > 1:
        told = ", ".join(key_in_full(one) for one in meant)
        raise BadInputError(
            tr(
                "Several sources have the {kind} '{word}'. Name one of: {names}.",
                kind=kind.value,
                word=word,
                names=told,
            )
        )
    if not meant:
        raise BadInputError(
            tr(
                "No {grain} of '{kpi}' was observed for a {kind} with the id '{word}'.",
                grain=grain.value,
                kpi=asked.kpi,
                kind=kind.value,
                word=word,
            )
            + did_you_mean(word, map(key_alone, kept))
        )
    return kind, meant[0]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
