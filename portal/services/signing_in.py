"""Signing in and out: from an address and a password to a session, and the session's end."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.errors import SignInFailedError, TooManyTriesError
from portal.models import people, sign_ins, tenants
from portal.models.people import Person
from portal.models.sign_ins import SignIn
from portal.security.actor import Actor
from portal.security.passwords import hashed, is_outdated, matches, spend_the_time
from portal.security.permissions import Denied, Permission, may
from portal.security.roles import Role
from portal.security.tokens import Token, new_token
from portal.services import auditing, throttling
from portal.services.auditing import Event, Trace
from portal.services.throttling import Key
from portal.tenancy.database import Database
from portal.tenancy.doorway import DOOR
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written down no more often than this."""


@dataclass(frozen=True, slots=True)
class Account:
    """One person whose first proof was right: an address and its password, or a provider's word."""

    tenant: TenantKey
    tenant_name: str
    person: uuid.UUID
    stamp: str = ""
    """What the proof stands on: with another password, address or role it falls."""


def check(database: Database, email: str, password: str, trace: Trace) -> tuple[Account, ...]:
    """Return whose the address and the password are: one account, or one in each of some tenants.

    Who is unknown takes as long, and is told the same, as who has another password.

    Raises:
        TooManyTriesError: if too much was tried under the address of the network or the account.
        SignInFailedError: if they are nobody's.
    """
    # PostgreSQL's text holds no NUL; an address with one is nobody's, and looked for all the same.
    email = email.replace("\0", "\N{REPLACEMENT CHARACTER}")
    keys = keys_of(email, trace)
    count(database, keys, trace)
    candidates = database.tenants_of(email)
    # An address that is nobody's is looked for at the door, with the same questions.
    found = [_match(database, tenant, email, password) for tenant in candidates or (DOOR,)]
    accounts = tuple(each for each in found if each is not None)
    if not accounts:
        _note_failure(database, candidates, trace)
        raise SignInFailedError
    with database.session(DOOR) as session:
        throttling.forget(session, keys)
    return accounts


def count_try(database: Database, email: str, trace: Trace) -> None:
    """Count a try to get in by another way than the password, under the same keys.

    Raises:
        TooManyTriesError: if too much was tried.
    """
    count(database, keys_of(email, trace), trace)


def begin(database: Database, account: Account, trace: Trace, proven_at: datetime | None) -> Token:
    """Begin a session and return what the browser is to keep: always a new one.

    Args:
        database: Of the portal.
        account: Whose session it is; every step of signing in was taken.
        trace: In which request.
        proven_at: When the person proved who they are; None where nobody knows.

    Raises:
        SignInFailedError: if the account may not sign in any more, or changed since the first step.
    """
    token = new_token(account.tenant)
    with database.session(account.tenant) as session:
        person = session.scalars(people.by_id(account.person)).one_or_none()
        if person is None or person.disabled_at is not None or account.stamp != stamp(person):
            raise SignInFailedError
        row = SignIn(
            id=uuid.uuid4(),
            token_hash=token.hashed,
            person_id=person.id,
            stamp=stamp(person),
            began_at=trace.at,
            seen_at=trace.at,
            proven_at=proven_at,
        )
        session.add(row)
        actor = replace(actor_of(session.tenant, person), session=row.id)
        auditing.note(session, actor, Event.SIGNED_IN, trace=trace)
    return token


def resume(
    database: Database, token: Token, now: datetime, *, by_itself: bool = False
) -> Actor | None:
    """Return who a session belongs to, or None where there is none or it is over.

    It is over when it was ended, lay idle for 30 minutes, is 12 hours old, or when the person's
    password, address or roles changed or they were disabled; each holds at the next request of
    every process. What a page asks `by_itself` is no sign of anybody: it keeps no session alive.
    """
    with database.session(token.tenant) as session:
        found = session.execute(sign_ins.with_person(token.hashed)).one_or_none()
        if found is None:
            return None
        row, person = found
        if _is_over(row, person, now):
            return None
        if not by_itself and now - row.seen_at >= _SEEN_EVERY:
            row.seen_at = now
        actor = replace(actor_of(session.tenant, person), session=row.id)
        return actor if row.viewing is None else _as_another(session, actor, row.viewing)


def _as_another(session: TenantSession, actor: Actor, viewing: uuid.UUID) -> Actor:
    """Return the person that an administrator looks as, while both may."""
    person = session.scalars(people.by_id(viewing)).one_or_none()
    lacks = isinstance(may(actor, Permission.VIEW_AS), Denied)
    if person is None or person.disabled_at is not None or lacks:
        return actor
    seen = actor_of(session.tenant, person)
    return replace(seen, session=actor.session, viewed_by=actor.person)


def end(database: Database, actor: Actor, trace: Trace) -> None:
    """End the actor's session, for every process at once."""
    if actor.session is None:
        return
    with database.session(actor.tenant) as session:
        row = session.scalars(sign_ins.by_id(actor.session)).one_or_none()
        if row is not None and row.ended_at is None:
            row.ended_at, row.ended_by = trace.at, Event.SIGNED_OUT.value
        auditing.note(session, actor, Event.SIGNED_OUT, trace=trace)


def note_denied(database: Database, actor: Actor, door: str, trace: Trace) -> None:
    """Write down that somebody came to a door that is not theirs."""
    with database.session(actor.tenant) as session:
        auditing.note(session, actor, Event.DENIED, door, trace=trace)


def end_all(
    session: TenantSession,
    person: uuid.UUID,
    why: Event,
    now: datetime,
    *,
    but: uuid.UUID | None = None,
) -> int:
    """End every session of a person, or every one `but` the one they ask in; return how many."""
    rows = [row for row in session.scalars(sign_ins.open_of(person)) if row.id != but]
    for row in rows:
        row.ended_at, row.ended_by = now, why.value
    return len(rows)


def stamp(person: Person) -> str:
    """Return what a session stands on: with another password, address or role it falls."""
    parts = [person.password_hash, person.email, sorted(person.roles), str(person.disabled_at)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def keys_of(email: str, trace: Trace) -> tuple[Key, ...]:
    """Return what tries at an account are counted under."""
    return (
        Key(throttling.ADDRESS, trace.ip),
        Key(throttling.ACCOUNT, email.strip().lower()),
        Key(throttling.EVERYBODY, ""),
    )


def count(database: Database, keys: Sequence[Key], trace: Trace) -> None:
    """Count a try under several keys.

    Raises:
        TooManyTriesError: if one of them has to wait; it is written down.
    """
    try:
        with database.session(DOOR) as session:
            throttling.take(session, keys, trace.at)
    except TooManyTriesError:
        with database.session(DOOR) as session:
            auditing.note(session, None, Event.THROTTLED, "sign-in", trace=trace)
        raise


def _match(database: Database, tenant: TenantKey, email: str, password: str) -> Account | None:
    """The account of that address in a tenant, if it may sign in and the password is its."""
    with database.session(tenant) as session:
        person = session.scalars(people.by_email(email)).one_or_none()
        kept = person.password_hash if person is not None else None
    if person is None or kept is None:
        spend_the_time()
        return None
    if not matches(password, kept) or person.disabled_at is not None:
        return None
    with database.session(tenant) as session:
        if is_outdated(kept):
            _hash_anew(session, person.id, kept, password)
        company = session.scalars(tenants.its_row()).one()
        proof = stamp(session.scalars(people.by_id(person.id)).one())
    return Account(tenant, company.name, person.id, proof)


def _hash_anew(session: TenantSession, person: uuid.UUID, kept: str, password: str) -> None:
    row = session.scalars(people.by_id(person)).one()
    if row.password_hash == kept:
        row.password_hash = hashed(password)


def _note_failure(database: Database, tenants_: Sequence[TenantKey], trace: Trace) -> None:
    """Tell the tenants in which there is such an address; the address itself may be a slip."""
    for tenant in tenants_ or (DOOR,):
        with database.session(tenant) as session:
            auditing.note(session, None, Event.SIGN_IN_FAILED, trace=trace)


def _is_over(row: SignIn, person: Person, now: datetime) -> bool:
    return (
        now - row.seen_at >= IDLE
        or now - row.began_at >= LONGEST
        or person.disabled_at is not None
        or row.stamp != stamp(person)
    )


def actor_of(tenant: TenantKey, person: Person) -> Actor:
    """Return what a person may at this moment; also for work that nobody signed in for."""
    return Actor(
        tenant=tenant,
        person=person.id,
        email=person.email,
        name=person.name or person.email,
        roles=frozenset(Role(role) for role in person.roles),
        crm_user_id=person.crm_user_id,
        team_id=person.team_id,
        locale=person.locale,
    )


def account(tenant: str, name: str, person: str, proof: str) -> Account:
    """Return an account from its parts as text."""
    return Account(TenantKey(tenant), name, uuid.UUID(person), proof)
