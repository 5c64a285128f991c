"""The rail of a review: a person's KPIs by what is needed next, exceptions first, and progress."""

from collections.abc import Iterable, Mapping

from portal.readmodels.cards import Tone
from portal.readmodels.reviews import Check, Rail, RailGroup, RailRow
from portal.services.desks import Desk
from portal.services.review_cards import QUESTIONS, Item, ReviewCard, ReviewKind
from portal.services.review_number import name_of, value_of
from portal.services.reviews import Owed, Seen, address, owed_of
from portal.workflow.review import ItemState

ASSESSED: Mapping[str, str] = {
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
}
_SIGNS = {Tone.BAD: "x-circle-fill", Tone.WATCH: "exclamation-triangle-fill"}
_GROUPS = (
    "Sent back",
    "Needs your word",
    "Needs your note",
    "For you to approve",
    "Waiting for co-owner",
    "With others",
    "Submitted",
    "Done",
)
_DONE = frozenset({ItemState.SUBMITTED, ItemState.APPROVED})
_OWED = {
    Owed.ANSWER: "Needs your note",
    Owed.SAY: "Needs your word",
    Owed.APPROVE: "For you to approve",
}


def rail(desk: Desk, seen: Seen, chosen: Item) -> Rail:
    """Return the rail: the person's own KPIs where they have any, else all that they see."""
    mine = [one for one in seen.items if seen.seat.parts(seen.card, one.frozen)] or seen.items
    groups: dict[str, list[Item]] = {}
    for one in _ordered(mine):
        groups.setdefault(_group(seen, one), []).append(one)
    whole = len(seen.every)
    owners = {one.frozen.accountable for one in seen.every if one.frozen.accountable}
    word = "1 owner" if len(owners) == 1 else f"{len(owners)} owners"
    return Rail(
        title="Your KPIs" if mine is not seen.items else "KPIs",
        groups=tuple(
            RailGroup(title, tuple(_row(desk, seen, one, chosen) for one in groups[title]))
            for title in _GROUPS
            if title in groups
        ),
        done=_done(mine),
        total=len(mine),
        whole_done=_done(seen.every),
        whole_total=whole,
        foot=f"{word}.",
    )


def _done(items: Iterable[Item]) -> int:
    return sum(one.answer.state in _DONE for one in items)


def _ordered(items: Iterable[Item]) -> list[Item]:
    """Exceptions first: off target, then watch, then the order of the framework."""
    order = [Tone.BAD, Tone.WATCH, Tone.NEUTRAL, Tone.GOOD]
    return sorted(items, key=lambda one: (order.index(one.frozen.status.tone), one.frozen.place))


def first(seen: Seen) -> Item:
    """Return the KPI that a person should look at first."""
    return min(_ordered(seen.items), key=lambda one: _GROUPS.index(_group(seen, one)))


def in_order(seen: Seen) -> tuple[Item, ...]:
    """Return what a person sees in the order of a meeting: exceptions first."""
    return tuple(_ordered(seen.items))


def _group(seen: Seen, item: Item) -> str:
    state = item.answer.state
    parts = seen.seat.parts(seen.card, item.frozen)
    owed = owed_of(seen.card, item, parts, seen.seat.actor)
    if owed is Owed.ANSWER and state is ItemState.SENT_BACK:
        return "Sent back"
    if owed in _OWED:
        return _OWED[owed]
    if state is ItemState.WAITING:
        return "Waiting for co-owner"
    if state is ItemState.SUBMITTED:
        return "Submitted"
    return "Done" if state is ItemState.APPROVED else "With others"


def _row(desk: Desk, seen: Seen, item: Item, chosen: Item) -> RailRow:
    frozen, answer = item.frozen, item.answer
    name, tone = "circle", Tone.NEUTRAL
    if answer.state in _DONE:
        name, tone = "check-circle-fill", Tone.GOOD
    elif answer.state is ItemState.WAITING:
        name, tone = "hourglass-split", Tone.WATCH
    elif answer.state is ItemState.DRAFT:
        name = "pencil"
    elif frozen.status.tone in _SIGNS:
        name, tone = _SIGNS[frozen.status.tone], frozen.status.tone
    return RailRow(
        name_of(frozen),
        value_of(desk, frozen),
        _sub(desk, item),
        name,
        tone,
        address(seen.card, frozen),
        frozen.id == chosen.frozen.id,
    )


def _sub(desk: Desk, item: Item) -> str:
    frozen, answer = item.frozen, item.answer
    disputes = len(item.disputes)
    more = f", {disputes} disagreement{'' if disputes == 1 else 's'}" if disputes else ""
    if answer.state is ItemState.WAITING:
        names = " and ".join(one.name for one in item.missing) or "the co-owner"
        asked = (
            f", asked {desk.formats.day(answer.asked_at.date(), year=False)}"
            if (answer.asked_at)
            else ""
        )
        return f"{names}{asked}"
    if answer.state is ItemState.DRAFT:
        return f"Draft{more}"
    if answer.state is ItemState.TO_ANSWER:
        return "Red, so it needs a note" if frozen.red else frozen.accountable_name or "No owner"
    if answer.state is ItemState.SENT_BACK:
        return f"Sent back{more}"
    told = ASSESSED.get(answer.assessment, "Answered")
    approved = "" if answer.state is ItemState.SUBMITTED else ", approved"
    return f"{told}{approved}{more}"


def checks(card: ReviewCard, item: Item, actions: int) -> tuple[Check, ...]:
    """Return what a KPI still needs before it can be submitted, in the order of the page."""
    answer, frozen = item.answer, item.frozen
    replies = sum(bool(answer.replies.get(name)) for name in QUESTIONS)
    noted = bool(answer.words.strip())
    if frozen.red:
        noted = answer.words.strip() not in {"", frozen.finding.strip()}
    found = [
        _check("Last review read", done=answer.read_at is not None),
        _check(
            "Assessment",
            done=bool(answer.assessment and answer.confidence),
            side=ASSESSED.get(answer.assessment, ""),
        ),
        _check("Note on a red number" if frozen.red else "Note", done=noted),
        _check("Four questions", done=replies == len(QUESTIONS), side=f"{replies} of 4"),
        _check("Actions", done=actions > 0, side=str(actions)),
    ]
    if card.kind is ReviewKind.ANNUAL:
        decided = answer.decision.capitalize()
        found.append(_check("Keep, change or retire", done=bool(decided), side=decided))
    if frozen.shared:
        found.append(_words(item))
    return tuple(found)


def _check(text: str, *, done: bool, side: str = "") -> Check:
    return Check(text, Tone.GOOD if done else Tone.NEUTRAL, side)


def _words(item: Item) -> Check:
    text = "Both owners' word" if len(item.frozen.co_owners) == 1 else "Each owner's word"
    if item.missing:
        return Check(text, Tone.NEUTRAL, f"{len(item.missing)} missing")
    against = sum(one.kind == "disagrees" for one in item.words.values())
    if not against:
        return Check(text, Tone.GOOD, "agreed")
    settled = "settled" if not item.disputes else f"{against} disagree{'s' if against == 1 else ''}"
    return Check(text, Tone.GOOD if not item.disputes else Tone.WATCH, settled)


def checks_sub(item: Item, reasons: tuple[str, ...]) -> str:
    """Say in a line how far the KPI is."""
    if item.answer.state is ItemState.APPROVED:
        return f"Approved by {item.answer.approved_by_name}"
    if item.answer.state is ItemState.SUBMITTED:
        return f"Submitted by {item.answer.submitted_by_name}"
    if reasons:
        return f"{len(reasons)} thing{'' if len(reasons) == 1 else 's'} left before it is ready"
    return "Ready; disagreement on record" if item.disputes else "Ready"
