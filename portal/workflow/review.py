"""The review: which moves there are in which state, for whom, and where they lead. Two tables.

The guard and the page's buttons read the same tables, so they cannot disagree. What a table cannot
say (nobody approves their own, a red number needs a note) is in `lacking`, a second function.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kpi_engine.language import mark, tr


class ReviewState(StrEnum):
    """Where a whole review stands."""

    PLANNED = "planned"
    OPEN = "open"
    SIGNED_OFF = "signed_off"
    CALLED_OFF = "called_off"


class ReviewMove(StrEnum):
    """What can be done with a whole review."""

    OPEN = "open"
    SIGN_OFF = "sign_off"
    CALL_OFF = "call_off"


class ItemState(StrEnum):
    """Where one KPI of a review stands."""

    TO_ANSWER = "to_answer"
    DRAFT = "draft"
    WAITING = "waiting"
    """For the word of a co-owner who was asked."""
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"


class ItemMove(StrEnum):
    """What can be done with one KPI of a review."""

    SAVE = "save"
    ASK = "ask"
    """Ask the co-owners for their word."""
    SPEAK = "speak"
    """A co-owner agrees or disagrees."""
    REPLY = "reply"
    """Answer a disagreement."""
    SETTLE = "settle"
    """Say how a disagreement was settled; it stays on record."""
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    SEND_BACK = "send_back"
    APPROVE = "approve"


class Part(StrEnum):
    """What somebody is to a review or to one KPI of it. One person may be several."""

    WRITER = "writer"
    """Answers: the accountable owner, who covers for them, or an updater."""
    CO_OWNER = "co_owner"
    SIGNER = "signer"
    """Leader or executive, within their reach; the one who is named, where one is."""
    OPENER = "opener"
    KEEPER = "keeper"
    """Keeps the framework: may change which KPIs the whole company uses."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a move leads, and who may make it."""

    to: StrEnum
    by: frozenset[Part]
    shared_only: bool = False
    """Whether only a KPI that several own has this move."""
    deciding: frozenset[Part] = frozenset()
    """What one must be besides, where the review decides what becomes of KPIs."""


_WRITER, _CO_OWNER = frozenset({Part.WRITER}), frozenset({Part.CO_OWNER})
_SIGNER, _OPENER = frozenset({Part.SIGNER}), frozenset({Part.OPENER})
_OWNERS = _WRITER | _CO_OWNER

REVIEW_STEPS: Mapping[tuple[ReviewState, ReviewMove], Step] = MappingProxyType(
    {
        (ReviewState.PLANNED, ReviewMove.OPEN): Step(ReviewState.OPEN, _OPENER),
        (ReviewState.PLANNED, ReviewMove.CALL_OFF): Step(ReviewState.CALLED_OFF, _OPENER),
        (ReviewState.OPEN, ReviewMove.CALL_OFF): Step(ReviewState.CALLED_OFF, _OPENER),
        (ReviewState.OPEN, ReviewMove.SIGN_OFF): Step(
            ReviewState.SIGNED_OFF, _SIGNER, deciding=frozenset({Part.KEEPER})
        ),
    }
)
"""Every move of a whole review."""

ITEM_STEPS: Mapping[tuple[ItemState, ItemMove], Step] = MappingProxyType(
    {
        (ItemState.TO_ANSWER, ItemMove.SAVE): Step(ItemState.DRAFT, _WRITER),
        (ItemState.TO_ANSWER, ItemMove.SPEAK): Step(
            ItemState.TO_ANSWER, _CO_OWNER, shared_only=True
        ),
        (ItemState.DRAFT, ItemMove.SAVE): Step(ItemState.DRAFT, _WRITER),
        (ItemState.DRAFT, ItemMove.ASK): Step(ItemState.WAITING, _WRITER, shared_only=True),
        (ItemState.DRAFT, ItemMove.SPEAK): Step(ItemState.DRAFT, _CO_OWNER, shared_only=True),
        (ItemState.DRAFT, ItemMove.REPLY): Step(ItemState.DRAFT, _OWNERS, shared_only=True),
        (ItemState.DRAFT, ItemMove.SETTLE): Step(ItemState.DRAFT, _SIGNER, shared_only=True),
        (ItemState.DRAFT, ItemMove.SUBMIT): Step(ItemState.SUBMITTED, _WRITER),
        (ItemState.WAITING, ItemMove.SPEAK): Step(ItemState.WAITING, _CO_OWNER, shared_only=True),
        (ItemState.WAITING, ItemMove.REPLY): Step(ItemState.WAITING, _OWNERS, shared_only=True),
        (ItemState.WAITING, ItemMove.SETTLE): Step(ItemState.WAITING, _SIGNER, shared_only=True),
        (ItemState.WAITING, ItemMove.TAKE_BACK): Step(ItemState.DRAFT, _WRITER),
        (ItemState.SUBMITTED, ItemMove.REPLY): Step(ItemState.SUBMITTED, _OWNERS, shared_only=True),
        (ItemState.SUBMITTED, ItemMove.SETTLE): Step(
            ItemState.SUBMITTED, _SIGNER, shared_only=True
        ),
        (ItemState.SUBMITTED, ItemMove.TAKE_BACK): Step(ItemState.DRAFT, _WRITER),
        (ItemState.SUBMITTED, ItemMove.SEND_BACK): Step(ItemState.SENT_BACK, _SIGNER),
        (ItemState.SUBMITTED, ItemMove.APPROVE): Step(ItemState.APPROVED, _SIGNER),
        (ItemState.SENT_BACK, ItemMove.SAVE): Step(ItemState.DRAFT, _WRITER),
        (ItemState.SENT_BACK, ItemMove.SPEAK): Step(
            ItemState.SENT_BACK, _CO_OWNER, shared_only=True
        ),
        (ItemState.SENT_BACK, ItemMove.REPLY): Step(ItemState.SENT_BACK, _OWNERS, shared_only=True),
        (ItemState.SENT_BACK, ItemMove.SUBMIT): Step(ItemState.SUBMITTED, _WRITER),
        (ItemState.APPROVED, ItemMove.SETTLE): Step(ItemState.APPROVED, _SIGNER, shared_only=True),
        (ItemState.APPROVED, ItemMove.SEND_BACK): Step(ItemState.SENT_BACK, _SIGNER),
    }
)
"""Every move of one KPI of an open review; of a review that is not open there is none."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules beyond the table look at, of one KPI of a review."""

    red: bool = False
    """Whether the frozen number is off target."""
    assessed: bool = False
    noted: bool = False
    """Whether somebody wrote what happened and why."""
    questions_left: int = 0
    decision_missing: bool = False
    """Whether this is an annual review without keep, change or retire."""
    words_missing: int = 0
    """How many co-owners have not said their word."""
    disputed: bool = False
    """Whether a disagreement stands that was not settled."""
    own: bool = False
    """Whether who asks answers for the KPI or submitted it themselves."""


def moves_for(
    review: ReviewState, state: ItemState, parts: frozenset[Part], *, shared: bool
) -> tuple[ItemMove, ...]:
    """Return the moves of one KPI that somebody may see a button of."""
    return tuple(move for move in ItemMove if next_state(review, state, move, parts, shared=shared))


def next_state(
    review: ReviewState, state: ItemState, move: ItemMove, parts: frozenset[Part], *, shared: bool
) -> ItemState | None:
    """Return where a move leads; None where there is no such move for them."""
    step = ITEM_STEPS.get((state, move))
    if review is not ReviewState.OPEN or step is None or (step.shared_only and not shared):
        return None
    return ItemState(step.to) if step.by & parts else None


def ahead(state: ItemState, moves: Collection[ItemMove]) -> ItemMove | None:
    """Return the move that somebody has once they have saved something; None where it is here."""
    saved = ITEM_STEPS.get((state, ItemMove.SAVE))
    if saved is None or ItemMove.SAVE not in moves or ItemMove.SUBMIT in moves:
        return None
    return ItemMove.SUBMIT if (saved.to, ItemMove.SUBMIT) in ITEM_STEPS else None


def review_moves(
    state: ReviewState, parts: frozenset[Part], *, deciding: bool = False
) -> tuple[ReviewMove, ...]:
    """Return the moves of a whole review that somebody may see a button of."""
    return tuple(
        move for move in ReviewMove if next_review_state(state, move, parts, deciding=deciding)
    )


def next_review_state(
    state: ReviewState, move: ReviewMove, parts: frozenset[Part], *, deciding: bool = False
) -> ReviewState | None:
    """Return where a move leads; None where there is no such move for them.

    Args:
        state: Where the review stands.
        move: What is to be done with it.
        parts: What somebody is to it.
        deciding: Whether what it decides changes which KPIs the company uses.
    """
    step = REVIEW_STEPS.get((state, move))
    if step is None or not step.by & parts or (deciding and not step.deciding <= parts):
        return None
    return ReviewState(step.to)


def lacking(move: ItemMove, facts: Facts) -> tuple[str, ...]:
    """Return what stands against a move that the table allows, a sentence each; empty: nothing."""
    if move is ItemMove.APPROVE:
        return (tr(OWN),) if facts.own else ()
    if move is ItemMove.ASK:
        return () if facts.words_missing else (tr("Each co-owner has said their word already."),)
    if move is ItemMove.SETTLE:
        return () if facts.disputed else (tr("There is no disagreement to settle."),)
    if move is not ItemMove.SUBMIT:
        return ()
    told = (
        (not facts.assessed, tr("Say where it is heading and how sure you are.")),
        (facts.red and not facts.noted, tr("A number off target needs a note of yours.")),
        (facts.questions_left > 0, tr("Answer the four questions.")),
        (facts.decision_missing, tr("Decide whether to keep, change or retire this KPI.")),
        (facts.words_missing > 0, tr("A shared KPI needs the word of each co-owner.")),
    )
    return tuple(text for missing, text in told if missing)


OWN = mark("Nobody approves what they answered for themselves. Somebody else who may sign does.")


def after_words(state: ItemState, missing: int) -> ItemState:
    """Return the state after a co-owner spoke: who waits waits until each has spoken."""
    return ItemState.DRAFT if state is ItemState.WAITING and not missing else state


def unsigned(items: Iterable[tuple[ItemState, bool]]) -> int:
    """Return how many KPIs stand against signing off, of pairs of a state and whether it is own.

    All but those that are approved. What the signer answered for themselves nobody else may be
    there to approve: then it is enough that it was submitted, and the record says so.
    """
    return sum(
        state is not ItemState.APPROVED and not (own and state is ItemState.SUBMITTED)
        for state, own in items
    )
