"""Who is told of a proposal: those who decide it, and then who proposed it. It tells no number."""

from collections.abc import Collection
from uuid import UUID

from portal.models import people as questions
from portal.models.people import Person
from portal.models.proposals import KpiProposal, ProposalState
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.security.permissions import Allowed, Permission, may
from portal.services import inbox
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.inbox import Kind, NewItem
from portal.services.signing_in import actor_of

_PROPOSALS = "/kpis/proposals"
_READS = Permission.DEFINITION_PROPOSE


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


def planned(desk: Desk, row: KpiProposal) -> int:
    """Tell who proposed it from which day it holds, unless they decided it themselves."""
    until = "The definition before it holds until then." if row.key in desk.catalogue else ""
    said = f"Decided by {row.decided_by_name}. {until}".rstrip()
    whom = {row.proposed_by} - {row.decided_by}
    return _tell(desk, row, whom, ("planned", f"{row.name} holds from {_day(row)}", said))


def called_back(desk: Desk, row: KpiProposal) -> int:
    """Tell who proposed and who activated it that it does not come to hold, and why."""
    said = f"{row.ended_by_name} called it back before its day. {row.end_note}"
    whom = {row.proposed_by, row.decided_by} - {row.ended_by}
    what = "does not change" if row.key in desk.catalogue else "does not come into use"
    subject = f"{row.name} {what} on {_day(row)}"
    return _tell(desk, row, whom, ("called back", subject, said))


def lapsed(desk: Desk, row: KpiProposal) -> int:
    """Tell who activated and who proposed it that it was not to be used on its day, and why."""
    subject = f"{row.name} was not activated on its day, {_day(row)}"
    said = row.end_note + (" What held before holds on." if row.key in desk.catalogue else "")
    whom = {row.proposed_by, row.decided_by}
    return _tell(desk, row, whom, ("lapsed", subject, said), Tone.BAD)


def _tell(
    desk: Desk,
    row: KpiProposal,
    whom: Collection[UUID | None],
    words: tuple[str, str, str],
    tone: Tone = Tone.NEUTRAL,
) -> int:
    """Post one thing on a proposal: the end of its slot, its subject and its text."""
    slot, subject, text = words
    people = desk.session.scalars(questions.everybody())
    told = [one for one in people if one.id in whom and _may(desk, one, _READS)]
    href, at = f"{_PROPOSALS}/{row.id}", row.ended_at or row.decided_at or desk.now
    stem = f"proposal|{row.id}|{slot}"
    return inbox.post(
        desk.session,
        (
            NewItem(one.id, Kind.DEFINITION, subject, href, stem, at, text=text, tone=tone)
            for one in told
        ),
    )


def _day(row: KpiProposal) -> str:
    """Return the day as the texts of the inbox are kept: in English."""
    return Formats("en").day(row.effective_from) if row.effective_from else ""


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
        max(row.decided_at or desk.now, desk.now),
        text=" ".join(parts),
        tone=Tone.GOOD if active else Tone.NEUTRAL,
    )
