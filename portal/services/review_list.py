"""The page of reviews: those that are open, those that ended, and the cycles that they come by."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.periods import Period
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Head, Status, Tone
from portal.readmodels.review_list import CycleRow, ReviewList, ReviewRow
from portal.security.permissions import Permission
from portal.services import review_cycles, review_names, review_owed, reviews
from portal.services.desks import Desk
from portal.services.review_cards import PATH, ReviewKind
from portal.services.review_cycles import Cycle
from portal.services.review_owed import Owed, Todo
from portal.services.review_parts import seat_of
from portal.services.reviews import Seen
from portal.workflow.review import ItemState, Part, ReviewState

_DONE = frozenset({ItemState.SUBMITTED, ItemState.APPROVED})
_SCOPES = {
    ScopeKind.TENANT: mark("Numbers of the whole company"),
    ScopeKind.TEAM: mark("Numbers of each team"),
    ScopeKind.OWNER: mark("Numbers of each person"),
}
_SAID = {
    "opened": mark("Opened: the scorecard is frozen, and its owners can answer."),
    "planned": mark("Planned. Opening it freezes its numbers."),
    "cycle": mark("The cycle is kept."),
    "ended": mark("The cycle has ended. Its reviews stay."),
    "called_off": mark("Called off."),
}
_VERBS = {
    Owed.ANSWER: mark("{count} to answer"),
    Owed.SAY: mark("{count} to give a word to"),
    Owed.APPROVE: mark("{count} to approve"),
    Owed.SIGN: mark("ready to sign off"),
}


def read(desk: Desk, query: Mapping[str, str], csrf: str) -> ReviewList:
    """Return the reviews that something of is open to the person, with the cycles."""
    found = _seen(desk)
    owed = review_owed.todo(desk.session, desk.actor, desk.now)
    opens = desk.may(Permission.REVIEW_OPEN)
    cycles = review_cycles.cycles(desk.session)
    running = [one for one in found if one.card.state in {ReviewState.OPEN, ReviewState.PLANNED}]
    past = [one for one in found if one not in running]
    names = _names(desk, found)
    return ReviewList(
        head=Head(
            tr("Reviews"),
            tr("What the numbers mean, who answers for them, and what we do next."),
        ),
        open=tuple(_row(desk, one, owed, names) for one in running),
        past=tuple(_row(desk, one, owed, names) for one in past),
        cycles=tuple(_cycle(desk, one, found, opens=opens) for one in cycles),
        may_open=opens,
        usual=f"{PATH}/cycles/usual" if opens and not cycles else "",
        csrf=csrf,
        said=tr(_SAID.get(query.get("done", ""), "")),
    )


def _seen(desk: Desk) -> list[Seen]:
    cards = reviews.all_of(desk.session)
    items = reviews.items_of(desk.session, [card.id for card in cards]) if cards else {}
    seat = seat_of(desk.actor, desk.roster)
    found = (Seen(card, items.get(card.id, ()), seat) for card in cards)
    return [one for one in found if one.items or Part.OPENER in one.parts]


def _names(desk: Desk, found: Sequence[Seen]) -> Mapping[UUID, str]:
    """Return the names of cycles where a kind has several: their reviews of a period look alike."""
    alike = {(one.card.kind, one.card.cycle) for one in found}
    several = {kind for kind in ReviewKind if sum(kind is one for one, _ in alike) > 1}
    told = review_cycles.every(desk.session)
    return {one.id: tr(one.said.name) for one in told if one.said.kind in several}


def _row(desk: Desk, seen: Seen, owed: Sequence[Todo], names: Mapping[UUID, str]) -> ReviewRow:
    card, formats = seen.card, desk.formats
    mine = [one for one in owed if one.review.id == card.id]
    done = sum(one.answer.state in _DONE for one in seen.every)
    due, sign = formats.day(card.due), formats.day(card.sign_off_by)
    if card.state is ReviewState.SIGNED_OFF and card.signed_at is not None:
        day = desk.day_of(card.signed_at)
        sub = tr("Signed off by {name}, {day}", name=card.signed_by, day=day)
    elif not mine and desk.actor.person in card.participants:
        sub = tr("Answers by {due}, sign-off by {sign}; you take part", due=due, sign=sign)
    else:
        sub = tr("Answers by {due}, sign-off by {sign}", due=due, sign=sign)
    late = card.state is ReviewState.OPEN and card.due < desk.today
    days = (desk.today - card.due).days
    return ReviewRow(
        name=review_names.name(card, formats),
        href=card.href,
        kind=names.get(card.cycle) or review_names.kind(card.kind),
        sub=sub,
        state=_state(card.state),
        done=done,
        total=len(seen.every),
        due=trn("{count} day over", "{count} days over", days) if late else "",
        mine=_mine(mine),
    )


def _state(state: ReviewState) -> Status:
    return {
        ReviewState.PLANNED: Status(
            Tone.NEUTRAL, trc("state of a review", "Planned"), "calendar-event"
        ),
        ReviewState.OPEN: Status(Tone.NEUTRAL, trc("state of a review", "Open"), "pencil"),
        ReviewState.SIGNED_OFF: Status(
            Tone.GOOD, trc("state of a review", "Signed off"), "lock-fill"
        ),
        ReviewState.CALLED_OFF: Status(
            Tone.NEUTRAL, trc("state of a review", "Called off"), "slash-circle"
        ),
    }[state]


def _mine(owed: Sequence[Todo]) -> str:
    parts = []
    for what, verb in _VERBS.items():
        count = sum(one.what is what for one in owed)
        if count and what is Owed.SIGN:
            parts.append(tr(verb))
        elif count:
            parts.append(tr(verb, count=count))
    return ", ".join(parts)


def _cycle(desk: Desk, cycle: Cycle, found: Sequence[Seen], *, opens: bool) -> CycleRow:
    said, formats = cycle.said, desk.formats
    period = review_cycles.due_period(desk, cycle)
    taken = _standing(cycle, found, period) not in {None, ReviewState.PLANNED}
    name = formats.period(period)
    following = desk.calendar.holding(period.end, period.grain)
    opens_on = review_cycles.opens_on(cycle, period)
    told = tr("{period} has been due since {day}", period=name, day=formats.day(opens_on))
    if opens_on > desk.today:
        told = tr("{period} opens on {day}", period=name, day=formats.day(opens_on))
    planned = _standing(cycle, found, following) is not None
    if taken:
        when = formats.day(review_cycles.opens_on(cycle, following))
        name = formats.period(following)
        told = tr("{period} opens on {day}", period=name, day=when)
        if planned:
            told = tr("{period} is planned and opens on {day}", period=name, day=when)
    plans = opens and taken and not planned
    others = len(said.participants)
    signers = dict(review_cycles.signers(desk)) if said.signer is not None else {}
    return CycleRow(
        id=str(cycle.id),
        name=tr(said.name),
        kind=review_names.kind(said.kind),
        scope=tr(_SCOPES[said.scope]),
        window=tr(
            "{answer} days to answer, {sign} to sign", answer=said.answer_days, sign=said.sign_days
        ),
        kpis=trn("{count} KPI", "{count} KPIs", len(said.kpis))
        if said.kpis
        else tr("Every adopted KPI"),
        signer=signers.get(said.signer, "") if said.signer else tr("Any leader or executive"),
        version=cycle.version,
        next=told,
        opens=f"{PATH}/cycles/{cycle.id}/open" if opens and not taken else "",
        ends=f"{PATH}/cycles/{cycle.id}/end" if opens else "",
        plans=f"{PATH}/cycles/{cycle.id}/plan" if plans else "",
        plan_period=following.label if plans else "",
        participants=trn("{count} more takes part", "{count} more take part", others)
        if others
        else "",
    )


def _standing(cycle: Cycle, found: Sequence[Seen], period: Period) -> ReviewState | None:
    """Return where the review of a cycle and period stands; None where there is none of it."""
    states = (
        one.card.state
        for one in found
        if one.card.cycle == cycle.id and one.card.period.start == period.start
    )
    return next((one for one in states if one is not ReviewState.CALLED_OFF), None)
