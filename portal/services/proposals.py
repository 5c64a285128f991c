"""Definitions are proposed by those who need them: texts beside the catalogue, with a reason.

A proposal makes no number until an analyst activates it (`activations`).
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from kpi_engine.definitions.catalogue import Catalogue, read_own
from kpi_engine.definitions.fingerprint import fingerprint
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.problems import Severity
from kpi_engine.language import tr
from portal.errors import BadInputError, DeniedError
from portal.models import proposals as questions
from portal.models.definitions import DefinitionState, newest_in
from portal.models.proposals import KpiProposal, ProposalState
from portal.security.permissions import Permission
from portal.services import auditing, builder_drafts, builder_form, proposal_news, typed_words
from portal.services.auditing import Event, Trace
from portal.services.builder_texts import compiled
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.proposal_refusals import refused
from portal.tenancy.session import TenantSession

_MOST_DECIDED = 30


MENDABLE = (ProposalState.DECLINED, ProposalState.CALLED_BACK, ProposalState.LAPSED)
"""What ended without ever holding: who proposed it can begin again from it."""


class NoProposalError(BadInputError):
    """There is no such proposal."""

    def __init__(self) -> None:
        super().__init__(tr("There is no such proposal. See the list of proposals."))


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal as it stands."""

    id: uuid.UUID
    key: KpiKey
    name: str
    yaml: str
    fingerprint: str
    goal: str
    base_version: int
    reason: str
    by: uuid.UUID
    by_name: str
    at: datetime
    state: ProposalState
    decided_by: str
    decided_at: datetime | None
    note: str
    version: int | None
    alone: bool
    day: date | None
    """From which it holds, or was to hold."""
    ended_by: str
    ended_at: datetime | None
    ended_why: str

    @property
    def is_open(self) -> bool:
        """Whether it awaits a decision."""
        return self.state is ProposalState.OPEN


def waiting(session: TenantSession) -> tuple[Proposal, ...]:
    """Return the proposals that await a decision, the oldest first."""
    return tuple(plain(row) for row in session.scalars(questions.open_proposals()))


def pending(session: TenantSession) -> tuple[Proposal, ...]:
    """Return the proposals that await their day, the first day first."""
    return tuple(plain(row) for row in session.scalars(questions.pending_proposals()))


def ahead(session: TenantSession, key: str) -> Proposal | None:
    """Return what awaits its day to become the definition of a KPI; None where nothing does."""
    row = session.scalars(questions.pending_for(key)).one_or_none()
    return None if row is None else plain(row)


def decided(session: TenantSession) -> tuple[Proposal, ...]:
    """Return the proposals that were decided last."""
    return tuple(plain(row) for row in session.scalars(questions.decided_proposals(_MOST_DECIDED)))


def of_kpi(session: TenantSession, key: str) -> tuple[Proposal, ...]:
    """Return every proposal for a KPI, the newest first."""
    return tuple(plain(row) for row in session.scalars(questions.proposals_for(key)))


def one(session: TenantSession, proposal: str) -> Proposal:
    """Return a proposal.

    Raises:
        NoProposalError: if there is none of that id.
    """
    row = session.scalars(questions.proposal_of(_id(proposal))).one_or_none()
    if row is None:
        raise NoProposalError
    return plain(row)


def propose(desk: Desk, draft: str, trace: Trace) -> Proposal:
    """Make a proposal of a draft; the draft is gone then.

    Raises:
        DeniedError: if the person may propose nothing.
        NoDraftError: if the person has no such draft.
        BadInputError: if something of it is missing or wrong, or another proposal is open.
    """
    require(desk.actor, Permission.DEFINITION_PROPOSE)
    found = builder_drafts.read(desk, draft)
    if not found.form.get("reason"):
        raise refused("why")
    kpi, text, grown = _sound(desk, found)
    form = found.form
    goal = form.get("goal")
    row = KpiProposal(
        id=uuid.uuid4(),
        key=kpi.key,
        name=kpi.name,
        yaml=text,
        fingerprint=fingerprint(kpi, grown),
        goal=goal,
        fields=builder_form.stored(form),
        base_version=version_now(desk.session, kpi.key),
        reason=typed_words.text(tr("Why it is needed"), form.get("reason")),
        proposed_by=desk.actor.person,
        proposed_by_name=desk.actor.name or desk.actor.email,
        proposed_at=trace.at,
        state=ProposalState.OPEN.value,
    )
    if not desk.session.insert_new(row):
        raise refused("another")
    builder_drafts.throw_away(desk, draft)
    proposal_news.proposed(desk, row)
    auditing.note(desk.session, desk.actor, Event.DEFINITION_PROPOSED, kpi.key, trace=trace)
    return plain(row)


def _sound(desk: Desk, draft: builder_drafts.Draft) -> tuple[Kpi, str, Catalogue]:
    """Return the definition of a draft, its text, and the catalogue with it."""
    made = compiled(draft.form)
    if made.errors:
        raise refused("wrong")
    grown, kpis, issues = read_own(made.text, desk.catalogue)
    if len(kpis) != 1 or any(issue.severity is Severity.ERROR for issue in issues):
        raise refused("wrong")
    kpi = kpis[0]
    _fits(desk, draft, kpi)
    return kpi, made.text, grown


def _fits(desk: Desk, draft: builder_drafts.Draft, kpi: Kpi) -> None:
    """Refuse a definition that takes another's place, or changes nothing."""
    if draft.kpi:
        if kpi.key != draft.kpi:
            raise refused("key")
        if desk.catalogue.get(kpi.key) == kpi:
            raise refused("nothing_new")
    elif kpi.key in desk.catalogue:
        raise refused("taken")


def version_now(session: TenantSession, key: str) -> int:
    """Return the number of the tenant's version that holds; 0 where it has none of its own."""
    rows = session.scalars(newest_in(DefinitionState.PUBLISHED))
    return next((row.version for row in rows if row.key == key), 0)


def withdraw(desk: Desk, proposal: str, trace: Trace) -> uuid.UUID:
    """Take one's own proposal back; it is a draft again, whose id is returned.

    Raises:
        DeniedError: if it is somebody else's.
        NoProposalError, BadInputError: if there is none, or it is decided.
    """
    require(desk.actor, Permission.DEFINITION_PROPOSE)
    row = held(desk, proposal)
    if row.proposed_by != desk.actor.person:
        raise DeniedError(tr("Only who proposed it can take it back."))
    refuse_decided(row)
    decide(row, desk, ProposalState.WITHDRAWN, "", trace)
    auditing.note(desk.session, desk.actor, Event.DEFINITION_WITHDRAWN, row.key, trace=trace)
    return _again(desk, row)


def mend(desk: Desk, proposal: str) -> uuid.UUID:
    """Begin a draft from one's own proposal that was declined or never came to hold.

    Raises:
        DeniedError: if it is somebody else's.
        NoProposalError: if there is none.
    """
    row = desk.session.scalars(questions.proposal_of(_id(proposal))).one_or_none()
    if row is None:
        raise NoProposalError
    if row.proposed_by != desk.actor.person:
        raise DeniedError(tr("Only who proposed it can propose it again."))
    return _again(desk, row)


def _again(desk: Desk, row: KpiProposal) -> uuid.UUID:
    form = builder_form.read_stored(row.fields)
    return builder_drafts.begin(desk, form, row.key if row.key in desk.catalogue else "")


def held(desk: Desk, proposal: str) -> KpiProposal:
    """Return a proposal's row, held against other writers until the transaction ends.

    Raises:
        NoProposalError: if there is none of that id.
    """
    row = desk.session.scalars(questions.proposal_held(_id(proposal))).one_or_none()
    if row is None:
        raise NoProposalError
    return row


def refuse_decided(row: KpiProposal) -> None:
    """Refuse to decide a second time.

    Raises:
        BadInputError: if it is decided.
    """
    if row.state != ProposalState.OPEN:
        raise refused("decided")


def decide(row: KpiProposal, desk: Desk, state: ProposalState, note: str, trace: Trace) -> None:
    """Write down what was decided, by whom and when."""
    row.state, row.decision_note = state.value, " ".join(note.split())[:1000]
    row.decided_by, row.decided_at = desk.actor.person, trace.at
    row.decided_by_name = desk.actor.name or desk.actor.email


def _id(proposal: str) -> uuid.UUID:
    return typed_words.an_id(proposal, NoProposalError())


def plain(row: KpiProposal) -> Proposal:
    """Return a proposal as it stands."""
    return Proposal(
        row.id,
        KpiKey(row.key),
        row.name,
        row.yaml,
        row.fingerprint,
        row.goal,
        row.base_version,
        row.reason,
        row.proposed_by,
        row.proposed_by_name,
        row.proposed_at,
        ProposalState(row.state),
        row.decided_by_name or "",
        row.decided_at,
        row.decision_note,
        row.version,
        row.alone or False,
        row.effective_from,
        row.ended_by_name or "",
        row.ended_at,
        row.end_note or "",
    )
