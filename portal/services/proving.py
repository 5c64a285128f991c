"""Proving anew who one is: a dangerous act asks for the password when the last proof is old."""

from datetime import datetime, timedelta

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models import people, sign_ins
from portal.security.actor import Actor
from portal.security.passwords import matches, spend_the_time
from portal.services import auditing, signing_in, throttling
from portal.services.auditing import Event, Trace
from portal.tenancy.database import Database
from portal.tenancy.doorway import DOOR
from portal.tenancy.session import TenantSession

LASTS = timedelta(minutes=10)
"""For so long a proof is good for dangerous acts."""


def is_fresh(session: TenantSession, actor: Actor, now: datetime) -> bool:
    """Say whether the actor proved lately, in this session, who they are."""
    if actor.session is None:
        return False
    row = session.scalars(sign_ins.by_id(actor.session)).one_or_none()
    return row is not None and row.proven_at is not None and now - row.proven_at < LASTS


def has_password(session: TenantSession, actor: Actor) -> bool:
    """Say whether the actor can prove it by a password; others sign in at their provider again."""
    return session.scalars(people.by_id(actor.person)).one().password_hash is not None


def prove(database: Database, actor: Actor, password: str, trace: Trace) -> None:
    """Take the actor's password as a proof for the next ten minutes of this session.

    Raises:
        TooManyTriesError: if it was guessed at too often.
        BadInputError: if it is not theirs.
    """
    keys = signing_in.keys_of(actor.email, trace)
    signing_in.count(database, keys, trace)
    with database.session(actor.tenant) as session:
        kept = session.scalars(people.by_id(actor.person)).one().password_hash
    if kept is None:
        spend_the_time()
    if kept is None or not matches(password, kept):
        raise BadInputError(tr("This is not your password. Nothing was changed."))
    with database.session(actor.tenant) as session:
        assert actor.session is not None  # noqa: S101 - who asks over the web has signed in
        session.scalars(sign_ins.by_id(actor.session)).one().proven_at = trace.at
        auditing.note(session, actor, Event.PROVEN, trace=trace)
    with database.session(DOOR) as session:
        throttling.forget(session, keys)
