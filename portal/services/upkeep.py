"""Keeping a tenant's store of facts quick: compaction and clean-up, in the writer's turn."""

from kpi_engine.store.cleaning import Cleaned
from kpi_engine.store.store import Store
from portal.services import loads, tenants
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey


def compact(
    database: Database, store: Store, tenant: TenantKey, *, everything: bool = False
) -> tuple[str, ...]:
    """Compact the entities that need it, or all; return their names.

    The files are there before the new pin is committed; whoever holds the old pin reads on.

    Raises:
        UnknownTenantError: if there is no such tenant.
    """
    _exists(database, tenant)
    with loads.writing(database, tenant):
        with database.session(tenant) as session:
            pin = loads.current_pin(session)
        facts = store.tenant(tenant)
        facts.roll_back(pin)
        names = tuple(pin.entities) if everything else facts.needs_compaction(pin)
        if names:
            moved = facts.compact(pin, entities=names)
            with database.session(tenant) as session:
                loads.update_pin(session, moved)
    return names


def clean(database: Database, store: Store, tenant: TenantKey) -> Cleaned:
    """Remove the files that neither the present version nor any reader needs.

    Raises:
        UnknownTenantError: if there is no such tenant.
    """
    _exists(database, tenant)
    with loads.writing(database, tenant):
        with database.session(tenant) as session:
            pin = loads.current_pin(session)
        return store.tenant(tenant).clean([pin])


def _exists(database: Database, tenant: TenantKey) -> None:
    with database.session(tenant) as session:
        tenants.get(session)
