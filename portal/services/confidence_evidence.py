"""What the confidence of a KPI is told from: its records' gaps, its sources' ages, rejected rows.

Pages read what the last refresh counted (`record_gaps`). A page that looks at one KPI in a period
that is not kept looks through its records itself, for so long as a page may wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi_engine.definitions.fingerprint import fingerprint
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.engine.gaps import Tally
from kpi_engine.engine.swings import Sway
from kpi_engine.errors import KpiError
from kpi_engine.periods import Period
from portal.models import loads as questions
from portal.models.observations import ScopeKind
from portal.services import loads, record_gaps, rosters
from portal.services.desks import Desk
from portal.services.engines import Workshop, open_engine
from portal.services.numbers import Who
from portal.services.record_gaps import Kind
from portal.services.remembering import remembered
from portal.services.shelf import Shelf
from portal.services.source_ages import SourceAge
from portal.services.too_slow import TooSlowError, bounded
from portal.tenancy.session import TenantSession

SECONDS = 2.0
"""What a page waits for its records to be looked through; after that it cannot be told."""
_KEPT = Shelf(256)
STEPS = {"onboarding": "onboarding_step"}
"""What a derived entity is made of."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The rows of an entity in the last load of a source, and those that could not be read."""

    source: str
    entity: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One kind of record that a KPI is made of, and how many of the scope's own there are."""

    kind: Kind
    mine: Tally
    sway: Sway | None = None
    """How far these records could move the number; None where no range can be told."""

    @property
    def entity(self) -> str:
        """Which records these are."""
        return self.kind.entity


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the records of one KPI in one period, for one scope."""

    seen: tuple[Seen, ...] | None
    """None where the records could not be looked through in time."""
    whole: bool
    """Whether the records of everybody and nobody count."""
    sources: tuple[SourceAge, ...]
    rejected: tuple[Rejected, ...]


def of_kept(
    session: TenantSession, kpis: Sequence[KpiKey], period: Period, who: Who
) -> Mapping[KpiKey, tuple[str, tuple[Seen, ...]]]:
    """Return what the last refresh saw of some KPIs, with the definition that it was made by.

    A KPI or period that it did not look at is missing.
    """
    return _of_kept(session, tuple(kpis), period, who)


def of_one(
    workshop: Workshop, desk: Desk, kpi: Kpi, period: Period, who: Who
) -> tuple[Seen, ...] | None:
    """Return what is seen of one KPI's records: as kept, else by looking now.

    None where that takes longer than a page may wait, or the records cannot be asked so.
    """
    named = fingerprint(kpi, desk.catalogue)
    definition, seen = of_kept(desk.session, (kpi.key,), period, who).get(kpi.key, ("", ()))
    if definition == named:
        return seen
    found = looked(workshop, desk, (kpi.key,), period)
    return None if found is None else seen_by(desk.session, found[kpi.key], who)


def evidence(
    session: TenantSession, ages: Sequence[SourceAge], seen: tuple[Seen, ...] | None, who: Who
) -> Evidence:
    """Return what was seen with the ages and rejected rows of what it came with."""
    sources = {source for one in seen or () for source in one.kind.sources}
    entities = {STEPS.get(one.entity, one.entity) for one in seen or ()}
    # Where a source is loaded under another name than its records have, any of them may be it.
    mine = tuple(one for one in ages if one.source in sources) or tuple(ages)
    lost = tuple(one for one in rejected(session) if one.entity in entities)
    return Evidence(seen, who.kind is ScopeKind.TENANT, mine, lost)


@remembered
def _of_kept(
    session: TenantSession, kpis: tuple[KpiKey, ...], period: Period, who: Who
) -> Mapping[KpiKey, tuple[str, tuple[Seen, ...]]]:
    found = record_gaps.kept(session, kpis, period)
    return {
        key: (definition, seen_by(session, kinds, who))
        for key, (definition, kinds) in found.items()
    }


def seen_by(session: TenantSession, kinds: tuple[Kind, ...], who: Who) -> tuple[Seen, ...]:
    """Return kinds of records with what of them is a scope's own."""
    owners: frozenset[str] | None = None
    if who.kind is ScopeKind.OWNER:
        owners = frozenset((who.id,))
    elif who.kind is ScopeKind.TEAM:
        owners = frozenset(one.key for one in rosters.roster(session).members(who.id))
    return tuple(
        Seen(kind, kind.of(owners), kind.sway.of(owners) if kind.sway is not None else None)
        for kind in kinds
    )


def looked(
    workshop: Workshop, desk: Desk, kpis: Sequence[KpiKey], period: Period
) -> Mapping[KpiKey, tuple[Kind, ...]] | None:
    """Look through the records of some KPIs now.

    None where that takes longer than a page may wait, or they cannot be asked so.
    """
    load = loads.last_landed(desk.session)
    if load is None:
        return None

    def ask() -> Mapping[KpiKey, tuple[Kind, ...]] | None:
        try:
            with (
                open_engine(workshop, desk.card.key) as opened,
                bounded(opened.engine.runner, SECONDS),
            ):
                return record_gaps.kinds_of(opened, kpis, period, desk.today)
        except (KpiError, TooSlowError):
            return None

    named = tuple((key, fingerprint(desk.catalogue[key], desk.catalogue)) for key in kpis)
    ground = (desk.card.key, load.seq, repr((desk.card.stages, desk.calendar)), desk.today)
    return _KEPT.get((*ground, named, period.grain, period.label), ask)


@remembered
def rejected(session: TenantSession) -> tuple[Rejected, ...]:
    """Return what the last load of each source could not read, entity by entity."""
    found: list[Rejected] = []
    for source, tables in session.execute(questions.last_tables()):
        counts: dict[str, list[int]] = {}
        for table in tables or ():
            told = counts.setdefault(str(table.get("entity")), [0, 0])
            told[0] += _int(table.get("rows_read"))
            told[1] += _int(table.get("rejected_rows"))
        found += [Rejected(source, entity, *told) for entity, told in sorted(counts.items())]
    return tuple(found)


def _int(told: Any) -> int:  # noqa: ANN401 - a figure of a report
    return told if isinstance(told, int) else 0
