"""What an administrator does: who uses the portal, in which roles, and what was done in it."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from portal.errors import BadInputError, UnknownNameError
from portal.models import people as questions
from portal.models.people import Person
from portal.readmodels.administration import (
    AuditPage,
    AuditRow,
    PeoplePage,
    PersonRow,
    RoleSwitch,
    SignInPage,
)
from portal.readmodels.formats import Formats
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import (
    auditing,
    password_links,
    people,
    second_factor,
    sign_in_rules,
    signing_in,
)
from portal.services.auditing import Entry, Event, Trace
from portal.services.letters import Letter
from portal.services.people import NewPerson
from portal.tenancy.session import TenantSession

HOME = "/admin"
SIGN_IN = "/admin/sign-in"
_LAST = "Somebody has to administer the portal. Give the role admin to another person first."


def read_people(
    session: TenantSession, actor: Actor, formats: Formats, csrf: str, said: str = ""
) -> PeoplePage:
    """Return everybody of the actor's tenant, by name; `said` is what the last change did."""
    rows = sorted(session.scalars(questions.everybody()), key=lambda row: (_name(row), row.email))
    holders, linked = second_factor.holders(session), sign_in_rules.linked(session)
    return PeoplePage(
        tuple(_row(row, actor, formats, (row.id in holders, row.id in linked)) for row in rows),
        csrf,
        said,
    )


def read_sign_in(session: TenantSession, csrf: str, said: str = "") -> SignInPage:
    """Return how the people of the company sign in."""
    needed, found = sign_in_rules.factor_roles(session), sign_in_rules.provider(session)
    everybody = session.scalars(questions.everybody()).all()
    holders = second_factor.holders(session)
    counted = sum(row.id in holders for row in everybody)
    return SignInPage(
        roles=tuple(
            RoleSwitch(
                role.value,
                role in needed,
                f"{SIGN_IN}/{'spare' if role in needed else 'need'}/{role.value}",
            )
            for role in Role
        ),
        held=f"{counted} of {len(everybody)} people have a second factor.",
        issuer=found.issuer if found is not None else "",
        key=str(session.tenant),
        csrf=csrf,
        said=said,
    )


def read_audit(session: TenantSession, formats: Formats, before: datetime | None) -> AuditPage:
    """Return a page of what was done, newest first."""
    entries = auditing.read(session, before)
    names = {row.id: _name(row) for row in session.scalars(questions.everybody())}
    older = f"{HOME}/audit?before={entries[-1].at.isoformat()}" if entries else ""
    return AuditPage(tuple(_event(one, names, formats) for one in entries), older)


def add_person(session: TenantSession, actor: Actor, new: NewPerson, trace: Trace) -> str:
    """Add a person and return what is said of it.

    Raises:
        BadInputError: if a part of it can't be used.
        PersonExistsError: if the address is taken.
    """
    card = people.add(session, new, trace.at)
    _note(session, actor, Event.PERSON_ADDED, card.id, {"roles": list(card.roles)}, trace)
    return f"{card.email} may be invited now: send them a link to choose their password."


def change_role(
    session: TenantSession, actor: Actor, person: str, change: tuple[str, bool], trace: Trace
) -> str:
    """Give a role to a person or take it away; their sessions end, so that it holds at once.

    Args:
        session: Of the actor's tenant.
        actor: Who changes it.
        person: Whose role, by id.
        change: The role, and whether they are to have it.
        trace: In which request.

    Raises:
        BadInputError: if nobody would administer the portal, or the person would have no role.
    """
    row, (word, held) = _held(session, person), change
    if word not in [role.value for role in Role]:
        raise UnknownNameError("role", word, [role.value for role in Role])
    before = set(row.roles)
    after = before | {word} if held else before - {word}
    if not after:
        raise BadInputError("A person needs a role. Shut the account in place of taking the last.")
    if Role.ADMIN in before - after:
        _refuse_last(session, row)
    row.roles = [role.value for role in Role if role in after]
    signing_in.end_all(session, row.id, Event.ROLES_CHANGED, trace.at)
    told = {"before": sorted(before), "after": sorted(after)}
    _note(session, actor, Event.ROLES_CHANGED, row.id, told, trace)
    return f"{_name(row)} now has: {', '.join(row.roles)}. They sign in again."


def invite(session: TenantSession, actor: Actor, person: str, url: str, trace: Trace) -> Letter:
    """Return the mail by which a person chooses a password.

    Raises:
        BadInputError: if there is no such person, or their account is shut.
    """
    row = _held(session, person)
    if row.disabled_at is not None:
        raise BadInputError("The account is shut. Open it again before you send a link.")
    return password_links.invite(session, actor, row, url, trace)


def shut(session: TenantSession, actor: Actor, person: str, *, closed: bool, trace: Trace) -> str:
    """Shut an account, or open it again; a shut one's sessions end at once.

    Raises:
        BadInputError: if it is the actor's own, or nobody would administer the portal.
    """
    row = _held(session, person)
    if row.id == actor.person:
        raise BadInputError("You can't shut your own account. Ask another administrator.")
    if closed and Role.ADMIN in row.roles:
        _refuse_last(session, row)
    row.disabled_at = trace.at if closed else None
    signing_in.end_all(session, row.id, Event.PERSON_DISABLED, trace.at)
    event = Event.PERSON_DISABLED if closed else Event.PERSON_CHANGED
    _note(session, actor, event, row.id, {}, trace)
    return f"The account of {_name(row)} is {'shut' if closed else 'open again'}."


def reset_sign_in(session: TenantSession, actor: Actor, person: str, trace: Trace) -> str:
    """Forget a person's second factor, recovery codes and account at the provider.

    Raises:
        BadInputError: if there is no such person, or it is the actor.
    """
    row = _held(session, person)
    if row.id == actor.person:
        raise BadInputError("Turn your own second factor off from your account.")
    second_factor.reset(session, actor, row, trace)
    return f"{_name(row)} signs in with the password alone, until they set up a new factor."


def reset_by_operator(session: TenantSession, email: str, trace: Trace) -> str:
    """Do the same for who has that address, by whoever runs the portal.

    Raises:
        BadInputError: if nobody has it.
    """
    row = session.scalars(questions.by_email(email)).one_or_none()
    if row is None:
        raise BadInputError(f"Nobody of this tenant has the address '{email}'.")
    second_factor.reset(session, None, row, trace)
    return f"{row.email} signs in with the password alone, until they set up a new factor."


def _held(session: TenantSession, person: str) -> Person:
    """Return the person's row, held against other writers; another tenant's is nobody's."""
    try:
        wanted = uuid.UUID(person)
    except ValueError as error:
        raise BadInputError(_NOBODY) from error
    row = session.scalars(questions.by_id_held(wanted)).one_or_none()
    if row is None:
        raise BadInputError(_NOBODY)
    return row


_NOBODY = "There is no such person. Reload the page to see who there is."


def _refuse_last(session: TenantSession, row: Person) -> None:
    others = [
        each
        for each in session.scalars(questions.everybody_held())
        if each.id != row.id and Role.ADMIN in each.roles and each.disabled_at is None
    ]
    if not others:
        raise BadInputError(_LAST)


def _note(
    session: TenantSession,
    actor: Actor,
    event: Event,
    person: uuid.UUID,
    detail: Mapping[str, object],
    trace: Trace,
) -> None:
    auditing.note(session, actor, event, str(person), detail, trace=trace)


def _row(row: Person, actor: Actor, formats: Formats, kept: tuple[bool, bool]) -> PersonRow:
    place, own = f"{HOME}/people/{row.id}", row.id == actor.person
    factor, linked = kept
    return PersonRow(
        name=_name(row),
        email=row.email,
        roles=", ".join(row.roles),
        crm=_crm(row),
        standing=f"{_standing(row, formats)}{', second factor' if factor else ''}",
        switches=tuple(
            RoleSwitch(
                role.value,
                role in row.roles,
                f"{place}/{'drop' if role in row.roles else 'give'}/{role.value}",
            )
            for role in Role
        ),
        disable="" if own else f"{place}/{'open' if row.disabled_at else 'shut'}",
        disabled=row.disabled_at is not None,
        view="" if own or row.disabled_at else f"{place}/view",
        invite="" if row.disabled_at else f"{place}/invite",
        reset=f"{place}/reset" if (factor or linked) and not own else "",
    )


def _crm(row: Person) -> str:
    parts = (("user", row.crm_user_id), ("team", row.team_id))
    return ", ".join(f"{word} {told}" for word, told in parts if told) or "not in the CRM"


def _standing(row: Person, formats: Formats) -> str:
    if row.disabled_at is not None:
        return f"Shut since {formats.day(row.disabled_at.date())}"
    return "Active" if row.password_hash else "No password yet"


def _name(row: Person) -> str:
    return row.name or row.email


def _event(one: Entry, names: Mapping[uuid.UUID, str], formats: Formats) -> AuditRow:
    who = names.get(one.person, "a person who is gone") if one.person else "nobody signed in"
    if one.viewed_by is not None:
        who = f"{names.get(one.viewed_by, 'an administrator')} as {who}"
    clock = one.at.strftime("%H:%M:%S UTC")
    return AuditRow(
        at=f"{formats.day(one.at.date())}, {clock}",
        who=who,
        event=one.event.replace(".", " ").replace("_", " "),
        about=_about(one.object, names),
        detail="; ".join(f"{key}: {_said(told)}" for key, told in sorted(one.detail.items())),
        origin=one.ip,
    )


def _about(told: str, names: Mapping[uuid.UUID, str]) -> str:
    try:
        return names.get(uuid.UUID(told), told)
    except ValueError:
        return told


def _said(told: object) -> str:
    if isinstance(told, Iterable) and not isinstance(told, str | Mapping):
        return ", ".join(str(one) for one in told)
    return str(told)
