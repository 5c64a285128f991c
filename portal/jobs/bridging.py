"""Bridges of replaced KPIs: stored once, when old and new no longer run in parallel."""

from datetime import datetime

from portal.jobs.room import Room
from portal.services import bridge_keeping
from portal.services.auditing import Trace
from portal.tenancy.keys import TenantKey


def due(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return a slot for each parallel run that has ended, once the numbers tell its last day."""
    with room.database.session(tenant) as session:
        return bridge_keeping.ended(bridge_keeping.ground(session, now))


def work(room: Room, tenant: TenantKey, slot: str) -> str:
    """Store one bridge, and say how much it tells."""
    now = room.now()
    with room.database.session(tenant) as session:
        found = bridge_keeping.keep_ended(bridge_keeping.ground(session, now), slot, Trace(now))
    if found is None:
        return "nothing to store."
    return f"{len(found.shared)} shared periods of {len(found.steps)} stored."
