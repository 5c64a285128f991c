"""What an administrator does: who uses the portal, in which roles, and what was done in it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from kpi_engine.language import mark, tr
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
    account_words,
    audit_names,
    audit_words,
    auditing,
    password_links,
    people,
    rosters,
    second_factor,
    sign_in_rules,
    signing_in,
    tenants,
)
from portal.services.auditing import Entry, Event, Trace
from portal.services.letters import Letter
from portal.services.people import NewPerson
from portal.services.typed_words import an_id
from portal.tenancy.session import TenantSession

HOME = "/admin"
SIGN_IN = "/admin/sign-in"
_LAST = mark("Somebody has to administer the portal. Give the role admin to another person first.")


def read_people(
    session: TenantSession, actor: Actor, formats: Formats, csrf: str, said: str = ""
) -> PeoplePage:
    """Return everybody of the actor's tenant, by name; `said` is what the last change did."""
    rows = sorted(session.scalars(questions.everybody()), key=lambda row: (_name(row), row.email))
    holders, linked = second_factor.holders(session), sign_in_rules.linked(session)
    roster, zone = rosters.roster(session), ZoneInfo(tenants.get(session).timezone)
    told = []
    for row in rows:
        standing = account_words.standing(row, formats, zone, factor=row.id in holders)
        proved = row.id in holders or row.id in linked
        told.append(_row(row, actor, (account_words.crm(row, roster), standing), proved=proved))
    return PeoplePage(tuple(told), csrf, said)


def read_sign_in(session: TenantSession, csrf: str, said: str = "") -> SignInPage:
    """Return how the people of the company sign in."""
    needed, found = sign_in_rules.factor_roles(session), sign_in_rules.provider(session)
    everybody = session.scalars(questions.everybody()).all()
    holders = second_factor.holders(session)
    counted = sum(row.id in holders for row in everybody)
    return SignInPage(
        roles=tuple(
            RoleSwitch(
                account_words.role(role.value),
                role in needed,
                f"{SIGN_IN}/{'spare' if role in needed else 'need'}/{role.value}",
            )
            for role in Role
        ),
        held=tr(
            "{count} of {total} people have a second factor.", count=counted, total=len(everybody)
        ),
        issuer=found.issuer if found is not None else "",
        key=str(session.tenant),
        csrf=csrf,
        said=said,
    )


def read_audit(session: TenantSession, formats: Formats, before: datetime | None) -> AuditPage:
    """Return a page of what was done, newest first."""
    entries = auditing.read(session, before)
    names = audit_names.of(session)
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
    return tr(
        "{email} may be invited now: send them a link to choose their password.", email=card.email
    )


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
    word, held = change
    row = _held(session, person, among=word == Role.ADMIN and not held)
    if word not in [role.value for role in Role]:
        raise UnknownNameError(tr("role"), word, [role.value for role in Role])
    before = set(row.roles)
    after = before | {word} if held else before - {word}
    if not after:
        raise BadInputError(
            tr("A person needs a role. Shut the account in place of taking the last.")
        )
    if Role.ADMIN in before - after:
        _refuse_last(session, row)
    row.roles = [role.value for role in Role if role in after]
    signing_in.end_all(session, row.id, Event.ROLES_CHANGED, trace.at)
    told = {"before": sorted(before), "after": sorted(after)}
    _note(session, actor, Event.ROLES_CHANGED, row.id, told, trace)
    roles = account_words.roles(row.roles)
    return tr("{name} now has: {roles}. They sign in again.", name=_name(row), roles=roles)


def invite(session: TenantSession, actor: Actor, person: str, url: str, trace: Trace) -> Letter:
    """Return the mail by which a person chooses a password.

    Raises:
        BadInputError: if there is no such person, or their account is shut.
    """
    row = _held(session, person)
    if row.disabled_at is not None:
        raise BadInputError(tr("The account is shut. Open it again before you send a link."))
    return password_links.invite(session, actor, row, url, trace)


def shut(session: TenantSession, actor: Actor, person: str, *, closed: bool, trace: Trace) -> str:
    """Shut an account, or open it again; a shut one's sessions end at once.

    Raises:
        BadInputError: if it is the actor's own, or nobody would administer the portal.
    """
    row = _held(session, person, among=closed)
    if row.id == actor.person:
        raise BadInputError(tr("You can't shut your own account. Ask another administrator."))
    if closed and Role.ADMIN in row.roles:
        _refuse_last(session, row)
    row.disabled_at = trace.at if closed else None
    signing_in.end_all(session, row.id, Event.PERSON_DISABLED, trace.at)
    event = Event.PERSON_DISABLED if closed else Event.PERSON_CHANGED
    _note(session, actor, event, row.id, {}, trace)
    if closed:
        return tr("The account of {name} is shut.", name=_name(row))
    return tr("The account of {name} is open again.", name=_name(row))


def reset_sign_in(session: TenantSession, actor: Actor, person: str, trace: Trace) -> str:
    """Forget a person's second factor, recovery codes and account at the provider.

    Raises:
        BadInputError: if there is no such person, or it is the actor.
    """
    row = _held(session, person)
    if row.id == actor.person:
        raise BadInputError(tr("Turn your own second factor off from your account."))
    second_factor.reset(session, actor, row, trace)
    return tr(
        "{name} signs in with the password alone, until they set up a new factor.", name=_name(row)
    )


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


def _held(session: TenantSession, person: str, *, among: bool = False) -> Person:
    """Return the person's row, held against other writers; another tenant's is nobody's.

    `among` holds everybody's, for what could take the last administrator: all in one order, before
    one of them alone, or two administrators who shut each other would wait for each other.
    """
    wanted = an_id(person, BadInputError(tr(_NOBODY)))
    if among:
        session.scalars(questions.everybody_held()).all()
    row = session.scalars(questions.by_id_held(wanted)).one_or_none()
    if row is None:
        raise BadInputError(tr(_NOBODY))
    return row


_NOBODY = mark("There is no such person. Reload the page to see who there is.")


def _refuse_last(session: TenantSession, row: Person) -> None:
    others = [
        each
        for each in session.scalars(questions.everybody_held())
        if each.id != row.id and Role.ADMIN in each.roles and each.disabled_at is None
    ]
    if not others:
        raise BadInputError(tr(_LAST))


def _note(
    session: TenantSession,
    actor: Actor,
    event: Event,
    person: uuid.UUID,
    detail: Mapping[str, object],
    trace: Trace,
) -> None:
    auditing.note(session, actor, event, str(person), detail, trace=trace)


def _row(row: Person, actor: Actor, words: tuple[str, str], *, proved: bool) -> PersonRow:
    """Return a person's row; `proved`: they have something to prove themselves by that can go."""
    place, own = f"{HOME}/people/{row.id}", row.id == actor.person
    crm, standing = words
    return PersonRow(
        name=_name(row),
        email=row.email,
        roles=account_words.roles_alone(row.roles),
        crm=crm,
        standing=standing,
        switches=tuple(
            RoleSwitch(
                account_words.role(role.value),
                role in row.roles,
                f"{place}/{'drop' if role in row.roles else 'give'}/{role.value}",
            )
            for role in Role
        ),
        edit=f"{place}/edit",
        disable="" if own else f"{place}/{'open' if row.disabled_at else 'shut'}",
        disabled=row.disabled_at is not None,
        view="" if own or row.disabled_at else f"{place}/view",
        invite="" if row.disabled_at else f"{place}/invite",
        reset=f"{place}/reset" if proved and not own else "",
    )


def _name(row: Person) -> str:
    return row.name or row.email


def _event(one: Entry, names: Mapping[str, str], formats: Formats) -> AuditRow:
    who = tr("nobody signed in")
    if one.person:
        who = names.get(str(one.person)) or tr("a person who is gone")
    if one.viewed_by is not None:
        admin = names.get(str(one.viewed_by)) or tr("an administrator")
        who = tr("{admin} as {person}", admin=admin, person=who)
    clock = one.at.strftime("%H:%M:%S UTC")
    return AuditRow(
        at=f"{formats.day(one.at.date())}, {clock}",
        who=who,
        event=audit_words.called(one.event),
        about=names.get(one.object, one.object),
        detail=audit_names.detail(one.detail, names),
        origin=one.ip,
    )
