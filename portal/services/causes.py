"""Why a value was restated: what came between two observations of the same closed period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any

from kpi_engine.crm.entities import ENTITIES
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Health, KpiKey
from kpi_engine.reading import State
from portal.models.definitions import DefinitionState, newest_in
from portal.models.loads import LoadState
from portal.models.observations import ScopeKind
from portal.services import loads
from portal.services.loads import LoadCard
from portal.tenancy.session import TenantSession

_COUNTS = ("inserted", "changed", "deleted")
_BESIDE = {
    "opportunity": {"stage_change"},
    "usage": {"subscription"},
    "onboarding": {"onboarding_step"},
    "stage_change": {"opportunity"},
}
"""What else is read where an entity is: its derived columns follow from these."""
_REACHED = {
    column.hop: column.refers
    for entity in ENTITIES.values()
    for column in entity.columns
    if column.hop and column.refers
}
"""The entity that one step from a record reaches, by the step's name."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation of a value, as far as the cause of the next one needs it."""

    state: str
    definition: str
    version: int
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Causes:
    """What happened to a tenant's facts and definitions, to be matched with what was restated."""

    catalogue: Catalogue
    landed: Sequence[LoadCard]
    """Oldest first."""
    applied: Sequence[tuple[str, int, datetime]]
    """The tenant's own definitions: key, version, when it was applied."""
    _read: dict[str, set[str]] = field(default_factory=dict)

    def of(self, kpi: str, scope: ScopeKind, before: Seen, after: Seen) -> dict[str, Any]:
        """Return why the value of `before` is now that of `after`, as JSON.

        Of the loads between, those that changed records the KPI reads; all, if none did.
        """
        between = [one for one in self.landed if before.version < one.seq <= after.version]
        told = [(one, _moved(one, self._reads(kpi, scope))) for one in between]
        fit = [(one, moved) for one, moved in told if moved] or [(one, {}) for one in between]
        cause: dict[str, Any] = {"loads": [_plain(one, moved) for one, moved in fit]}
        if before.definition != after.definition:
            changed = self._applied(kpi, before.observed_at)
            cause["definition"] = {
                "from": before.definition,
                "to": after.definition,
                "applied": [{"kpi": key, "version": version} for key, version in changed],
            }
        if before.state == State.IMMATURE and after.state != State.IMMATURE:
            cause["matured"] = True
        return cause

    def touched(self, since: int) -> frozenset[KpiKey]:
        """Return the KPIs whose numbers the loads after a version may have moved.

        Who belongs to which team reaches every KPI.
        """
        later = [one for one in self.landed if one.seq > since]
        every = frozenset(self.catalogue)
        return frozenset(
            kpi
            for kpi in every
            if any(_moved(one, self._reads(kpi, ScopeKind.OWNER)) for one in later)
        )

    def _reads(self, kpi: str, scope: ScopeKind) -> set[str]:
        """The entities whose records a KPI is made of, and by which they reach a scope."""
        if kpi not in self._read:
            named = [entities_of(each.measure) for each in self.catalogue.closure([kpi])]
            found = set().union(*named)
            self._read[kpi] = found.union(*(_BESIDE.get(name, ()) for name in found))
        return self._read[kpi] | (set() if scope is ScopeKind.TENANT else {"user", "team"})

    def _applied(self, kpi: str, since: datetime) -> list[tuple[str, int]]:
        inputs = {each.key for each in self.catalogue.closure([kpi])}
        return [
            (key, version)
            for key, version, at in self.applied
            if KpiKey(key) in inputs and at > since
        ]


def causes_between(session: TenantSession, catalogue: Catalogue, since: int) -> Causes:
    """Return what has happened since a version of the store."""
    newest = loads.newest(session, 1)
    most = newest[0].seq - since if newest else 0
    cards = loads.newest(session, most) if most > 0 else []
    landed = [one for one in reversed(cards) if one.state is LoadState.LANDED]
    rows = session.scalars(newest_in(DefinitionState.PUBLISHED))
    applied = [(row.key, row.version, row.created_at) for row in rows]
    return Causes(catalogue, landed, applied)


def entities_of(measure: object) -> set[str]:
    """Return the entities that a measure names, also by one step to a referenced record."""
    return {word for word in _words(measure) if word in ENTITIES}


def measures_of(catalogue: Catalogue, kpi: KpiKey) -> set[str]:
    """Return the kinds of measure that a KPI is made of, its parts' included."""
    return {kind for each in catalogue.closure([kpi]) for kind in _kinds(each.measure)}


def _kinds(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in value:
            yield from _kinds(one)
    elif is_dataclass(value) and not isinstance(value, Expression):
        yield type(value).__name__
        for each in fields(value):
            yield from _kinds(getattr(value, each.name))


def _words(value: object) -> Iterator[str]:
    """Yield every word of a measure that may be the name of an entity."""
    if isinstance(value, Health):
        yield from ENTITIES
    if isinstance(value, Expression):
        hops = (name.rpartition(".")[0] for name in value.columns)
        yield from (_REACHED[hop] for hop in hops if hop in _REACHED)
    elif isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _words(one)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _words(getattr(value, each.name))


def _moved(load: LoadCard, entities: set[str]) -> Mapping[str, Mapping[str, int]]:
    """Return how many records of each of the entities a load changed, as its report says."""
    written = (load.report or {}).get("entities", {})
    moved = {
        name: {count: told[count] for count in _COUNTS if told.get(count)}
        for name, told in written.items()
        if name in entities
    }
    return {name: counts for name, counts in moved.items() if counts}


def _plain(load: LoadCard, moved: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    return {
        "version": load.seq,
        "source": load.source,
        "known_at": load.loaded_at.isoformat().replace("+00:00", "Z"),
        "records": {name: dict(counts) for name, counts in moved.items()},
    }
