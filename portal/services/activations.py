"""An analyst activates or declines what was proposed: only then does a definition hold.

Nobody activates what they proposed themselves, unless there is no other analyst; that is written
down. What was activated is the next version, and is told beside who asked for it and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kpi_engine.definitions.catalogue import Catalogue, read_own
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.parts import inputs_of
from kpi_engine.definitions.problems import Severity
from kpi_engine.language import tr
from portal.errors import BadInputError, DeniedError
from portal.models import people as person_questions
from portal.models.definitions import DefinitionState, KpiDefinition, versions_of
from portal.models.proposals import KpiProposal, ProposalState
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.security.roles import Role
from portal.services import (
    auditing,
    goal_changes,
    goals,
    lifecycles,
    proposal_news,
    proposal_refusals,
    proposals,
    typed_words,
)
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.framework import Support
from portal.services.goal_changes import GoalEdit
from portal.services.granted import require
from portal.services.lifecycles import LifeMove, LifeState
from portal.services.proposal_refusals import REFUSALS
from portal.services.proposals import Proposal
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Activated:
    """What an activation did: the version, and every KPI whose number it may move."""

    key: KpiKey
    version: int
    moved: frozenset[KpiKey]
    before: Mapping[KpiKey, str]
    """The fingerprints before it."""


def refusal(desk: Desk, proposal: Proposal) -> str:
    """Say why this person may not activate a proposal; empty where they may."""
    if not desk.may(Permission.DEFINITION_EDIT):
        return tr("Proposals are activated by an analyst.")
    word = _refused(desk, proposal)
    return tr(REFUSALS[word]) if word else ""


def _refused(desk: Desk, proposal: Proposal) -> str:
    """Return the word of what keeps an analyst from activating a proposal; empty for nothing."""
    if not proposal.is_open:
        return "decided"
    if proposal.by == desk.actor.person and not is_only_analyst(desk.session, desk.actor):
        return "own"
    if proposal.base_version != proposals.version_now(desk.session, proposal.key):
        return "stale"
    return "ahead" if proposals.ahead(desk.session, proposal.key) else ""


def is_only_analyst(session: TenantSession, actor: Actor) -> bool:
    """Say whether nobody else in the company could activate what this person proposes."""
    rows = session.scalars(person_questions.everybody())
    return not any(
        Role.ANALYST in row.roles and row.disabled_at is None and row.id != actor.person
        for row in rows
    )


def activate(desk: Desk, proposal: str, note: str, trace: Trace) -> Activated:
    """Make a proposal the definition that holds from today.

    Raises:
        DeniedError: if the person may not, or proposed it and is not the only analyst.
        NoProposalError, BadInputError: if there is none, it is decided, or it fits no more.
    """
    row, grown = to_decide(desk, proposal)
    version = publish(desk, row, grown, trace.at)
    decided(row, desk, ProposalState.ACTIVATED, note, trace)
    row.effective_from = desk.today
    return settle(desk, row, version, grown, trace)


def to_decide(desk: Desk, proposal: str) -> tuple[KpiProposal, Catalogue]:
    """Return a proposal that this person may activate, held, and the catalogue with it.

    Raises:
        DeniedError: if the person may not, or proposed it and is not the only analyst.
        NoProposalError, BadInputError: if there is none, it is decided, or it fits no more.
    """
    require(desk.actor, Permission.DEFINITION_EDIT)
    row = proposals.held(desk, proposal)
    found = proposals.plain(row)
    word = _refused(desk, found)
    if word == "own":
        raise DeniedError(tr(REFUSALS[word]))
    if word:
        raise proposal_refusals.refused(word)
    grown, word = grown_by(desk, found)
    if word:
        raise proposal_refusals.refused(word)
    return row, grown


def grown_by(desk: Desk, found: Proposal) -> tuple[Catalogue, str]:
    """Return the catalogue with a proposal, and the word of why that can't be; empty if it can."""
    grown, kpis, issues = read_own(found.yaml, desk.catalogue)
    if found.base_version != proposals.version_now(desk.session, found.key):
        return grown, "stale"
    if len(kpis) != 1 or any(issue.severity is Severity.ERROR for issue in issues):
        return grown, "unfit"
    known = lifecycles.lives(desk.session)
    lives = (known[key] for key in inputs_of(kpis[0]) if key in known)
    gone = any(life.state is LifeState.RETIRED and not life.runs(desk.today) for life in lives)
    return grown, "retired" if gone else ""


def decided(row: KpiProposal, desk: Desk, state: ProposalState, note: str, trace: Trace) -> None:
    """Write down that a proposal was decided, and whether by who proposed it."""
    proposals.decide(row, desk, state, note, trace)
    row.alone = row.proposed_by == desk.actor.person


def settle(desk: Desk, row: KpiProposal, version: int, grown: Catalogue, trace: Trace) -> Activated:
    """Write down that a decided proposal became that version, tell of it, and begin its life."""
    before, after = fingerprints(desk.catalogue), fingerprints(grown)
    row.state, row.version = ProposalState.ACTIVATED.value, version
    found = proposals.plain(row)
    proposal_news.decided(desk, row)
    detail = {"version": version, "proposal": str(found.id), "own": row.alone}
    event = Event.DEFINITION_ACTIVATED
    auditing.note(desk.session, desk.actor, event, found.key, detail, trace=trace)
    if found.key not in desk.catalogue:
        _take_in(replace(desk, catalogue=grown), found, trace)
    moved = frozenset(key for key in after if before.get(key) != after[key])
    return Activated(found.key, version, moved, before)


def _take_in(desk: Desk, found: Proposal, trace: Trace) -> None:
    """Begin the life of a KPI that is new, and let it serve the goal that it was meant for."""
    move = LifeMove(found.key, LifeState.ACTIVE, found.reason)
    lifecycles.move(desk, move, trace)
    served = (goal for goal in goals.own_goals(desk.session) if goal.key == found.goal)
    goal = next((goal for goal in served if goal.holds(desk.today)), None)
    if goal is None or len(goal.supports) >= goal_changes.MOST_KPIS:
        return
    edit = GoalEdit(
        goal.name,
        goal.question,
        goal.owner.id if goal.owner else None,
        goal.start or desk.today,
        goal.end,
        (*goal.supports, Support(found.key, _WEIGHT)),
    )
    goal_changes.change_goal(desk, str(goal.id), goal.revision, edit, trace)


_WEIGHT = 10
"""How much a KPI counts at first in the goal that it comes to; whoever owns the goal weighs it."""


def publish(desk: Desk, proposal: KpiProposal, grown: Catalogue, at: datetime) -> int:
    """Add the next version of a definition, which holds from today; return its number.

    Raises:
        BadInputError: if somebody else writes a version of it at this moment.
    """
    newest = desk.session.scalars(versions_of(proposal.key).limit(1)).one_or_none()
    version = newest.version + 1 if newest is not None else 1
    made = KpiDefinition(
        key=proposal.key,
        version=version,
        yaml=proposal.yaml,
        fingerprint=fingerprints(grown)[KpiKey(proposal.key)],
        state=DefinitionState.PUBLISHED,
        effective_from=desk.today,
        created_at=at,
        created_by=proposal.proposed_by,
    )
    if not desk.session.insert_new(made):
        raise BadInputError(tr(typed_words.OVERTAKEN))
    return version


def decline(desk: Desk, proposal: str, note: str, trace: Trace) -> Proposal:
    """Decline a proposal, with the reason that its author reads.

    Raises:
        DeniedError: if the person may not.
        NoProposalError, BadInputError: if there is none, it is decided, or no reason is given.
    """
    require(desk.actor, Permission.DEFINITION_EDIT)
    row = proposals.held(desk, proposal)
    proposals.refuse_decided(row)
    if not note.strip():
        raise proposal_refusals.refused("why")
    proposals.decide(
        row, desk, ProposalState.DECLINED, typed_words.text(tr("The reason"), note), trace
    )
    proposal_news.decided(desk, row)
    auditing.note(desk.session, desk.actor, Event.DEFINITION_DECLINED, row.key, trace=trace)
    return proposals.plain(row)
