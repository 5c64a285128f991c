"""Actions on KPIs: asked for, changed, moved on, carried over; and read by KPI, review and person.

What somebody changes, they say which version of it they saw: a stale page never overwrites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.errors import BadInputError, PortalError
from portal.models import actions as questions
from portal.models.actions import LONGEST_NOTE, Action, ActionEvent
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.security.reach import Reach
from portal.services import action_cards, action_rows, auditing, reaches
from portal.services.action_cards import ActionCard, Expected, Guardrail, open_to, parties
from portal.services.action_rows import Draft, Happened, NewAction
from portal.services.auditing import Event, Trace
from portal.services.engines import today_of
from portal.services.granted import require
from portal.services.numbers import TENANT, Who
from portal.tenancy.session import TenantSession
from portal.workflow.action import (
    UNFINISHED,
    ActionState,
    Move,
    MoveRefusedError,
    first_state,
    may_change,
    step,
)

__all__ = ["ActionCard", "Draft", "Expected", "Guardrail", "NewAction"]


class StaleActionError(BadInputError):
    """Somebody else changed the action since it was read; nothing was written."""

    def __init__(self, seen: int, now: ActionCard) -> None:
        super().__init__(
            tr(
                "Somebody changed this action while you were writing. Nothing of yours is lost:"
                " compare it with what now stands, then save again."
            )
        )
        self.seen, self.now = seen, now


class NoActionError(PortalError):
    """There is no such action, or it is not open to the person: one text for both."""

    def __init__(self) -> None:
        super().__init__(tr("There is no action here that is open to you."))


@dataclass(frozen=True, slots=True)
class Moving:
    """A move that somebody makes: of the version that they saw, with why and since when."""

    move: Move
    version: int
    note: str = ""
    done_on: date | None = None
    """For finishing: since when it is in force; None for today."""


@dataclass(frozen=True, slots=True)
class Further:
    """How an unfinished action goes on: until when, and in which review."""

    version: int
    due: date
    review: UUID | None = None
    note: str = ""


def of_kpi(
    session: TenantSession, kpi: KpiKey, who: Who = TENANT, reach: Reach | None = None
) -> tuple[ActionCard, ...]:
    """Return the actions on a KPI that concern a scope, the newest first; `open_to` filters them.

    The company's are everybody's; those of teams and people are told to the company too.
    """
    found = action_cards.read(session, session.scalars(questions.of_kpi(kpi)), reach)
    near = [card for card in found if who == TENANT or card.who in {who, TENANT}]
    return tuple(sorted(near, key=lambda card: card.done_on or card.due, reverse=True))


def of_review(
    session: TenantSession, review: UUID, reach: Reach | None = None
) -> tuple[ActionCard, ...]:
    """Return the actions that came from a review, the first due first; `open_to` filters them."""
    return action_cards.read(session, session.scalars(questions.of_review(review)), reach)


def is_any(session: TenantSession) -> bool:
    """Say whether anybody ever asked for an action."""
    return session.scalars(questions.every().limit(1)).one_or_none() is not None


def every(session: TenantSession, actor: Actor, today: date) -> tuple[ActionCard, ...]:
    """Return every action that a person sees today, the first due first."""
    reach = reaches.reach(session, actor, today)
    return open_to(
        action_cards.read(session, session.scalars(questions.every()), reach), actor, reach
    )


def overdue(session: TenantSession, actor: Actor, today: date) -> tuple[ActionCard, ...]:
    """Return what should have been done by now and is the person's to do, to ask for or to lead."""
    reach = reaches.reach(session, actor, today)
    rows = session.scalars(questions.in_states(*(state.value for state in UNFINISHED)))
    late = [row for row in rows if row.due_on < today]
    cards = action_cards.read(session, late, reach)
    return tuple(one for one in open_to(cards, actor, reach) if parties(actor, one, reach))


def one(session: TenantSession, actor: Actor, action: UUID, today: date) -> ActionCard:
    """Return one action.

    Raises:
        NoActionError: if there is none of that id that the person sees today.
    """
    reach = reaches.reach(session, actor, today)
    return _seen(session, actor, session.scalars(questions.by_id(action)).one_or_none(), reach)


def create(session: TenantSession, actor: Actor, new: NewAction, trace: Trace) -> UUID:
    """Ask for an action and return its id. Its first state is by who asks whom.

    Raises:
        BadInputError: if something of it cannot be used.
        NoActionError: if the numbers that it is about are not open to the person.
    """
    require(actor, Permission.ACTION_EDIT)
    reach = reaches.reach_at(session, actor, trace.at)
    if not reach.sees(new.kpi, new.who.kind, new.who.id):
        raise NoActionError
    action_rows.check(session, new.draft, today_of(session, trace.at))
    row = action_rows.made(new, actor, trace.at)
    parts = parties(actor, action_cards.read(session, [row])[0], reach)
    row.state = first_state(parts, answers=action_cards.answers(actor)).value
    return _kept(session, actor, row, trace)


def change(
    session: TenantSession, actor: Actor, action: UUID, changed: tuple[int, Draft], trace: Trace
) -> ActionCard:
    """Change what an action says.

    Args:
        session: Of the actor's tenant.
        actor: Who changes it.
        action: Which.
        changed: The version that they saw, and what it is to say.
        trace: In which request.

    Raises:
        StaleActionError: if somebody changed it since; nothing is written then.
        BadInputError: if something of it cannot be used.
        MoveRefusedError: if it is not theirs to change.
    """
    require(actor, Permission.ACTION_EDIT)
    seen, draft = changed
    reach = reaches.reach_at(session, actor, trace.at)
    row, card = _held(session, actor, action, (seen, reach))
    parts = parties(actor, card, reach)
    if not may_change(card.state, parts):
        raise MoveRefusedError(
            tr("This action can't be changed: it has ended, or it is not yours to change.")
        )
    action_rows.check(session, draft, today_of(session, trace.at))
    differing = action_rows.replaced(row, draft)
    if differing:
        happened = Happened("changed", changes=differing)
        _written(session, actor, row, happened, trace)
    return action_cards.read(session, [row])[0]


def move(
    session: TenantSession, actor: Actor, action: UUID, moving: Moving, trace: Trace
) -> ActionCard:
    """Move an action on, as the table of moves allows.

    Raises:
        StaleActionError: if somebody changed it since; nothing is written then.
        MoveRefusedError: if the move is not possible, or not the person's.
        BadInputError: if the move needs a reason, or the day cannot be used.
    """
    if moving.move is Move.CARRY_OVER:
        raise BadInputError(tr("Say until when the action goes on."))
    return _moved(session, actor, action, moving, trace)


def carry_over(
    session: TenantSession, actor: Actor, action: UUID, further: Further, trace: Trace
) -> UUID:
    """End an unfinished action and go on with it in another; return the other's id.

    Raises:
        StaleActionError: if somebody changed it since; nothing is written then.
        MoveRefusedError: if it is not unfinished, or not the person's.
    """
    reach = reaches.reach_at(session, actor, trace.at)
    card = _seen(session, actor, session.scalars(questions.by_id(action)).one_or_none(), reach)
    ended = Moving(Move.CARRY_OVER, further.version, further.note)
    _moved(session, actor, action, ended, trace)
    draft = Draft(card.title, card.kind, card.owner.id, further.due, card.expected, card.limit)
    action_rows.check(session, draft, today_of(session, trace.at))
    new = NewAction(card.kpi, card.who, draft, further.review, carried_from=card.id)
    row = action_rows.made(new, actor, trace.at)
    # Who had accepted it, has accepted it.
    row.state = card.state.value
    return _kept(session, actor, row, trace)


def events(session: TenantSession, action: UUID) -> Sequence[ActionEvent]:
    """Return what happened to an action, the newest first."""
    return session.scalars(questions.events_of(action)).all()


def _moved(
    session: TenantSession, actor: Actor, action: UUID, moving: Moving, trace: Trace
) -> ActionCard:
    require(actor, Permission.ACTION_EDIT)
    reach = reaches.reach_at(session, actor, trace.at)
    row, card = _held(session, actor, action, (moving.version, reach))
    parts = parties(actor, card, reach)
    leads = step(card.state, moving.move, parts)
    note = _note(moving.note, needed=leads.reason)
    row.state, row.done_on = leads.to.value, None
    if leads.to is ActionState.DONE:
        created, today = (today_of(session, moment) for moment in (card.created_at, trace.at))
        row.done_on = action_rows.done_day(moving.done_on, created, today)
    _written(session, actor, row, Happened("moved", moving.move.value, note), trace)
    return action_cards.read(session, [row])[0]


def _note(given: str, *, needed: bool) -> str:
    note = " ".join(given.split())
    if needed and not note:
        raise BadInputError(tr("Say why: whoever reads this later will ask."))
    if len(note) > LONGEST_NOTE:
        raise BadInputError(tr("The reason is longer than {most:,} characters.", most=LONGEST_NOTE))
    return note


def _kept(session: TenantSession, actor: Actor, row: Action, trace: Trace) -> UUID:
    """Keep a new row, its first event and what the audit log says of it."""
    session.add(row)
    session.flush()
    action_rows.record(session, actor, row, Happened("created"), trace.at)
    told = {"kpi": row.kpi, "owner": str(row.owner), "carried": row.carried_from is not None}
    auditing.note(session, actor, Event.ACTION_CREATED, str(row.id), told, trace=trace)
    return row.id


def _written(
    session: TenantSession, actor: Actor, row: Action, happened: Happened, trace: Trace
) -> None:
    """Write a changed row as its next version, with its event and a line of the audit log."""
    row.version, row.changed_at = row.version + 1, trace.at
    session.flush()
    action_rows.record(session, actor, row, happened, trace.at)
    told = {"move": happened.move} if happened.move else {"changed": sorted(happened.changes)}
    auditing.note(session, actor, Event.ACTION_CHANGED, str(row.id), told, trace=trace)


def _held(
    session: TenantSession, actor: Actor, action: UUID, known: tuple[int, Reach]
) -> tuple[Action, ActionCard]:
    """Return an action held against other writers, if it stands in the version the person saw."""
    seen, reach = known
    row = session.scalars(questions.by_id_held(action)).one_or_none()
    card = _seen(session, actor, row, reach)
    if row is None or card.version != seen:
        raise StaleActionError(seen, card)
    return row, card


def _seen(session: TenantSession, actor: Actor, row: Action | None, reach: Reach) -> ActionCard:
    cards = () if row is None else action_cards.read(session, [row], reach)
    for card in open_to(cards, actor, reach):
        return card
    raise NoActionError
