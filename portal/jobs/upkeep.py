"""What is cleared away at night: tries of signing in that nobody counts any more."""

from datetime import datetime, timedelta

from portal.jobs.nights import day_after
from portal.jobs.room import Room
from portal.services import throttling
from portal.tenancy.doorway import DOOR
from portal.tenancy.keys import TenantKey

AT_NIGHT = timedelta(hours=3)
"""So long after midnight of the tenant's day, when nobody waits for anything."""


def due_at_night(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return the tenant's local day, once its night is far gone."""
    return (day_after(room, tenant, now, AT_NIGHT),)


def work(room: Room, tenant: TenantKey, slot: str) -> str:
    """Clear away, and say how much that was; the door's, which is nobody's, with any tenant's."""
    del slot
    cleared = 0
    for place in (tenant, DOOR):
        with room.database.session(place) as session:
            cleared += throttling.clean(session, room.now())
    return f"{cleared} counts of old tries cleared."
