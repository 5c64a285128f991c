"""Saves what is answered for one KPI of a review, as it is typed, and never over somebody else's.

A page tells what it began with and what it holds now. A field that nobody else changed meanwhile is
saved; one that somebody did is not: both texts are told, and the one refused is written down too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kpi_engine.language import spoken, tr
from portal.errors import BadInputError, DeniedError
from portal.models import review_items as item_questions
from portal.models import reviews as questions
from portal.models.review_items import ReviewAnswer
from portal.readmodels.formats import Formats
from portal.security.permissions import Permission
from portal.services import review_names, tenants
from portal.services.auditing import Trace
from portal.services.engines import calendar_of
from portal.services.granted import require
from portal.services.review_cards import QUESTIONS, Answer, Frozen, Item, ReviewCard
from portal.services.review_parts import Seat
from portal.services.review_records import Done, record, records
from portal.services.review_rows import answer_of, card_of, frozen_of
from portal.services.reviews import NoReviewError
from portal.tenancy.session import TenantSession
from portal.workflow.review import ItemMove, ItemState, next_state

LONGEST = 4000
"""Characters of a note, or of the words to one question."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "assessment": ("on_track", "at_risk", "off_track"),
    "confidence": ("low", "medium", "high"),
    "decision": ("keep", "change", "retire"),
    **dict.fromkeys(QUESTIONS, ("yes", "partly", "no")),
}
_WORDS = ("words", "decision_words", *(f"{name}_words" for name in QUESTIONS))
FIELDS = (*_CHOICES, *_WORDS)
"""What may be answered, by the name that a page uses."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page holds: what it began with, and what stands in it now. Absent: not on the page."""

    version: int
    """The version that the page was drawn from."""
    base: Mapping[str, str]
    now: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people wrote: what stands there now, and what was refused."""

    field: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Held:
    """One item in the hands of who changes it: nobody else does until the transaction ends."""

    card: ReviewCard
    frozen: Frozen
    row: ReviewAnswer
    seat: Seat

    def leads(self, move: ItemMove) -> ItemState:
        """Return where a move leads.

        Raises:
            MoveRefusedError: if there is no such move for the person.
        """
        parts = self.seat.parts(self.card, self.frozen)
        state = ItemState(self.row.state)
        to = next_state(self.card.state, state, move, parts, shared=self.frozen.shared)
        if to is None:
            raise MoveRefusedError(move, state)
        return to


@dataclass(frozen=True, slots=True)
class Saved:
    """How saving went: what stands now, and what was not taken."""

    item: Held
    answer: Answer
    clashes: tuple[Clash, ...]


class TooLongError(BadInputError):
    """More was written than is kept."""

    def __init__(self) -> None:
        most = Formats(spoken()).number(LONGEST)
        super().__init__(tr("That is longer than {most} characters. Nothing was saved.", most=most))


class MoveRefusedError(DeniedError):
    """A move is not possible where the KPI stands, or is not the person's to make."""

    def __init__(self, move: ItemMove, state: ItemState) -> None:
        super().__init__(
            tr(
                "This can't be done now: the KPI is {state}, and to {move} is not open to you here."
                " Reload the page.",
                state=review_names.state(state),
                move=review_names.move(move),
            )
        )


def held(session: TenantSession, seat: Seat, review_id: UUID, item_id: UUID) -> Held:
    """Return an item of a review, held against other writers until the transaction ends.

    Raises:
        NoReviewError: if there is none that is open to the person.
    """
    # The review first, and always in this order: who signs off waits for who saves.
    review = session.scalars(questions.review(review_id).with_for_update(read=True)).one_or_none()
    row = session.scalars(item_questions.answer_held(item_id)).one_or_none()
    if review is None or row is None or row.review_id != review_id:
        raise NoReviewError
    frozen = frozen_of(session.execute(item_questions.item(item_id)).one()[0])
    if not seat.sees(frozen):
        raise NoReviewError
    return Held(card_of(review, calendar_of(tenants.get(session))), frozen, row, seat)


def save(
    session: TenantSession, seat: Seat, place: tuple[UUID, UUID], typed: Typed, trace: Trace
) -> Saved:
    """Save what somebody typed into the page of one KPI.

    Args:
        session: Of the tenant.
        seat: Who types.
        place: The review's id and the item's.
        typed: What the page holds.
        trace: In which request.

    Raises:
        DeniedError: if it is not theirs to answer, or not at this moment.
        BadInputError: if a value is none that can be answered.
    """
    require(seat.actor, Permission.REVIEW_WRITE)
    changes = _changes(typed)
    item = held(session, seat, *place)
    row = item.row
    clashes = _clashes(item, typed, changes)
    refused = {one.field for one in clashes}
    taken = {name: value for name, value in changes.items() if name not in refused}
    taken = {name: value for name, value in taken.items() if said(row, name) != value}
    if taken:
        _take(session, item, taken, trace)
    if clashes:
        _keep(session, item, clashes, trace)
    return Saved(item, answer_of(row), clashes)


def _keep(session: TenantSession, item: Held, clashes: tuple[Clash, ...], trace: Trace) -> None:
    """Write down what was refused, once: a page asks again until the person has chosen."""
    detail = {one.field: {"stands": one.theirs, "refused": one.mine} for one in clashes}
    before = records(session, item.card.id, item.frozen.id)
    if not any(one.done.move == "clash" and one.done.detail == detail for one in before):
        row = item.row
        done = Done("clash", row.state, row.state, row.version, detail)
        record(session, item.seat.actor, item.card.id, item.frozen.id, done, trace)


def said(row: ReviewAnswer, field: str) -> str:
    """Return what stands in a field; empty where nothing was said."""
    return getattr(row, field) or ""


def _changes(typed: Typed) -> dict[str, str]:
    """Return what the page changed, checked.

    Raises:
        BadInputError: if a field or a value is none.
    """
    found = {}
    for name, value in typed.now.items():
        if name not in FIELDS:
            raise BadInputError(tr("What was sent is not what this page sends."))
        if name in _CHOICES and value not in {"", *_CHOICES[name]}:
            raise BadInputError(tr("Choose one of the answers that the page offers."))
        if len(value) > LONGEST:
            raise TooLongError
        if value != typed.base.get(name, ""):
            # PostgreSQL keeps no such character.
            found[name] = value.replace("\x00", "")
    return found


def _clashes(item: Held, typed: Typed, changes: Mapping[str, str]) -> tuple[Clash, ...]:
    row, found = item.row, []
    for name, mine in changes.items():
        began = typed.base.get(name, "")
        if name == "words" and began == item.frozen.finding:
            # The page began with what the portal wrote; nobody's words stood there.
            began = ""
        if said(row, name) not in {began, mine}:
            found.append(Clash(name, said(row, name), mine))
    return tuple(found)


def _take(session: TenantSession, item: Held, taken: Mapping[str, str], trace: Trace) -> None:
    row, actor = item.row, item.seat.actor
    to = item.leads(ItemMove.SAVE)
    before = row.state
    for name, value in taken.items():
        setattr(row, name, value or None if name in _CHOICES else value)
    row.state, row.version = to.value, row.version + 1
    row.saved_by_name, row.saved_at = actor.name or actor.email, trace.at
    session.flush()
    if before != row.state:
        done = Done(ItemMove.SAVE.value, before, row.state, row.version)
        record(session, actor, item.card.id, item.frozen.id, done, trace)


def told(row: ReviewAnswer) -> dict[str, Any]:
    """Return all that is answered, for the record of a submission."""
    return {name: said(row, name) for name in FIELDS if said(row, name)}


def mark_read(
    session: TenantSession, seat: Seat, card: ReviewCard, item: Item, trace: Trace
) -> None:
    """Keep that who answers had the last review's answers before them."""
    if item.answer.read_at is not None or not seat.may(Permission.REVIEW_WRITE):
        return
    if next_state(
        card.state, item.answer.state, ItemMove.SAVE, seat.parts(card, item.frozen), shared=False
    ):
        row = session.scalars(item_questions.answer_held(item.frozen.id)).one()
        row.read_at = trace.at
