"""The bar at the foot of a review's page: where it stands, what was saved, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi_engine.language import tr, trc
from portal.readmodels.reviews import Bar, MoveButton, StepMark
from portal.services import listed, review_decisions, review_next
from portal.services.desks import Desk
from portal.services.review_cards import Item, ReviewCard
from portal.services.review_glance import Reads, local
from portal.services.reviews import Seen
from portal.workflow.review import (
    ItemMove,
    ItemState,
    Part,
    ReviewMove,
    ReviewState,
    ahead,
    lacking,
)

_ORDER = (
    ItemMove.APPROVE,
    ItemMove.SUBMIT,
    ItemMove.ASK,
    ItemMove.TAKE_BACK,
    ItemMove.SEND_BACK,
)
"""The first that is possible is the page's one primary button."""
_PRIMARY = frozenset({ItemMove.APPROVE, ItemMove.SUBMIT})


@dataclass(frozen=True, slots=True)
class Ending:
    """What the bar says of the whole review."""

    buttons: tuple[MoveButton, ...] = ()
    left: int = 0
    """How many KPIs are not approved; for who signs, how many stand against signing off."""
    signs: bool = False
    """Whether the reader is one of those who sign the review."""
    told: str = ""
    """Why the reader does not sign it off, and who does."""


def bar(
    reader: Reads,
    card: ReviewCard,
    item: Item,
    moves: tuple[ItemMove, ...],
    ending: Ending | None = None,
) -> Bar:
    """Return the bar; without an `ending` it is that of a KPI somebody just saved."""
    ending = ending or Ending(left=1)
    facts = item.facts(reader.actor.person, card.kind)
    offered = [one for one in _ORDER if one in moves and not _idle(one, item, facts.own)]
    if coming := ahead(item.answer.state, moves):
        offered.insert(0, coming)
    wanted = next((one for one in offered if one in _PRIMARY), None)
    reasons = lacking(wanted, facts) if wanted is not None else ()
    off = bool(reasons) or coming is not None
    buttons = [_button(one, item, card, off=off and one is wanted) for one in offered]
    following = ""
    if wanted is None and not ending.buttons:
        step = review_next.Step(ending.left, ending.told, ending.signs)
        following = review_next.step(reader, card, item, step)
        buttons[:1] = [replace(one, primary=True) for one in buttons[:1]]
    ordered = sorted([*buttons, *ending.buttons], key=lambda one: one.primary)
    steps = _steps(reader, card, item)
    return Bar(steps, saved(reader, item), tuple(ordered), reasons, following)


def _idle(move: ItemMove, item: Item, own: bool) -> bool:  # noqa: FBT001 - one of the facts
    """Say whether a button would do nothing here: nobody to ask, or one's own to approve."""
    if move is ItemMove.ASK:
        return not item.missing
    return move is ItemMove.APPROVE and own


def _button(move: ItemMove, item: Item, card: ReviewCard, *, off: bool) -> MoveButton:
    told = {
        ItemMove.APPROVE: (trc("button of a review", "Approve"), "check-lg", ""),
        ItemMove.SUBMIT: (_submit(card), "send", ""),
        ItemMove.ASK: (_ask(item), "chat-left-text", ""),
        ItemMove.TAKE_BACK: (trc("button of a review", "Take back"), "arrow-left", ""),
        ItemMove.SEND_BACK: (
            trc("button of a review", "Send back"),
            "arrow-left",
            tr("What is missing?"),
        ),
    }
    text, icon, asks = told[move]
    return MoveButton(move.value, text, icon, primary=move in _PRIMARY, asks=asks, off=off)


def _submit(card: ReviewCard) -> str:
    if card.signer is None:
        return trc("button of a review", "Submit")
    return trc("button of a review", "Submit for approval")


def _ask(item: Item) -> str:
    others = listed.anded(one.name.split()[0] for one in item.missing)
    return tr("Ask {names}", names=others) if others else tr("Ask the co-owner")


def whole(desk: Desk, seen: Seen) -> Ending:
    """Return what can be done with the whole review, or who does it, once nothing is left."""
    signs = Part.SIGNER in seen.parts
    left = sum(one.answer.state is not ItemState.APPROVED for one in seen.every)
    if seen.left:
        return Ending(left=seen.left if signs else left, signs=signs)
    if ReviewMove.SIGN_OFF in review_decisions.moves_of(desk, seen):
        return Ending((_signing(review_decisions.foretold(desk, seen)),))
    return Ending(left=left, signs=signs, told=_elsewhere(review_decisions.keepers(desk, seen)))


def _signing(tells: tuple[str, ...]) -> MoveButton:
    text, confirms = tr("Sign the review off"), tr("Sign it off for good")
    return MoveButton("sign_off", text, "lock-fill", primary=True, tells=tells, confirms=confirms)


def _elsewhere(signers: Sequence[str]) -> str:
    if not signers:
        return ""
    return tr(
        "Next: {names} signs the review off. What it decides changes which KPIs the whole company"
        " uses, so an executive does that.",
        names=listed.either(signers),
    )


def saved(reader: Reads, item: Item) -> str:
    """Say when it was saved last, as which version, and what becomes of a disagreement."""
    answer = item.answer
    if answer.saved_at is None:
        return tr("Nothing saved yet, version {version}.", version=answer.version)
    told = tr(
        "Saved {moment} by {name}, version {version}.",
        moment=local(reader, answer.saved_at),
        name=answer.saved_by,
        version=answer.version,
    )
    return f"{told} " + tr("The disagreement goes along.") if item.disputes else told


def _steps(reader: Reads, card: ReviewCard, item: Item) -> tuple[StepMark, ...]:
    answer, frozen = item.answer, item.frozen
    me = reader.actor.person
    writes = tr("You write")
    if me != frozen.accountable:
        writes = tr("{name} writes", name=_first(frozen.accountable_name))
    submitted = answer.submitted_at is not None and answer.state in {
        ItemState.SUBMITTED,
        ItemState.APPROVED,
    }
    found = [StepMark(writes, "done" if submitted else "now")]
    for one in frozen.co_owners:
        word = item.words.get(one.person)
        first = _first(one.name)
        text = tr("{name}'s word", name=first)
        if word is not None:
            text = tr("{name} answered", name=first)
        waits = answer.state is ItemState.WAITING
        found.append(StepMark(text, "done" if word is not None else "now" if waits else "ahead"))
    approved = answer.state is ItemState.APPROVED
    name = answer.approved_by_name
    text = tr("{name} approved", name=_first(name)) if approved else tr("Approval")
    found.append(StepMark(text, "done" if approved else "now" if submitted else "ahead"))
    signed = card.state is ReviewState.SIGNED_OFF
    found.append(StepMark(tr("Signed off"), "done" if signed else "ahead"))
    return tuple(found)


def _first(name: str) -> str:
    return name.split(maxsplit=1)[0] if name else tr("Nobody")
