"""What a proposal is called and what became of it, in words: for its list and for its page."""

from dataclasses import replace

from kpi_engine.language import mark, tr
from portal.models.proposals import ProposalState
from portal.readmodels.cards import Status, Tone
from portal.services import moments
from portal.services.desks import Desk
from portal.services.proposals import Proposal

STATUSES = {
    ProposalState.OPEN: Status(Tone.NEUTRAL, mark("Waits for an analyst"), "hourglass-split"),
    ProposalState.PENDING: Status(Tone.NEUTRAL, mark("Awaits its day"), "calendar-event"),
    ProposalState.ACTIVATED: Status(Tone.GOOD, mark("Activated")),
    ProposalState.DECLINED: Status(Tone.NEUTRAL, mark("Declined"), "slash-circle"),
    ProposalState.WITHDRAWN: Status(Tone.NEUTRAL, mark("Taken back"), "arrow-left"),
    ProposalState.CALLED_BACK: Status(Tone.NEUTRAL, mark("Called back"), "arrow-left"),
    ProposalState.LAPSED: Status(Tone.BAD, mark("Not activated on its day"), "calendar-x"),
}
_ENDED = (ProposalState.CALLED_BACK, ProposalState.LAPSED)


def status(state: ProposalState) -> Status:
    """Return how a proposal stands."""
    found = STATUSES[state]
    return replace(found, word=tr(found.word))


def is_planned(desk: Desk, one: Proposal) -> bool:
    """Say whether a proposal was activated for a later day than that of its decision."""
    if one.day is None or one.decided_at is None:
        return False
    return one.day > desk.calendar.local_date(moments.naive(one.decided_at))


def outcome(desk: Desk, one: Proposal) -> str:
    """Return who decided a proposal and when; empty while it waits."""
    if one.decided_at is None:
        return ""
    if one.day is not None and is_planned(desk, one):
        told = {"day": desk.formats.day(one.day), "name": one.decided_by}
        if one.state in _ENDED:
            return tr("was to hold from {day}, activated by {name}", **told)
        return tr("from {day}, activated by {name}", **told)
    day = desk.day_of(one.decided_at)
    if one.alone:
        return tr("{name}, the only analyst, {day}", name=one.decided_by, day=day)
    return f"{one.decided_by}, {day}"


def why(one: Proposal) -> str:
    """Return the last word on a proposal: why it never held, or what was said at its decision."""
    if one.state is ProposalState.LAPSED:
        return tr(one.ended_why)
    return one.ended_why or one.note


def told(desk: Desk, one: Proposal) -> list[tuple[str, str]]:
    """Return what became of a proposal, each with its name; nothing while it waits."""
    found = []
    if one.goal:
        found.append((tr("Goal"), one.goal.replace("_", " ")))
    if one.decided_at is not None:
        by = f"{one.decided_by}, {desk.moment(one.decided_at)}"
        planned = is_planned(desk, one)
        state = ProposalState.ACTIVATED if planned else one.state
        found.append((status(state).word, by))
        if one.day is not None and planned:
            name = tr("Was to hold from") if one.state in _ENDED else tr("Holds from")
            found.append((name, desk.formats.day(one.day)))
    if one.alone:
        found.append(
            (tr("Marked"), tr("Who proposed it activated it too, being the only analyst."))
        )
    if one.note:
        found.append((tr("Because"), one.note))
    found += _ended(desk, one)
    if one.version is not None:
        found.append((tr("Became"), tr("version {version}", version=one.version)))
    return found


def _ended(desk: Desk, one: Proposal) -> list[tuple[str, str]]:
    """Return how it ended before it ever held, and why."""
    if one.ended_at is None:
        return []
    moment = desk.moment(one.ended_at)
    by = f"{one.ended_by}, {moment}" if one.ended_by else moment
    return [(status(one.state).word, by), (tr("Why not"), why(one))]
