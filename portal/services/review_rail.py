"""The rail of a review: a person's KPIs by what is needed next, exceptions first, and progress."""

from collections.abc import Iterable

from kpi_engine.language import mark, tr, trn
from portal.readmodels.cards import Tone
from portal.readmodels.reviews import Check, Rail, RailGroup, RailRow
from portal.services import listed, review_names
from portal.services.desks import Desk
from portal.services.review_cards import QUESTIONS, Item, ReviewCard, ReviewKind
from portal.services.review_number import name_of, value_of
from portal.services.review_owed import Owed, owed_of
from portal.services.reviews import Seen, address
from portal.workflow.review import ItemState

_SIGNS = {Tone.BAD: "x-circle-fill", Tone.WATCH: "exclamation-triangle-fill"}
_GROUPS = (
    mark("Sent back"),
    mark("Needs your word"),
    mark("Needs your note"),
    mark("For you to approve"),
    mark("Waiting for co-owner"),
    mark("With others"),
    mark("Submitted"),
    mark("Done"),
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
    return Rail(
        title=tr("Your KPIs") if mine is not seen.items else tr("KPIs"),
        groups=tuple(
            RailGroup(tr(title), tuple(_row(desk, seen, one, chosen) for one in groups[title]))
            for title in _GROUPS
            if title in groups
        ),
        done=_done(mine),
        total=len(mine),
        whole_done=_done(seen.every),
        whole_total=whole,
        foot=trn("{count} owner.", "{count} owners.", len(owners)),
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
    if answer.state is ItemState.WAITING:
        return _waiting(desk, item)
    if answer.state is ItemState.TO_ANSWER:
        if frozen.red:
            return tr("Red, so it needs a note")
        return frozen.accountable_name or tr("No owner")
    if answer.state is ItemState.DRAFT:
        told = [tr("Draft")]
    elif answer.state is ItemState.SENT_BACK:
        told = [tr("Sent back")]
    else:
        told = [review_names.assessed(answer.assessment, tr("Answered"))]
        if answer.state is not ItemState.SUBMITTED:
            told.append(tr("approved"))
    if disputes := len(item.disputes):
        told.append(trn("{count} disagreement", "{count} disagreements", disputes))
    return ", ".join(told)


def _waiting(desk: Desk, item: Item) -> str:
    names = listed.anded(one.name for one in item.missing) or tr("the co-owner")
    asked = item.answer.asked_at
    if asked is None:
        return names
    return tr("{names}, asked {day}", names=names, day=desk.day_of(asked, year=False))


def checks(card: ReviewCard, item: Item, actions: int) -> tuple[Check, ...]:
    """Return what a KPI still needs before it can be submitted, in the order of the page."""
    answer, frozen = item.answer, item.frozen
    replies = sum(bool(answer.replies.get(name)) for name in QUESTIONS)
    noted = bool(answer.words.strip())
    if frozen.red:
        noted = answer.words.strip() not in {"", frozen.finding.strip()}
    found = [
        _check(tr("Last review read"), done=answer.read_at is not None),
        _check(
            tr("Assessment"),
            done=bool(answer.assessment and answer.confidence),
            side=review_names.assessed(answer.assessment),
        ),
        _check(tr("Note on a red number") if frozen.red else tr("Note"), done=noted),
        _check(
            tr("Four questions"),
            done=replies == len(QUESTIONS),
            side=tr("{count} of {total}", count=replies, total=4),
        ),
        _check(tr("Actions"), done=actions > 0, side=str(actions)),
    ]
    if card.kind is ReviewKind.ANNUAL:
        decided = review_names.decision(answer.decision)
        found.append(_check(tr("Keep, change or retire"), done=bool(decided), side=decided))
    if frozen.shared:
        found.append(_words(item))
    return tuple(found)


def _check(text: str, *, done: bool, side: str = "") -> Check:
    return Check(text, Tone.GOOD if done else Tone.NEUTRAL, side)


def _words(item: Item) -> Check:
    text = whose_word(item)
    if item.missing:
        return Check(text, Tone.NEUTRAL, tr("{count} missing", count=len(item.missing)))
    against = sum(one.kind == "disagrees" for one in item.words.values())
    if not against:
        return Check(text, Tone.GOOD, tr("agreed"))
    if not item.disputes:
        return Check(text, Tone.GOOD, tr("settled"))
    return Check(text, Tone.WATCH, trn("{count} disagrees", "{count} disagree", against))


def whose_word(item: Item) -> str:
    """Return what the owners' words to a shared KPI are called."""
    both = len(item.frozen.co_owners) == 1
    return tr("Both owners' word") if both else tr("Each owner's word")


def checks_sub(item: Item, reasons: tuple[str, ...]) -> str:
    """Say in a line how far the KPI is."""
    if item.answer.state is ItemState.APPROVED:
        return tr("Approved by {name}", name=item.answer.approved_by_name)
    if item.answer.state is ItemState.SUBMITTED:
        return tr("Submitted by {name}", name=item.answer.submitted_by_name)
    if reasons:
        return trn(
            "{count} thing left before it is ready",
            "{count} things left before it is ready",
            len(reasons),
        )
    return tr("Ready; disagreement on record") if item.disputes else tr("Ready")
