"""From what is found now and what was known before to the rows that are added.

They are first values, and restatements with their causes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Period
from kpi_engine.reading import Reading
from portal.models.observations import ObservationKind, ScopeKind
from portal.services.causes import Causes, Seen
from portal.services.observing import NOTHING, Found, Series

_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Known:
    """The newest observation of a series."""

    id: UUID
    revision: int
    reading: Reading
    definition: str
    version: int
    known_at: datetime
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Basis:
    """What readings are made from now."""

    version: int
    known_at: datetime
    now: datetime
    fingerprints: Mapping[KpiKey, str]
    causes: Causes


@dataclass(slots=True)
class Ledger:
    """Matches what is found with what was known. `rows` are what is to be added."""

    basis: Basis
    known: dict[Series, Known]
    rows: list[dict[str, Any]] = field(default_factory=list)
    observed: int = 0
    restated: int = 0
    unchanged: int = 0
    newer: int = 0
    """Series that are known from newer facts than these: they stay as they are."""
    _seen: set[Series] = field(default_factory=set)

    def enter(self, found: Found) -> None:
        """Take in a reading."""
        self._seen.add(found.series)
        last = self.known.get(found.series)
        if last is None:
            self._begin(found)
        elif last.version > self.basis.version:
            self.newer += 1
        elif self._same(found, last):
            self.unchanged += 1
        else:
            self._restate(found, last)

    def close(self, periods: Iterable[Period]) -> None:
        """Take in that nothing was found any more of series that were known."""
        by_start = {period.start: period for period in periods}
        for series in self.known.keys() - self._seen:
            # A KPI that is no longer defined keeps its past, and a period that was not asked too.
            if KpiKey(series.kpi) in self.basis.fingerprints and series.start in by_start:
                self.enter(Found(series, by_start[series.start], NOTHING))

    def _begin(self, found: Found) -> None:
        """A series that was never observed: its first value, or its first after there was none."""
        whole = self.known.get(replace(found.series, scope=ScopeKind.TENANT, scope_id=""))
        if found.series.scope is not ScopeKind.TENANT:
            if found.reading == NOTHING:
                return
            if whole is not None and whole.version <= self.basis.version:
                self._restate(found, self._nothing_then(found, whole))
                return
        self.rows.append(self._row(found))
        self.observed += 1

    def _nothing_then(self, found: Found, whole: Known) -> Known:
        """The period was observed when this team or owner had no records: that came first."""
        first = replace(whole, id=uuid4(), revision=1, reading=NOTHING)
        stamps = {
            "id": first.id,
            "definition": whole.definition,
            "version": whole.version,
            "known_at": whole.known_at,
        }
        self.rows.append({**self._row(replace(found, reading=NOTHING)), **stamps})
        return first

    def _restate(self, found: Found, last: Known) -> None:
        basis = self.basis
        before = Seen(last.reading.state, last.definition, last.version, last.observed_at)
        fingerprint = basis.fingerprints[KpiKey(found.series.kpi)]
        after = Seen(found.reading.state, fingerprint, basis.version, basis.now)
        row = {
            **self._row(found),
            "revision": last.revision + 1,
            "kind": ObservationKind.RESTATEMENT.value,
            "supersedes": last.id,
            "cause": basis.causes.of(found.series.kpi, found.series.scope, before, after),
        }
        self.rows.append(row)
        self.restated += 1

    def _same(self, found: Found, last: Known) -> bool:
        same = same_reading(found.reading, last.reading)
        return same and last.definition == self.basis.fingerprints[KpiKey(found.series.kpi)]

    def _row(self, found: Found) -> dict[str, Any]:
        series, reading, basis = found.series, found.reading, self.basis
        return {
            "id": uuid4(),
            "kpi": series.kpi,
            "grain": found.period.grain.value,
            "period_start": found.period.start,
            "period_end": found.period.end,
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
            "definition": basis.fingerprints[KpiKey(series.kpi)],
            "version": basis.version,
            "known_at": basis.known_at,
            "observed_at": basis.now,
            "supersedes": None,
            "cause": None,
        }


def same_reading(one: Reading, other: Reading) -> bool:
    """Say whether two readings tell the same; the last digits of a sum may differ by its order."""
    if (one.state, one.reason, one.n) != (other.state, other.reason, other.n):
        return False
    pairs = ((one.value, other.value), (one.over, other.over), (one.under, other.under))
    return all(_equal(left, right) for left, right in pairs)


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _CLOSE * max(1.0, abs(one), abs(other))
