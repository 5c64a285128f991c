"""An analyst activates or declines what was proposed: only then does a definition hold.

Nobody activates what they proposed themselves, unless there is no other analyst; that is written
down. What was activated is the next version, and is told beside who asked for it and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kpi_engine.definitions.catalogue import read_own
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.problems import Severity
from kpi_engine.language import tr
from portal.errors import BadInputError, DeniedError
from portal.models import people as person_questions
from portal.models.definitions import DefinitionState, KpiDefinition, versions_of
from portal.models.proposals import ProposalState
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.security.roles import Role
from portal.services import (
    auditing,
    goal_changes,
    goals,
    lifecycles,
    proposal_news,
    proposals,
    typed_words,
)
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.framework import Support
from portal.services.goal_changes import GoalEdit
from portal.services.granted import require
from portal.services.lifecycles import LifeMove, LifeState
from portal.services.proposals import REFUSALS, Proposal
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
    return ""


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
    require(desk.actor, Permission.DEFINITION_EDIT)
    row = proposals.held(desk, proposal)
    found = proposals.plain(row)
    word = _refused(desk, found)
    if word == "own":
        raise DeniedError(tr(REFUSALS[word]))
    if word:
        raise proposals.refused(word)
    grown, kpis, issues = read_own(found.yaml, desk.catalogue)
    if len(kpis) != 1 or any(issue.severity is Severity.ERROR for issue in issues):
        raise proposals.refused("unfit")
    before, after = fingerprints(desk.catalogue), fingerprints(grown)
    version = _publish(desk, found, after[found.key], trace.at)
    proposals.decide(row, desk, ProposalState.ACTIVATED, note, trace)
    row.version, row.effective_from = version, desk.today
    row.alone = found.by == desk.actor.person
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


def _publish(desk: Desk, proposal: Proposal, digits: str, at: datetime) -> int:
    newest = desk.session.scalars(versions_of(proposal.key).limit(1)).one_or_none()
    version = newest.version + 1 if newest is not None else 1
    made = KpiDefinition(
        key=proposal.key,
        version=version,
        yaml=proposal.yaml,
        fingerprint=digits,
        state=DefinitionState.PUBLISHED,
        effective_from=desk.today,
        created_at=at,
        created_by=proposal.by,
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
        raise proposals.refused("why")
    proposals.decide(
        row, desk, ProposalState.DECLINED, typed_words.text(tr("The reason"), note), trace
    )
    proposal_news.decided(desk, row)
    auditing.note(desk.session, desk.actor, Event.DEFINITION_DECLINED, row.key, trace=trace)
    return proposals.plain(row)
