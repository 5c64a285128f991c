"""The people of a tenant."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kpi_engine.language import mark, tr
from portal.errors import BadInputError, PersonExistsError, UnknownNameError, UnknownTenantError
from portal.models import people as questions
from portal.models import tenants
from portal.models.people import Person
from portal.security.passwords import hashed
from portal.security.roles import Role, named
from portal.services import inputs
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is said of a person who is to use the portal."""

    email: str
    roles: Sequence[str]
    crm_user_id: str | None = None
    """The `user` of the CRM that this person is."""
    team_id: str | None = None
    """The `team` of the CRM; for people who are in none of their own."""
    password: str | None = None
    name: str = ""
    """What others call them."""
    locale: str = "en"
    """How they read numbers and dates."""


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person as they stand."""

    id: uuid.UUID
    email: str
    roles: tuple[Role, ...]
    crm_user_id: str | None
    team_id: str | None
    has_password: bool


def add(session: TenantSession, new: NewPerson, now: datetime) -> PersonCard:
    """Add a person to the session's tenant.

    Raises:
        UnknownTenantError: if there is no such tenant.
        PersonExistsError: if the address is taken, however it is capitalised.
        BadInputError: if the address, a role or the password can't be used.
    """
    email, roles = inputs.email(new.email), _roles(new.roles)
    made = Person(
        id=uuid.uuid4(),
        email=email,
        roles=[role.value for role in roles],
        crm_user_id=_optional(tr("The CRM user's id"), new.crm_user_id),
        team_id=_optional(tr("The team's id"), new.team_id),
        password_hash=None if new.password is None else hashed(new.password),
        created_at=now,
        name=inputs.line(tr("The person's name"), new.name) if new.name else "",
        locale=new.locale,
    )
    if session.scalars(tenants.its_row()).one_or_none() is None:
        raise UnknownTenantError(session.tenant)
    if not session.insert_new(made):
        raise PersonExistsError(email)
    return _card(made)


def find(session: TenantSession, email: str) -> PersonCard | None:
    """Return who has that address, however it is capitalised."""
    found = session.scalars(questions.by_email(email)).one_or_none()
    return None if found is None else _card(found)


def _roles(given: Sequence[str]) -> tuple[Role, ...]:
    """The roles named, each once, in the order of `Role`."""
    if not given:
        raise BadInputError(
            tr("A person needs a role: {roles}.", roles=", ".join(named(role) for role in Role))
        )
    known = [role.value for role in Role]
    for word in given:
        if word not in known:
            raise UnknownNameError(mark("role"), word, known)
    return tuple(role for role in Role if role in given)


def _optional(what: str, given: str | None) -> str | None:
    return None if given is None else inputs.line(what, given)


def _card(row: Person) -> PersonCard:
    return PersonCard(
        id=row.id,
        email=row.email,
        roles=tuple(Role(role) for role in row.roles),
        crm_user_id=row.crm_user_id,
        team_id=row.team_id,
        has_password=row.password_hash is not None,
    )
