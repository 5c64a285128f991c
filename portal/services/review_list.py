"""The page of reviews: those that are open, those that ended, and the cycles that they come by."""

from collections.abc import Mapping, Sequence

from kpi_engine.periods import Period
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Head, Status, Tone
from portal.readmodels.review_list import CycleRow, ReviewList, ReviewRow
from portal.security.permissions import Permission
from portal.services import review_cycles, reviews
from portal.services.desks import Desk
from portal.services.review_cards import PATH
from portal.services.review_cycles import Cycle
from portal.services.review_parts import seat_of
from portal.services.reviews import Owed, Seen, Todo
from portal.workflow.review import ItemState, Part, ReviewState

_DONE = frozenset({ItemState.SUBMITTED, ItemState.APPROVED})
_STATES = {
    ReviewState.PLANNED: Status(Tone.NEUTRAL, "Planned", "calendar-event"),
    ReviewState.OPEN: Status(Tone.NEUTRAL, "Open", "pencil"),
    ReviewState.SIGNED_OFF: Status(Tone.GOOD, "Signed off", "lock-fill"),
    ReviewState.CALLED_OFF: Status(Tone.NEUTRAL, "Called off", "slash-circle"),
}
_SCOPES = {
    ScopeKind.TENANT: "the whole company",
    ScopeKind.TEAM: "each team",
    ScopeKind.OWNER: "each person",
}
_SAID = {
    "opened": "Opened: the scorecard is frozen, and its owners can answer.",
    "planned": "Planned. Opening it freezes its numbers.",
    "cycle": "The cycle is kept.",
    "ended": "The cycle has ended. Its reviews stay.",
    "called_off": "Called off.",
}
_VERBS = {
    Owed.ANSWER: "to answer",
    Owed.SAY: "to give a word to",
    Owed.APPROVE: "to approve",
    Owed.SIGN: "to sign off",
}


def read(desk: Desk, query: Mapping[str, str], csrf: str) -> ReviewList:
    """Return the reviews that something of is open to the person, with the cycles."""
    found = _seen(desk)
    owed = reviews.todo(desk.session, desk.actor, desk.now)
    opens = desk.may(Permission.REVIEW_OPEN)
    cycles = review_cycles.cycles(desk.session)
    running = [one for one in found if one.card.state in {ReviewState.OPEN, ReviewState.PLANNED}]
    past = [one for one in found if one not in running]
    return ReviewList(
        head=Head("Reviews", "What the numbers mean, who answers for them, and what we do next."),
        open=tuple(_row(desk, one, owed) for one in running),
        past=tuple(_row(desk, one, owed) for one in past),
        cycles=tuple(_cycle(desk, one, found, opens=opens) for one in cycles),
        may_open=opens,
        usual=f"{PATH}/cycles/usual" if opens and not cycles else "",
        csrf=csrf,
        said=_SAID.get(query.get("done", ""), ""),
    )


def _seen(desk: Desk) -> list[Seen]:
    cards = reviews.all_of(desk.session)
    items = reviews.items_of(desk.session, [card.id for card in cards]) if cards else {}
    seat = seat_of(desk.actor, desk.roster)
    found = (Seen(card, items.get(card.id, ()), seat) for card in cards)
    return [one for one in found if one.items or Part.OPENER in one.parts]


def _row(desk: Desk, seen: Seen, owed: Sequence[Todo]) -> ReviewRow:
    card, formats = seen.card, desk.formats
    mine = [one for one in owed if one.review.id == card.id]
    done = sum(one.answer.state in _DONE for one in seen.every)
    sub = f"Answers by {formats.day(card.due)}, sign-off by {formats.day(card.sign_off_by)}"
    if card.state is ReviewState.SIGNED_OFF and card.signed_at is not None:
        sub = f"Signed off by {card.signed_by}, {formats.day(card.signed_at.date())}"
    elif not mine and desk.actor.person in card.participants:
        sub = f"{sub}; you take part"
    late = card.state is ReviewState.OPEN and card.due < desk.today
    days = (desk.today - card.due).days
    return ReviewRow(
        name=card.name,
        href=card.href,
        kind=card.kind.value.capitalize(),
        sub=sub,
        state=_STATES[card.state],
        done=done,
        total=len(seen.every),
        due=f"{days} day{'' if days == 1 else 's'} over" if late else "",
        mine=_mine(mine),
    )


def _mine(owed: Sequence[Todo]) -> str:
    parts = []
    for what, verb in _VERBS.items():
        count = sum(one.what is what for one in owed)
        if count and what is Owed.SIGN:
            parts.append("ready to sign off")
        elif count:
            parts.append(f"{count} {verb}")
    return ", ".join(parts)


def _cycle(desk: Desk, cycle: Cycle, found: Sequence[Seen], *, opens: bool) -> CycleRow:
    said, formats = cycle.said, desk.formats
    period = review_cycles.due_period(desk, cycle)
    taken = _standing(cycle, found, period) not in {None, ReviewState.PLANNED}
    name = formats.period(period)
    following = desk.calendar.holding(period.end, period.grain)
    told = f"{name} is due since {formats.day(review_cycles.opens_on(cycle, period))}"
    planned = _standing(cycle, found, following) is not None
    if taken:
        when = formats.day(review_cycles.opens_on(cycle, following))
        told = f"{formats.period(following)} {'is planned and ' if planned else ''}opens on {when}"
    plans = opens and taken and not planned
    others = len(said.participants)
    signers = dict(review_cycles.signers(desk)) if said.signer is not None else {}
    return CycleRow(
        id=str(cycle.id),
        name=said.name,
        kind=said.kind.value.capitalize(),
        scope=f"Numbers of {_SCOPES[said.scope]}",
        window=f"{said.answer_days} days to answer, {said.sign_days} to sign",
        kpis=f"{len(said.kpis)} KPIs" if said.kpis else "Every adopted KPI",
        signer=signers.get(said.signer, "") if said.signer else "Any leader or executive",
        version=cycle.version,
        next=told,
        opens=f"{PATH}/cycles/{cycle.id}/open" if opens and not taken else "",
        ends=f"{PATH}/cycles/{cycle.id}/end" if opens else "",
        plans=f"{PATH}/cycles/{cycle.id}/plan" if plans else "",
        plan_period=following.label if plans else "",
        participants=f"{others} more take{'s' if others == 1 else ''} part" if others else "",
    )


def _standing(cycle: Cycle, found: Sequence[Seen], period: Period) -> ReviewState | None:
    """Return where the review of a cycle and period stands; None where there is none of it."""
    states = (
        one.card.state
        for one in found
        if one.card.cycle == cycle.id and one.card.period.start == period.start
    )
    return next((one for one in states if one is not ReviewState.CALLED_OFF), None)
