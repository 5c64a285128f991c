"""Who is told of a proposal: those who decide it, and then who proposed it. It tells no number."""

from portal.models import people as questions
from portal.models.people import Person
from portal.models.proposals import KpiProposal, ProposalState
from portal.readmodels.cards import Tone
from portal.security.permissions import Allowed, Permission, may
from portal.services import inbox
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.inbox import Kind, NewItem
from portal.services.signing_in import actor_of

_PROPOSALS = "/kpis/proposals"


def proposed(desk: Desk, row: KpiProposal) -> int:
    """Tell every analyst what waits for them, once a proposal; return how many that is new to.

    Whoever proposed it knows, and is told only if nobody else can decide it.
    """
    people = desk.session.scalars(questions.everybody())
    able = [one for one in people if _may(desk, one, Permission.DEFINITION_EDIT)]
    others = [one for one in able if one.id != row.proposed_by]
    return inbox.post(desk.session, (_to_decide(desk, row, one) for one in others or able))


def decided(desk: Desk, row: KpiProposal) -> int:
    """Tell who proposed it what became of it, unless they decided it themselves."""
    if row.decided_by == row.proposed_by:
        return 0
    people = desk.session.scalars(questions.by_id(row.proposed_by))
    told = [one for one in people if _may(desk, one, Permission.DEFINITION_PROPOSE)]
    return inbox.post(desk.session, (_outcome(desk, row, one) for one in told))


def _may(desk: Desk, person: Person, permission: Permission) -> bool:
    """Say whether a person may still do something: a shut account may nothing."""
    actor = actor_of(desk.session.tenant, person)
    return person.disabled_at is None and isinstance(may(actor, permission), Allowed)


def _to_decide(desk: Desk, row: KpiProposal, person: Person) -> NewItem:
    change = row.key in desk.catalogue
    said = f"Proposed by {row.proposed_by_name}: {row.reason}"
    return NewItem(
        person.id,
        Kind.DEFINITION,
        f"A change of {row.name} waits for a decision" if change else _new(row.name),
        f"{_PROPOSALS}/{row.id}",
        f"proposal|{row.id}",
        row.proposed_at,
        text=said,
    )


def _new(name: str) -> str:
    return f"A new KPI waits for a decision: {name}"


def _outcome(desk: Desk, row: KpiProposal, person: Person) -> NewItem:
    active = row.state == ProposalState.ACTIVATED
    parts = [f"Decided by {row.decided_by_name}."]
    if row.decision_note:
        parts.append(row.decision_note)
    if active:
        parts.append("It holds from today; its numbers follow.")
    else:
        parts.append("You can mend it and propose it again.")
    return NewItem(
        person.id,
        Kind.DEFINITION,
        f"{row.name} is active" if active else f"{row.name} was declined",
        kpi_page(row.key) if active else f"{_PROPOSALS}/{row.id}",
        f"proposal|{row.id}|decided",
        row.decided_at or desk.now,
        text=" ".join(parts),
        tone=Tone.GOOD if active else Tone.NEUTRAL,
    )
