"""Digests: one mail a person and slot with what is new for them, never twice for one slot.

The row of a digest is the outbox. It is claimed before anything is made, and marked before it is
handed to the mail server: whoever dies before that is followed by somebody else, and whoever dies
after it by nobody. So a digest is sent at most once. One that may or may not have gone is held, and
its items, which nobody marked as mailed, are in the next one.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from kpi_engine.language import speaking
from portal.models import digests as questions
from portal.models import inbox as items
from portal.models import people
from portal.models.digests import Digest as Row
from portal.models.digests import DigestState
from portal.models.inbox import InboxItem
from portal.models.people import Person
from portal.security.permissions import Allowed, Permission, may
from portal.services import branding, digest_times, digest_wishes, inbox, tenants
from portal.services.digest_letter import Digest, letter
from portal.services.digest_times import Wish
from portal.services.inbox_sights import sight_of
from portal.services.letters import Letter
from portal.services.mailing import NotTakenError, Post
from portal.services.signing_in import actor_of
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

LEASE = timedelta(minutes=15)
"""Whoever has not sent it by then is taken for dead."""
MOST = 25
"""So many items a mail tells; how many more there are, it says."""
_LATELY = timedelta(days=4)
_OPEN = {DigestState.CLAIMED, DigestState.SENDING, DigestState.FAILED}


@dataclass(frozen=True, slots=True)
class Mailroom:
    """What digests are sent with."""

    database: Database
    post: Post
    url: str
    """The portal's address, for the links."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A digest that is ours to send."""

    person: uuid.UUID
    slot: str
    tries: int
    letter: Letter
    told: tuple[uuid.UUID, ...]


def due(session: TenantSession, now: datetime) -> tuple[tuple[uuid.UUID, str], ...]:
    """Return whose digest of which slot is to be sent now, and was not yet."""
    wishes, usual = digest_wishes.wishes(session), Wish(tenants.get(session).timezone)
    over = {
        (row.person_id, row.slot)
        for row in session.scalars(questions.digests_since(now - _LATELY))
        if DigestState(row.state) not in _OPEN
    }
    found = []
    for person in session.scalars(people.everybody()):
        slot = digest_times.slot(wishes.get(person.id, usual), now)
        if slot is not None and person.disabled_at is None and (person.id, slot) not in over:
            found.append((person.id, slot))
    return tuple(found)


def send(
    room: Mailroom, tenant: TenantKey, person: uuid.UUID, slot: str, now: datetime
) -> DigestState | None:
    """Send one digest if it is to be had; return how it ended, None if it was not.

    Raises:
        NotTakenError: if the mail server did not take it; it may be tried again.
    """
    with room.database.session(tenant) as session:
        state, ours = _claim(session, room.url, person, slot, now)
    if ours is None:
        return state
    with room.database.session(tenant) as session:
        if not _mark(session, ours, DigestState.CLAIMED, DigestState.SENDING):
            return None
    try:
        room.post.send([ours.letter])
    except NotTakenError:
        _end(room, tenant, ours, DigestState.FAILED, now)
        raise
    except OSError:
        _end(room, tenant, ours, DigestState.HELD, now)
        return DigestState.HELD
    _end(room, tenant, ours, DigestState.SENT, now)
    return DigestState.SENT


def _claim(
    session: TenantSession, url: str, person: uuid.UUID, slot: str, now: datetime
) -> tuple[DigestState | None, _Claimed | None]:
    """Take the slot, and make its mail from what the person may see at this moment."""
    row = _taken(session, person, slot, now)
    if row is None:
        return None, None
    if row.state == DigestState.HELD:
        return DigestState.HELD, None
    told, more = _news(session, person, now)
    if not told:
        row.state = DigestState.EMPTY.value
        return DigestState.EMPTY, None
    row.items = len(told)
    owner = session.scalars(people.by_id(person)).one()
    with speaking(owner.locale):
        made = Digest(
            company=tenants.get(session).name,
            product=branding.product(session),
            name=owner.name or owner.email,
            email=owner.email,
            items=[inbox.item_of(each) for each in told],
            more=more,
            wish=digest_wishes.wish_of(session, person),
            url=url,
            key=f"digest-{row.id}",
        )
        written = letter(made)
    ids = tuple(each.id for each in told)
    return DigestState.CLAIMED, _Claimed(person, slot, row.tries, written, ids)


def _taken(session: TenantSession, person: uuid.UUID, slot: str, now: datetime) -> Row | None:
    """Return a slot's row, claimed, or held if it may have been sent; None if it is not ours."""
    fresh = Row(
        id=uuid.uuid4(),
        person_id=person,
        slot=slot,
        state=DigestState.CLAIMED.value,
        tries=1,
        claimed_at=now,
        leased_until=now + LEASE,
        items=0,
    )
    if session.insert_new(fresh):
        return fresh
    row = session.scalars(questions.digest_held(person, slot)).one()
    state = DigestState(row.state)
    if state not in _OPEN or (state is not DigestState.FAILED and now < row.leased_until):
        return None
    if state is DigestState.SENDING:
        row.state = DigestState.HELD.value
        return row
    row.state, row.tries = DigestState.CLAIMED.value, row.tries + 1
    row.claimed_at, row.leased_until = now, now + LEASE
    return row


def _news(
    session: TenantSession, person: uuid.UUID, now: datetime
) -> tuple[tuple[InboxItem, ...], int]:
    """Return what a person is to be mailed, and how much more waits; by what they may see now."""
    owner = session.scalars(people.by_id(person)).one_or_none()
    if owner is None or not _may_read(session, owner):
        return (), 0
    sight = sight_of(session, actor_of(session.tenant, owner), now)
    waiting = [
        row
        for row in session.scalars(items.to_mail(person, now, _BOUND))
        if sight.sees(row.kpi, inbox.who_of(row.scope_kind, row.scope_id))
    ]
    return tuple(waiting[:MOST]), max(len(waiting) - MOST, 0)


_BOUND = 500


def _may_read(session: TenantSession, owner: Person) -> bool:
    allowed = may(actor_of(session.tenant, owner), Permission.INBOX_READ)
    return owner.disabled_at is None and isinstance(allowed, Allowed)


def _mark(session: TenantSession, ours: _Claimed, before: DigestState, after: DigestState) -> bool:
    """Move a digest on, if it is still ours."""
    row = session.scalars(questions.digest_held(ours.person, ours.slot)).one()
    if row.state != before or row.tries != ours.tries:
        return False
    row.state = after.value
    return True


def _end(
    room: Mailroom, tenant: TenantKey, ours: _Claimed, state: DigestState, now: datetime
) -> None:
    """Write down how it ended; of one that was sent also what it told."""
    with room.database.session(tenant) as session:
        row = session.scalars(questions.digest_held(ours.person, ours.slot)).one()
        if row.tries != ours.tries:
            return
        row.state = state.value
        if state is DigestState.SENT:
            row.sent_at = now
            for item in session.scalars(items.some_held(ours.told)):
                item.mailed_at = now
