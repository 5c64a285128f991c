"""Keeping what pages read up to the facts: after each load, and when a local day has begun."""

from datetime import datetime, timedelta

from portal.errors import UnknownTenantError
from portal.jobs.room import Room
from portal.services import loads, moments, tenants
from portal.services.engines import calendar_of
from portal.services.refreshing import last_refresh, refresh
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey

AFTER_MIDNIGHT = timedelta(minutes=10)
"""A day is closed so long after it ended: what happened in its last minutes is on its way."""


def due_after_load(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return the newest load that pages do not tell of yet."""
    del now
    newest = _untold(room.database, tenant)
    return () if newest is None else (f"version {newest}",)


def any_due(database: Database) -> bool:
    """Say whether any tenant has a load that its pages do not tell of yet."""
    return any(_untold(database, tenant) is not None for tenant in database.tenants())


def _untold(database: Database, tenant: TenantKey) -> int | None:
    with database.session(tenant) as session:
        landed, told = loads.last_landed(session), last_refresh(session)
    if landed is None or (told is not None and told.version >= landed.seq):
        return None
    return landed.seq


def due_at_midnight(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return the tenant's local day, once it has begun.

    The slot is the day and no moment: a day has one slot, however long the clocks make it. Days
    on which nobody was there are made up for by the one after: it closes all that has ended.
    """
    with room.database.session(tenant) as session:
        if loads.last_landed(session) is None:
            return ()
        calendar = calendar_of(tenants.get(session))
    return (calendar.local_date(moments.naive(now - AFTER_MIDNIGHT)).isoformat(),)


def work(room: Room, tenant: TenantKey, slot: str) -> str:
    """Refresh a tenant's numbers, and say what that did."""
    del slot
    done = refresh(room.workshop, tenant, room.now())
    if not done.version:
        raise UnknownTenantError(tenant)
    return (
        f"version {done.version}: {done.kpis} KPIs, {done.observed} observed,"
        f" {done.restated} restated, {done.open} open, {done.seconds:.1f} s."
    )
