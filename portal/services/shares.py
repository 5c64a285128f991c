"""A shared KPI: split into components, each with an owner, a per cent and a responsibility.

The per cents are exactly 100. Each co-owner says themselves that a share is theirs; a changed one
is to be said anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid4

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.errors import BadInputError, DeniedError
from portal.models import ownership as questions
from portal.models.ownership import SUM, KpiShare, KpiSplit, ShareAcknowledgement
from portal.security.permissions import Permission
from portal.services import auditing, inputs, ownership, typed_words
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.numbers import TENANT, Who
from portal.services.ownership import Ownership, Share
from portal.services.ownership_changes import active_person, check_place, said
from portal.services.typed_words import NotThereError

LEAST, MOST = 2, 8
"""How many shares a shared KPI has."""


@dataclass(frozen=True, slots=True)
class NewShare:
    """One share as somebody asks for it."""

    component: str
    person: UUID
    percent: Decimal
    responsibility: str
    input: KpiKey | None = None


@dataclass(frozen=True, slots=True)
class NewSplit:
    """How a KPI is to be shared from today; with no parts it is no longer shared."""

    kpi: KpiKey
    parts: tuple[NewShare, ...]
    who: Who = TENANT


def set_shares(desk: Desk, new: NewSplit, trace: Trace) -> bool:
    """Share a KPI anew, or stop sharing it; False if that says nothing new.

    A share that stays word for word keeps its acknowledgement.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if the shares are not exactly 100 %, or a part of one can't be used.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    check_place(desk, new.kpi, new.who)
    parts = _checked(desk, new)
    before = current(desk, new.kpi, new.who)
    if [_same(one) for one in before] == [_same(one) for one in parts]:
        return False
    _write(desk, replace(new, parts=parts), before, trace)
    return True


def replace_person(desk: Desk, one: Ownership, leaving: UUID, taking: UUID, trace: Trace) -> bool:
    """Give the shares that one person has of a KPI to another; False if they have none.

    The other co-owners' words stay; nothing else of the split is asked again.
    """
    if all(share.person.id != leaving for share in one.shares):
        return False
    parts = tuple(
        NewShare(
            share.component,
            taking if share.person.id == leaving else share.person.id,
            share.percent,
            share.responsibility,
            share.input,
        )
        for share in one.shares
    )
    _write(desk, NewSplit(one.kpi, parts, one.who), one.shares, trace)
    return True


def _write(desk: Desk, new: NewSplit, before: Sequence[Share], trace: Trace) -> None:
    split = _new_split(desk, new, trace)
    kept = {_same(one): one.acknowledged_at for one in before}
    for position, part in enumerate(new.parts):
        share = KpiShare(
            id=uuid4(),
            split=split.id,
            position=position,
            component=part.component,
            person=part.person,
            percent=part.percent,
            responsibility=part.responsibility,
            input=part.input,
        )
        desk.session.add(share)
        desk.session.flush()
        at = kept.get(_same(part))
        if at is not None:
            desk.session.add(ShareAcknowledgement(share=share.id, person=part.person, at=at))
    desk.session.flush()
    detail = {"shares": [f"{one.person} {one.percent:f} %" for one in new.parts]}
    auditing.note(desk.session, desk.actor, Event.SHARES_CHANGED, new.kpi, detail, trace=trace)


def acknowledge(desk: Desk, wanted: str, trace: Trace) -> bool:
    """Let the signed-in co-owner say that a share is theirs; False if they said it before.

    Raises:
        DeniedError: if the share is somebody else's, or an admin looks as the co-owner.
        BadInputError: if there is no such share, or it was changed since.
    """
    require(desk.actor, Permission.KPI_READ)
    if desk.actor.viewed_by is not None:
        raise DeniedError(
            tr("While you look as somebody else, you can't give their word for them.")
        )
    share, kpi = _held(desk, typed_words.one_id("share", wanted))
    if share.person.id != desk.actor.person:
        raise DeniedError(
            tr("This share is {name}'s. Only they can acknowledge it.", name=share.person.name)
        )
    row = ShareAcknowledgement(share=share.id, person=desk.actor.person, at=trace.at)
    if not desk.session.insert_new(row):
        return False
    detail = {"component": share.component, "percent": f"{share.percent:f}"}
    auditing.note(desk.session, desk.actor, Event.SHARE_ACKNOWLEDGED, kpi, detail, trace=trace)
    return True


def current(desk: Desk, kpi: KpiKey, who: Who) -> tuple[Share, ...]:
    """Return the shares of a KPI as they were last said; empty where it is not shared."""
    place = (kpi, who.kind.value, who.id)
    split = desk.session.scalars(questions.splits_of(*place).limit(1)).one_or_none()
    if split is None:
        return ()
    people = ownership.everybody(desk.session)
    return ownership.shares_of(desk.session, [split.id], people).get(split.id, ())


def _held(desk: Desk, wanted: UUID) -> tuple[Share, KpiKey]:
    """Return a share that holds today and its KPI."""
    for one in ownership.everything(desk.session, desk.today):
        for share in one.shares:
            if share.id == wanted:
                return share, one.kpi
    raise NotThereError(tr("There is no such share any more: it was changed. Reload the page."))


def _checked(desk: Desk, new: NewSplit) -> tuple[NewShare, ...]:
    if not new.parts:
        return ()
    if not LEAST <= len(new.parts) <= MOST:
        raise BadInputError(
            tr("A shared KPI has {least} to {most} shares.", least=LEAST, most=MOST)
        )
    if ownership.owners(desk.session, [new.kpi], desk.today, new.who).get(new.kpi) is None:
        raise BadInputError(tr("Nobody owns this KPI yet. Say first who is accountable."))
    parts = tuple(_part(desk, new.kpi, part) for part in new.parts)
    whole = sum(part.percent for part in parts)
    if whole != SUM:
        total = desk.formats.number(float(whole), 0 if whole == int(whole) else 2)
        raise BadInputError(
            tr("The shares add up to {total} %. Make them exactly 100 %.", total=total)
        )
    _refuse_twice([part.component for part in parts])
    return parts


def _part(desk: Desk, kpi: KpiKey, part: NewShare) -> NewShare:
    person = active_person(desk, part.person)
    if not 0 < part.percent < SUM or part.percent != round(part.percent, 2):
        raise BadInputError(
            tr("The share of {name} is no per cent between 0 and 100.", name=person.name)
        )
    if part.input is not None and (part.input not in desk.catalogue or part.input == kpi):
        raise BadInputError(
            tr("The component KPI of {name}'s share can't be used.", name=person.name)
        )
    return NewShare(
        inputs.line(tr("The component"), part.component),
        person.id,
        part.percent,
        typed_words.text(tr("The responsibility of {name}", name=person.name), part.responsibility),
        part.input,
    )


def _refuse_twice(components: Sequence[str]) -> None:
    seen = {one.casefold() for one in components}
    if len(seen) != len(components):
        raise BadInputError(tr("Two shares have one component. Name what sets them apart."))


def _new_split(desk: Desk, new: NewSplit, trace: Trace) -> KpiSplit:
    place = (new.kpi, new.who.kind.value, new.who.id)
    last = desk.session.scalars(questions.splits_of(*place).limit(1)).one_or_none()
    split = KpiSplit(
        id=uuid4(),
        kpi=new.kpi,
        scope_kind=new.who.kind.value,
        scope_id=new.who.id,
        from_day=desk.today,
        revision=1 if last is None else last.revision + 1,
        **said(desk, trace),
    )
    if not desk.session.insert_new(split):
        raise BadInputError(tr(typed_words.OVERTAKEN))
    return split


def _same(one: Share | NewShare) -> tuple[object, ...]:
    """What makes two shares the same word for word."""
    person = one.person.id if isinstance(one, Share) else one.person
    return one.component, person, one.percent, one.responsibility, one.input
