"""Definitions that were activated for a day: on that day they hold, and their numbers follow."""

from datetime import datetime
from uuid import UUID

from portal.jobs.room import Room
from portal.services import activations_ahead
from portal.services.refreshing import refresh
from portal.services.refreshing_soon import refresh_soon
from portal.tenancy.keys import TenantKey


def due(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return a slot for each definition whose day has come, also on a day when nobody was there."""
    found = activations_ahead.due(room.database, tenant, now)
    return tuple(f"{one.day.isoformat()} {one.key} {one.id}" for one in found)


def work(room: Room, tenant: TenantKey, slot: str) -> str:
    """Activate one definition and bring its numbers up; say what came of it.

    Where the numbers cannot follow now, the next refresh brings them: it sees that definitions
    changed.
    """
    one, now = UUID(slot.rpartition(" ")[2]), room.now()
    begun = activations_ahead.take_hold(room.database, tenant, one, now)
    if begun is None:
        return "activated by a refresh already."
    if begun.done is None:
        return f"{begun.key}: not activated ({begun.word}); who decided it is told why."
    done = begun.done
    if not refresh_soon(room.workshop, tenant, done.moved, done.before, now):
        refresh(room.workshop, tenant, now)
    return f"{done.key}: version {done.version} holds, {len(done.moved)} KPIs moved."
