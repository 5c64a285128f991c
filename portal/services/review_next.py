"""What the next step of a KPI in a review is, and whose: for who has no button that makes it."""

from kpi_engine.language import tr, trn
from portal.services import listed
from portal.services.review_cards import Item, ReviewCard
from portal.services.review_glance import Reads
from portal.services.review_owed import WRITING
from portal.workflow.review import OWN, ItemState, ReviewState


def step(reader: Reads, card: ReviewCard, item: Item, ending: tuple[int, str]) -> str:
    """Return what comes next, in a sentence; empty where the review is not open.

    Args:
        reader: Who reads.
        card: The review's.
        item: The KPI.
        ending: How many KPIs are not approved, and why the reader doesn't sign it off.
    """
    if card.state is not ReviewState.OPEN:
        return ""
    left, told = ending
    state = item.answer.state
    if told:
        return told
    if state in WRITING:
        return _answering(reader, item)
    if state is ItemState.WAITING:
        return _waiting(reader, item)
    if state is ItemState.SUBMITTED:
        own = item.facts(reader.actor.person, card.kind).own
        return tr(OWN) if own else tr("Next: whoever signs the review approves this.")
    return _ending(left)


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
