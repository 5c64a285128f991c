"""A person leaves: everything that they answer for goes to somebody else, from today on."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import SOURCE, speaking, tr, trn
from portal.errors import BadInputError
from portal.models import ownership as questions
from portal.models.observations import ScopeKind
from portal.models.ownership import KpiHelp, KpiOwner
from portal.security.permissions import Permission
from portal.services import auditing, goal_changes, goals, ownership, ownership_changes, shares
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.numbers import Who
from portal.services.ownership import Ownership
from portal.services.ownership_changes import OwnerChange


@dataclass(frozen=True, slots=True)
class Handover:
    """Who gives everything to whom, and why."""

    leaving: UUID
    taking: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How much went over."""

    owned: int
    shared: int
    helped: int
    goals: int

    @property
    def text(self) -> str:
        """What is said of it."""
        parts = (
            (self.owned, trn("{count} KPI owned", "{count} KPIs owned", self.owned)),
            (self.shared, trn("{count} shared KPI", "{count} shared KPIs", self.shared)),
            (
                self.helped,
                trn(
                    "{count} KPI updated or covered",
                    "{count} KPIs updated or covered",
                    self.helped,
                ),
            ),
            (self.goals, trn("{count} goal", "{count} goals", self.goals)),
        )
        told = ", ".join(text for count, text in parts if count)
        return (
            tr("Handed over: {parts}.", parts=told)
            if told
            else tr("There was nothing to hand over.")
        )


def hand_over(desk: Desk, asked: Handover, trace: Trace) -> HandedOver:
    """Give everything that one person answers for to another.

    The one who leaves may be shut already; the one who takes over acknowledges each share anew.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if one of the two is not of the tenant, both are one, or the taker is shut.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    if asked.leaving == asked.taking:
        raise BadInputError(tr("Choose somebody else to take over."))
    if asked.leaving not in ownership.everybody(desk.session):
        raise BadInputError(tr("There is no such person. Reload the page to see who there is."))
    ownership_changes.active_person(desk, asked.taking)
    known = ownership.everything(desk.session, desk.today)
    helped = _helps(desk, asked, known, trace)
    owned = sum(
        ownership_changes.set_owner(desk, change, trace) for change in _owned(desk, asked, known)
    )
    shared = sum(
        shares.replace_person(desk, one, asked.leaving, asked.taking, trace) for one in known
    )
    done = HandedOver(owned, shared, helped, _goals(desk, asked, trace))
    # What is kept for others to read is kept in the source's language.
    with speaking(SOURCE):
        detail = {"to": str(asked.taking), "done": done.text}
    about = str(asked.leaving)
    auditing.note(desk.session, desk.actor, Event.HANDED_OVER, about, detail, trace=trace)
    return done


def _owned(desk: Desk, asked: Handover, known: tuple[Ownership, ...]) -> list[OwnerChange]:
    """What is theirs today, and what was to become theirs on a later day."""
    taking, reason = asked.taking, asked.reason
    today = [
        OwnerChange(one.kpi, taking, desk.today, reason, one.who)
        for one in known
        if one.accountable.id == asked.leaving
    ]
    last: dict[tuple[str, str, str, date], KpiOwner] = {}
    for row in desk.session.scalars(questions.steps_after(desk.today)):
        place = (row.kpi, row.scope_kind, row.scope_id, row.from_day)
        if place not in last or last[place].revision < row.revision:
            last[place] = row
    later = [
        OwnerChange(
            KpiKey(row.kpi),
            taking,
            row.from_day,
            reason,
            Who(ScopeKind(row.scope_kind), row.scope_id),
        )
        for row in last.values()
        if row.person == asked.leaving
    ]
    return [*today, *later]


def _helps(desk: Desk, asked: Handover, known: tuple[Ownership, ...], trace: Trace) -> int:
    """Give over what they update and cover; nobody helps with what they own themselves."""
    own = {(one.kpi, one.who): one.accountable.id for one in known}
    given = 0
    for row in list(desk.session.scalars(questions.helps())):
        if row.person != asked.leaving or (row.until_day and row.until_day <= desk.today):
            continue
        ownership_changes.end_row(row, trace)
        desk.session.flush()
        given += 1
        who = Who(ScopeKind(row.scope_kind), row.scope_id)
        if own.get((KpiKey(row.kpi), who)) not in (asked.taking, asked.leaving):
            desk.session.insert_new(_taken_on(desk, row, asked.taking, trace))
    return given


def _taken_on(desk: Desk, row: KpiHelp, taking: UUID, trace: Trace) -> KpiHelp:
    return KpiHelp(
        id=uuid4(),
        kpi=row.kpi,
        scope_kind=row.scope_kind,
        scope_id=row.scope_id,
        kind=row.kind,
        person=taking,
        from_day=max(row.from_day, desk.today),
        until_day=row.until_day,
        ended_at=None,
        **ownership_changes.said(desk, trace),
    )


def _goals(desk: Desk, asked: Handover, trace: Trace) -> int:
    mine = [
        goal
        for goal in goals.own_goals(desk.session)
        if goal.owner is not None
        and goal.owner.id == asked.leaving
        and (goal.end is None or goal.end > desk.today)
    ]
    for goal in mine:
        goal_changes.give_goal(desk, goal, asked.taking, trace)
    return len(mine)
