"""Choosing a password by a link: an invitation, or one's own wish after forgetting the old one.

A link works once and for a short time, is kept as a hash, and falls when a newer one is made or the
account changes. It signs nobody in: the new password is then asked for like any other.
"""

import uuid
from datetime import timedelta
from enum import StrEnum

from kpi_engine.language import mark, speaking, tr
from portal.errors import LinkSpentError
from portal.models import password_links as questions
from portal.models import people
from portal.models.password_links import PasswordLink
from portal.models.people import Person
from portal.security.actor import Actor
from portal.security.passwords import hashed
from portal.security.tokens import new_token, read_token
from portal.services import auditing, branding, signing_in
from portal.services.auditing import Event, Trace
from portal.services.letters import Letter
from portal.tenancy.database import Database
from portal.tenancy.session import TenantSession

PATH = "/login/password"


class LinkKind(StrEnum):
    """Why a person chooses a password."""

    INVITATION = "invitation"
    RESET = "reset"


LASTS = {LinkKind.INVITATION: timedelta(days=3), LinkKind.RESET: timedelta(minutes=30)}
"""How long each link works."""


def invite(session: TenantSession, actor: Actor, person: Person, url: str, trace: Trace) -> Letter:
    """Make a link for a person whom an administrator invites; return the mail that carries it."""
    told = {"link": LinkKind.INVITATION.value}
    auditing.note(session, actor, Event.PERSON_CHANGED, str(person.id), told, trace=trace)
    return _letter(session, person, LinkKind.INVITATION, url, trace)


def forgotten(database: Database, email: str, url: str, trace: Trace) -> tuple[Letter, ...]:
    """Return the mails to whoever has the address, one for each company; none if it is nobody's.

    How often it is asked for is counted before.
    """
    letters = []
    for tenant in database.tenants_of(email):
        with database.session(tenant) as session:
            person = session.scalars(people.by_email(email)).one_or_none()
            if person is not None and person.disabled_at is None:
                letters.append(_letter(session, person, LinkKind.RESET, url, trace))
    return tuple(letters)


def choose(database: Database, text: str, password: str, trace: Trace) -> None:
    """Set the password of the person whose link it is; every session of theirs ends.

    Raises:
        LinkSpentError: if the link is nobody's, was used, is too old, or was made before a change.
        BadInputError: if the password can't be one; the link still works then.
    """
    token = read_token(text)
    if token is None:
        raise LinkSpentError
    with database.session(token.tenant) as session:
        whose = session.scalars(questions.person_of(token.hashed)).one_or_none()
        if whose is None:
            raise LinkSpentError
        # The person first, as who sends them another link does.
        person = session.scalars(people.by_id_held(whose)).one()
        link = session.scalars(questions.by_token(token.hashed)).one()
        if link.used_at is not None or trace.at >= link.until:
            raise LinkSpentError
        if person.disabled_at is not None or link.stamp != signing_in.stamp(person):
            raise LinkSpentError
        person.password_hash = hashed(password)
        _spend(session, person.id, trace)
        signing_in.end_all(session, person.id, Event.PASSWORD_CHANGED, trace.at)
        auditing.note(session, None, Event.PASSWORD_CHANGED, str(person.id), trace=trace)


def _letter(
    session: TenantSession, person: Person, kind: LinkKind, url: str, trace: Trace
) -> Letter:
    """Make the link, ending those before it, and say it in a mail."""
    _spend(session, person.id, trace)
    token = new_token(session.tenant)
    session.add(
        PasswordLink(
            id=uuid.uuid4(),
            person_id=person.id,
            kind=kind.value,
            token_hash=token.hashed,
            stamp=signing_in.stamp(person),
            made_at=trace.at,
            until=trace.at + LASTS[kind],
        )
    )
    product = branding.product(session)
    # After the mark, so that no server and no log along the way gets to see the secret.
    address = f"{url}{PATH}#{token.text}"
    with speaking(person.locale):
        subject, said, lasts = (tr(words, product=product) for words in _WORDS[kind])
        text = f"{said}\n\n{address}\n\n{lasts} {tr(_STRANGE)}\n"
    return Letter(person.email, subject, text)


def _spend(session: TenantSession, person: uuid.UUID, trace: Trace) -> None:
    for link in session.scalars(questions.open_of(person)):
        link.used_at = trace.at


_STRANGE = mark(
    "If you did not expect this mail, nothing has to be done: nothing changes without it."
)
_WORDS = {
    LinkKind.INVITATION: (
        mark("Your access to {product}"),
        mark("You are invited to your company's KPI portal. Choose your password here:"),
        mark("The link works once, within three days."),
    ),
    LinkKind.RESET: (
        mark("Choose a new password"),
        mark("Somebody asked for a new password for this address. Choose it here:"),
        mark("The link works once, within 30 minutes."),
    ),
}
