"""Keeping a tenant's store of facts quick: compaction and clean-up, in the writer's turn."""

from collections.abc import Callable

from kpi_engine.store.cleaning import Cleaned
from kpi_engine.store.store import Store
from portal.services import loads, tenants
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey

Waits = Callable[[], None]
"""Called when somebody else who writes to the tenant goes first."""


def compact(
    database: Database,
    store: Store,
    tenant: TenantKey,
    *,
    everything: bool = False,
    anew: bool = False,
    waits: Waits | None = None,
) -> tuple[str, ...]:
    """Compact the entities that need it, or all; return the names of those that were.

    The files are there before the new pin is committed; whoever holds the old pin reads on. With
    `anew` all are made from the whole history, as when a compacted file is damaged.

    Raises:
        UnknownTenantError: if there is no such tenant.
    """
    _exists(database, tenant)
    with loads.writing(database, tenant, waits):
        with database.session(tenant) as session:
            pin = loads.current_pin(session)
        facts = store.tenant(tenant)
        facts.roll_back(pin)
        names = tuple(pin.entities) if everything or anew else facts.needs_compaction(pin)
        moved = facts.compact(pin, entities=names, anew=anew) if names else pin
        if moved != pin:
            with database.session(tenant) as session:
                loads.update_pin(session, moved)
    return tuple(name for name in names if moved.entities[name] != pin.entities[name])


def check(database: Database, store: Store, tenant: TenantKey) -> tuple[str, ...]:
    """Read all files of the version that now is; return the paths of those that are damaged.

    Raises:
        UnknownTenantError: if there is no such tenant.
        StoreError: if a file is not there at all.
    """
    _exists(database, tenant)
    with database.session(tenant) as session:
        pin = loads.current_pin(session)
    facts = store.tenant(tenant)
    with facts.lease(pin):
        return facts.damaged(pin)


def clean(
    database: Database, store: Store, tenant: TenantKey, *, waits: Waits | None = None
) -> Cleaned:
    """Remove the files that neither the present version nor any reader needs.

    Raises:
        UnknownTenantError: if there is no such tenant.
    """
    _exists(database, tenant)
    with loads.writing(database, tenant, waits):
        with database.session(tenant) as session:
            pin = loads.current_pin(session)
        return store.tenant(tenant).clean([pin])


def _exists(database: Database, tenant: TenantKey) -> None:
    with database.session(tenant) as session:
        tenants.get(session)
