"""Who owns a KPI is changed: its accountable owner, who updates it, who covers for the owner."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models import ownership as questions
from portal.models import people as people_questions
from portal.models.observations import ScopeKind
from portal.models.ownership import Help, KpiHelp, KpiOwner
from portal.security.permissions import Permission
from portal.services import auditing, ownership, typed_words
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.form_parts import told_by_person
from portal.services.granted import require
from portal.services.numbers import TENANT, Who
from portal.services.ownership import Person
from portal.services.typed_words import NotThereError, RefusedFieldError, beside

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """From which day somebody is accountable; no person: nobody is from then on."""

    kpi: KpiKey
    person: UUID | None
    from_day: date
    reason: str = ""
    who: Who = TENANT


@dataclass(frozen=True, slots=True)
class NewHelp:
    """Somebody who is to update a KPI, or to cover for its owner until a last day."""

    kpi: KpiKey
    kind: Help
    person: UUID
    from_day: date
    last_day: date | None = None
    who: Who = TENANT


def set_owner(desk: Desk, change: OwnerChange, trace: Trace) -> bool:
    """Say who is accountable from a day on; False if that says nothing new.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if the KPI, the scope or the new owner is not there or not active.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    check_place(desk, change.kpi, change.who)
    if change.person is not None:
        check_of_person(desk, change.kpi, change.who)
        with beside("owner"):
            active_person(desk, change.person)
    rows = list(desk.session.scalars(questions.owners_of(*_place(change.kpi, change.who))))
    holds = next((row.person for row in rows if row.from_day <= change.from_day), None)
    if holds == change.person:
        return False
    same_day = [row.revision for row in rows if row.from_day == change.from_day]
    reason = change.reason.strip()
    with beside("reason"):
        reason = typed_words.text(tr("The reason"), reason) if reason else ""
    row = KpiOwner(
        id=uuid4(),
        **_named(change.kpi, change.who),
        from_day=change.from_day,
        revision=max(same_day, default=0) + 1,
        person=change.person,
        reason=reason,
        **said(desk, trace),
    )
    if not desk.session.insert_new(row):
        raise BadInputError(tr(typed_words.OVERTAKEN))
    _end_own_help(desk, change, trace)
    told = {"owner": _id(change.person), "before": _id(holds), "from": str(change.from_day)}
    _note(desk, change.kpi, told | _whose(change.who), trace)
    return True


def _end_own_help(desk: Desk, change: OwnerChange, trace: Trace) -> None:
    """Who owns a KPI neither updates it for somebody nor covers for themselves."""
    place = _place(change.kpi, change.who)
    for row in desk.session.scalars(questions.helps()):
        if row.person == change.person and (row.kpi, row.scope_kind, row.scope_id) == place:
            end_row(row, trace)


def add_help(desk: Desk, new: NewHelp, trace: Trace) -> None:
    """Let somebody update a KPI, or cover for its owner from a day to a last day.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if a cover has no last day, ends before it starts or meets another one; if
            nobody owns the KPI; if the person is not active, or owns it.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    check_place(desk, new.kpi, new.who)
    with beside("person"):
        person = active_person(desk, new.person)
    owner = ownership.owners(desk.session, [new.kpi], desk.today, new.who).get(new.kpi)
    if owner is None:
        raise BadInputError(tr("Nobody owns this KPI yet. Say first who is accountable."))
    if owner.accountable.id == person.id:
        raise RefusedFieldError(
            "person", tr("{name} owns this KPI already. Choose somebody else.", name=person.name)
        )
    until = None if new.last_day is None else new.last_day + _DAY
    if new.kind is Help.COVER:
        _check_cover(desk, new)
    row = KpiHelp(
        id=uuid4(),
        **_named(new.kpi, new.who),
        kind=new.kind.value,
        person=new.person,
        from_day=new.from_day,
        until_day=until,
        ended_at=None,
        **said(desk, trace),
    )
    if not desk.session.insert_new(row):
        raise BadInputError(tr("{name} updates this KPI already.", name=person.name))
    told = {new.kind.value: str(new.person), "from": str(new.from_day)}
    if new.last_day is not None:
        told["until"] = str(new.last_day)
    _note(desk, new.kpi, told | _whose(new.who), trace)


def end_help(desk: Desk, wanted: str, trace: Trace) -> None:
    """Take an updater or a cover back.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if there is none of that id, or it has ended.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    row = desk.session.scalars(
        questions.help_of(typed_words.one_id(mark("help"), wanted))
    ).one_or_none()
    if row is None:
        raise NotThereError(tr("That help has ended, or there never was one. Reload the page."))
    end_row(row, trace)
    _note(desk, KpiKey(row.kpi), {"ended": row.kind, "person": str(row.person)}, trace)


def end_row(row: KpiHelp, trace: Trace) -> None:
    """End a help at this moment."""
    row.ended_at = trace.at


def _check_cover(desk: Desk, new: NewHelp) -> None:
    if new.last_day is None:
        raise RefusedFieldError("last_day", tr("A cover ends. Say its last day."))
    if new.last_day < new.from_day:
        raise RefusedFieldError(
            "last_day", tr("The cover ends before it starts. Put its days in order.")
        )
    place = _place(new.kpi, new.who)
    for row in desk.session.scalars(questions.helps()):
        if row.kind != Help.COVER or (row.kpi, row.scope_kind, row.scope_id) != place:
            continue
        if row.from_day <= new.last_day and row.until_day and new.from_day < row.until_day:
            raise BadInputError(
                tr(
                    "Somebody covers already from {first} to {last}. Take that back first, or"
                    " choose other days.",
                    first=row.from_day,
                    last=row.until_day - _DAY,
                )
            )


def check_place(desk: Desk, kpi: KpiKey, who: Who) -> None:
    """Do nothing if the KPI and the scope are there.

    Raises:
        BadInputError: if one is not.
    """
    if kpi not in desk.catalogue:
        raise BadInputError(tr("There is no such KPI. Reload the page to see those there are."))
    groups = {ScopeKind.TEAM: desk.roster.teams, ScopeKind.OWNER: desk.roster.people}
    if who.kind is not ScopeKind.TENANT and who.id not in groups[who.kind]:
        raise BadInputError(tr("There is no such team or owner. Reload the page."))


def check_of_person(desk: Desk, kpi: KpiKey, who: Who) -> None:
    """Do nothing if a KPI has a number of the scope, as far as its definition says.

    Raises:
        BadInputError: if the scope is one person, and the KPI's records name nobody.
    """
    if who.kind is ScopeKind.OWNER and not told_by_person(desk, kpi):
        name = desk.catalogue[kpi].name
        raise BadInputError(
            tr("{kpi} has no number of one person, so nobody answers for it.", kpi=name)
        )


def active_person(desk: Desk, wanted: UUID) -> Person:
    """Return somebody of the tenant who may sign in.

    Raises:
        BadInputError: if there is nobody of that id, or their account is shut.
    """
    row = desk.session.scalars(people_questions.by_id(wanted)).one_or_none()
    if row is None:
        raise BadInputError(tr("There is no such person. Reload the page to see who there is."))
    person = ownership.told(row)
    if not person.active:
        raise BadInputError(
            tr("The account of {name} is shut. Choose somebody active.", name=person.name)
        )
    return person


def said(desk: Desk, trace: Trace) -> dict[str, Any]:
    """Return the columns that tell who said something, and when."""
    actor = desk.actor
    return {
        "set_by": actor.person,
        "set_by_name": actor.name or actor.email,
        "set_at": trace.at,
    }


def _named(kpi: KpiKey, who: Who) -> dict[str, Any]:
    return {"kpi": kpi, "scope_kind": who.kind.value, "scope_id": who.id}


def _place(kpi: KpiKey, who: Who) -> tuple[str, str, str]:
    return kpi, who.kind.value, who.id


def _id(person: UUID | None) -> str:
    return "nobody" if person is None else str(person)


def _whose(who: Who) -> dict[str, str]:
    """Return whose number it was of, for the audit log; nothing for the company's."""
    if who == TENANT:
        return {}
    return {"scope": f"{who.kind.value} {who.id.replace(KEY_SEPARATOR, '/')}"}


def _note(desk: Desk, kpi: KpiKey, detail: dict[str, str], trace: Trace) -> None:
    auditing.note(desk.session, desk.actor, Event.OWNER_CHANGED, kpi, detail, trace=trace)
