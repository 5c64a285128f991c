"""What the next step of a KPI in a review is, and whose: for who has no button that makes it."""

from dataclasses import dataclass

from kpi_engine.language import mark, tr, trn
from portal.services import listed
from portal.services.review_cards import Item, ReviewCard
from portal.services.review_glance import Reads
from portal.services.review_owed import WRITING
from portal.workflow.review import OWN, ItemState, ReviewState


@dataclass(frozen=True, slots=True)
class Step:
    """How far the whole review is from its end, for who reads."""

    left: int
    """How many KPIs stand against it."""
    told: str
    """Why the reader doesn't sign it off, and who does."""
    signs: bool


def step(reader: Reads, card: ReviewCard, item: Item, ending: Step) -> str:
    """Return what comes next, in a sentence; empty where the review is not open."""
    if card.state is not ReviewState.OPEN:
        return ""
    state = item.answer.state
    if ending.told:
        return ending.told
    if state in WRITING:
        return _answering(reader, item)
    if state is ItemState.WAITING:
        return _waiting(reader, item)
    if state is ItemState.SUBMITTED:
        own = item.facts(reader.actor.person, card.kind).own
        told = _OWN_OF_A_SIGNER if ending.signs else OWN
        return tr(told) if own else tr("Next: whoever signs the review approves this.")
    return _ending(ending.left)


_OWN_OF_A_SIGNER = mark(
    "Nobody approves what they answered for themselves. Somebody else who may sign does; where"
    " nobody else may, it is signed off with the rest."
)


def _answering(reader: Reads, item: Item) -> str:
    frozen = item.frozen
    if reader.actor.person in {one.person for one in item.missing}:
        return tr("Next: give your word to the number, above.")
    if not frozen.accountable_name:
        return tr("Next: somebody answers this. The KPI has no owner.")
    return tr("Next: {name} answers this.", name=frozen.accountable_name)


def _waiting(reader: Reads, item: Item) -> str:
    if reader.actor.person in {one.person for one in item.missing}:
        return tr("Next: give your word to the number, above.")
    names = [one.name for one in item.missing]
    return trn(
        "Next: {names} gives their word.",
        "Next: {names} give their word.",
        len(names),
        names=listed.rowed(names),
    )


def _ending(left: int) -> str:
    if not left:
        return tr("Next: the review is signed off.")
    return trn(
        "Next: {count} other KPI of this review is to be approved.",
        "Next: {count} other KPIs of this review are to be approved.",
        left,
    )
