"""An activation for a future day: decided now, and in force only from that day on.

Until then there is no version of it: whatever computes knows the one before. On the day, as the
tenant's time zone has it, the scheduler or whatever refreshes first makes it a version, once. What
became unusable meanwhile is not activated, and whoever decided it is told why.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models import people as person_questions
from portal.models import proposals as questions
from portal.models.proposals import KpiProposal, ProposalState
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.security.roles import Role
from portal.services import (
    activations,
    auditing,
    proposal_news,
    proposal_refusals,
    proposals,
    typed_words,
)
from portal.services.activations import Activated
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk, open_desk
from portal.services.engines import today_of
from portal.services.granted import require
from portal.services.proposals import Proposal
from portal.services.signing_in import actor_of
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

_FARTHEST = timedelta(days=366)
LAPSES: Mapping[str, str] = {
    "retired": mark("It is built from a KPI that was retired meanwhile."),
    "stale": mark("Another version of the definition came to hold meanwhile."),
    "unfit": mark("What it is built from has changed, so it can't be used any more."),
}
"""Why a definition was not activated on its day, by the word of what refuses it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A definition whose day has come."""

    id: uuid.UUID
    key: KpiKey
    day: date


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of a definition on its day: what it moved, or why it was not activated."""

    key: KpiKey
    done: Activated | None
    word: str = ""
    """Of `LAPSES`, where it was not activated."""


def day_asked(desk: Desk, given: str) -> date:
    """Return the day that was typed for an activation; today where nothing was.

    Raises:
        BadInputError: if it is no day, has passed, or is more than 12 months away.
    """
    try:
        day = typed_words.perhaps_day(tr("The day"), given) or desk.today
    except BadInputError:
        raise proposal_refusals.refused("day") from None
    if not desk.today <= day <= desk.today + _FARTHEST:
        raise proposal_refusals.refused("day")
    return day


def decide(desk: Desk, proposal: str, day: date, note: str, trace: Trace) -> Activated | None:
    """Activate a proposal at once if the day is today; else plan it for the day, and return None.

    Raises:
        DeniedError, NoProposalError, BadInputError: as `plan`.
    """
    if day == desk.today:
        return activations.activate(desk, proposal, note, trace)
    plan(desk, proposal, day, note, trace)
    return None


def plan(desk: Desk, proposal: str, day: date, note: str, trace: Trace) -> Proposal:
    """Decide that a proposal holds from a future day; nothing that computes learns of it before.

    Raises:
        DeniedError: if the person may not, or proposed it and is not the only analyst.
        NoProposalError, BadInputError: if there is none, it is decided or unusable, another one
            awaits its day for the same KPI, or the day has come already.
    """
    row, _ = activations.to_decide(desk, proposal)
    if day <= desk.today:
        raise proposal_refusals.refused("day")
    activations.decided(row, desk, ProposalState.PENDING, note, trace)
    row.effective_from = day
    proposal_news.planned(desk, row)
    detail = {"day": day.isoformat(), "proposal": str(row.id), "own": row.alone}
    event = Event.DEFINITION_PLANNED
    auditing.note(desk.session, desk.actor, event, row.key, detail, trace=trace)
    return proposals.plain(row)


def call_back(desk: Desk, proposal: str, why: str, trace: Trace) -> Proposal:
    """Take an activation back before its day, with the reason; the definition stays as it is.

    Raises:
        DeniedError: if the person may not.
        NoProposalError, BadInputError: if there is none, it awaits no day or its day has come, or
            no reason is given.
    """
    require(desk.actor, Permission.DEFINITION_EDIT)
    row = proposals.held(desk, proposal)
    if row.state != ProposalState.PENDING:
        raise proposal_refusals.refused("decided")
    if _has_come(row, desk.today):
        raise proposal_refusals.refused("begun")
    if not why.strip():
        raise proposal_refusals.refused("why")
    row.ended_by, row.ended_by_name = desk.actor.person, desk.actor.name or desk.actor.email
    _end(row, ProposalState.CALLED_BACK, typed_words.text(tr("The reason"), why), trace.at)
    proposal_news.called_back(desk, row)
    detail = {"day": str(row.effective_from), "proposal": str(row.id), "why": row.end_note}
    event = Event.DEFINITION_CALLED_BACK
    auditing.note(desk.session, desk.actor, event, row.key, detail, trace=trace)
    return proposals.plain(row)


def due(database: Database, tenant: TenantKey, now: datetime) -> tuple[Due, ...]:
    """Return the definitions whose day has come in the tenant's time zone, the first day first."""
    with database.session(tenant) as session:
        rows = session.scalars(questions.pending_until(today_of(session, now)))
        return tuple(Due(row.id, KpiKey(row.key), row.effective_from or now.date()) for row in rows)


def take_hold(database: Database, tenant: TenantKey, one: uuid.UUID, now: datetime) -> Begun | None:
    """Activate a definition whose day has come; None where somebody else did, or it has not.

    Raises:
        BadInputError: if somebody else writes a version of it at this moment; the next try finds
            out which of the two holds.
    """
    with database.session(tenant) as session:
        row = session.scalars(questions.proposal_held(one)).one_or_none()
        if row is None or not _has_come(row, today_of(session, now)):
            return None
        desk, found = open_desk(session, _decider(session, row), now), proposals.plain(row)
        grown, word = activations.grown_by(desk, found)
        if word:
            _lapse(desk, row, word, now)
            return Begun(found.key, None, word)
        version = activations.publish(desk, row, grown, now)
        done = activations.settle(desk, row, version, grown, Trace(now))
        return Begun(found.key, done)


def take_all(database: Database, tenant: TenantKey, now: datetime) -> None:
    """Activate every definition whose day has come, before its numbers are brought up."""
    for one in due(database, tenant, now):
        take_hold(database, tenant, one.id, now)


def _has_come(row: KpiProposal, today: date) -> bool:
    """Say whether a proposal awaits its day, and that has come."""
    awaits = row.state == ProposalState.PENDING and row.effective_from is not None
    return awaits and row.effective_from is not None and row.effective_from <= today


def _decider(session: TenantSession, row: KpiProposal) -> Actor:
    """Return who decided it, with the role that they decided it by, whatever they are by now."""
    rows = session.scalars(person_questions.by_id(row.decided_by or row.proposed_by))
    return replace(actor_of(session.tenant, rows.one()), roles=frozenset({Role.ANALYST}))


def _lapse(desk: Desk, row: KpiProposal, word: str, now: datetime) -> None:
    """Write down that a definition was not activated, and tell who decided and who proposed it."""
    _end(row, ProposalState.LAPSED, LAPSES[word], now)
    proposal_news.lapsed(desk, row)
    detail = {"day": str(row.effective_from), "proposal": str(row.id), "why": word}
    event = Event.DEFINITION_LAPSED
    auditing.note(desk.session, None, event, row.key, detail, trace=Trace(now))


def _end(row: KpiProposal, state: ProposalState, why: str, at: datetime) -> None:
    row.state, row.end_note, row.ended_at = state.value, why, at
