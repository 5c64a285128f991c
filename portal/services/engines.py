"""An engine over one tenant's facts, at the version that now is or that was known at a moment."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from kpi_engine.definitions.catalogue import Catalogue, shipped_catalogue
from kpi_engine.definitions.checking import check
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.problems import DefinitionsError, Severity
from kpi_engine.definitions.settings import Settings
from kpi_engine.definitions.yaml_file import read_draft
from kpi_engine.engine.engine import Engine
from kpi_engine.engines.runner import Runner
from kpi_engine.periods import Calendar, Weekday
from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from portal.models.definitions import DefinitionState, newest_in
from portal.services import loads, moments, tenants
from portal.services.remembering import remembered
from portal.services.tenants import TenantCard
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

OpenRunner = Callable[[Store], AbstractContextManager[Runner]]
"""Opens who runs the statements: DuckDB in this process, or Spark."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What questions are answered with: the database, the store of facts, and an engine."""

    database: Database
    store: Store
    runner: OpenRunner


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine at one version of one tenant, and what its answers are stamped with."""

    tenant: TenantCard
    engine: Engine
    calendar: Calendar
    fingerprints: Mapping[KpiKey, str]


@contextmanager
def open_engine(
    workshop: Workshop, tenant: TenantKey, known_at: datetime | None = None
) -> Iterator[Opened]:
    """Open an engine over the facts as they are now, or as they were known at a moment.

    The files of the version are held until the block ends: no clean-up takes them away.

    Raises:
        UnknownTenantError: if there is no such tenant.
        StoreError: if files of the version are lost.
    """
    with workshop.database.session(tenant) as session:
        card = tenants.get(session)
        load = (
            loads.landed_as_known_at(session, known_at)
            if known_at is not None
            else loads.last_landed(session)
        )
        catalogue = catalogue_of(session, card)
    pin = load.pin if load is not None and load.pin is not None else Pin()
    loaded_at = load.loaded_at if load is not None else None
    with (
        workshop.store.tenant(tenant).lease(pin) as facts,
        workshop.runner(workshop.store) as runner,
    ):
        engine = Engine(
            catalogue, catalogue.settings, card.stages, facts, runner, pin.seq, loaded_at
        )
        yield Opened(card, engine, calendar_of(card), fingerprints(catalogue))


def catalogue_of(session: TenantSession, card: TenantCard, *, sound: bool = True) -> Catalogue:
    """Return the KPIs that ship with the tenant's settings, and the tenant's own in their place.

    Args:
        session: A transaction of the tenant.
        card: The tenant.
        sound: Whether each has to be usable; False is for those who come to mend them.

    Raises:
        DefinitionsError: if one of its own cannot be used any more; none is left out in silence.
    """
    return _catalogue(session, Settings(card.settings), sound)


@remembered
def _catalogue(session: TenantSession, settings: Settings, sound: bool) -> Catalogue:  # noqa: FBT001 - part of what is remembered
    shipped = shipped_catalogue(settings)
    rows = session.scalars(newest_in(DefinitionState.PUBLISHED)).all()
    if not rows:
        return shipped
    drafts = [read_draft(row.yaml, shipped.settings, file=_OWN) for row in rows]
    grown = shipped.with_own(kpi for draft in drafts for kpi in draft.kpis)
    errors = [one for one in check(grown, drafts) if one.severity is Severity.ERROR]
    if errors and sound:
        # Each was kept as a text of its own: the lines are not those of the file it came in.
        raise DefinitionsError(replace(one, line=0) for one in errors)
    return grown


_OWN = "this tenant's own definitions"


def calendar_of(card: TenantCard) -> Calendar:
    """Return how the tenant cuts time."""
    return Calendar(card.timezone, card.fiscal_start, Weekday(card.week_start))


def today_of(session: TenantSession, now: datetime) -> date:
    """Return which day a moment falls on where the tenant is."""
    return calendar_of(tenants.get(session)).local_date(moments.naive(now))
