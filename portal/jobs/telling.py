"""Telling people: signals after each refresh, and each person's digest at their own hour."""

import uuid
from datetime import datetime

from portal.errors import PortalError
from portal.jobs.room import Room
from portal.services import digests, moments, signals, tenants
from portal.services.engines import calendar_of
from portal.services.mailing import NotTakenError
from portal.services.refreshing import last_refresh
from portal.tenancy.keys import TenantKey


def due_after_refresh(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return the day and version that pages read of, or the tenant's day where they read none.

    A day has a slot of its own also where nothing was loaded: what falls due is told on that day.
    """
    with room.database.session(tenant) as session:
        told = last_refresh(session)
        if told is not None:
            return (f"{told.read_on} version {told.version}",)
        calendar = calendar_of(tenants.get(session))
    return (f"{calendar.local_date(moments.naive(now))} without numbers",)


def look(room: Room, tenant: TenantKey, slot: str) -> str:
    """Tell what the numbers say, and say how much that was."""
    del slot
    with room.database.session(tenant) as session:
        done = signals.look(session, room.now())
    return f"{done.news} news, {done.items} items."


def due_digests(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return a slot for each person whose local hour has come: their day and who they are."""
    if room.mailroom is None:
        return ()
    with room.database.session(tenant) as session:
        return tuple(f"{slot} {person}" for person, slot in digests.due(session, now))


def send_digest(room: Room, tenant: TenantKey, slot: str) -> str:
    """Send one person's digest, and say how it ended.

    Raises:
        PortalError: if the mail server did not take it; the slot is tried again.
    """
    day, _, person = slot.partition(" ")
    if room.mailroom is None:
        return "no mail."
    try:
        state = digests.send(room.mailroom, tenant, uuid.UUID(person), day, room.now())
    except NotTakenError as error:
        raise PortalError("The mail server did not take the digest.") from error
    return f"{state.value if state else 'done by another'}."
