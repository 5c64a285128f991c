"""Reviews as they are read: which are open, and what is in them.

What a person sees of a review is what their part or their reach gives: an owner the KPIs that they
answer for or own a part of, a leader those of their teams, an executive and an analyst all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.errors import PortalError
from portal.models import review_items as item_questions
from portal.models import review_records as record_questions
from portal.models import reviews as questions
from portal.models.observations import ScopeKind
from portal.security.actor import Actor
from portal.services import tenants
from portal.services.engines import calendar_of
from portal.services.numbers import TENANT, Who
from portal.services.review_cards import (
    PATH,
    Frozen,
    Item,
    Note,
    ReviewCard,
    ReviewKind,
    Word,
)
from portal.services.review_parts import Seat, seat_of
from portal.services.review_rows import card_of, frozen_of, item_of, note_of, word_of
from portal.services.rosters import roster
from portal.tenancy.session import TenantSession
from portal.workflow.review import (
    ItemState,
    Part,
    ReviewState,
    unsigned,
)

__all__ = ["Item", "ReviewCard", "ReviewKind", "Whole", "current", "item", "whole"]


class NoReviewError(PortalError):
    """There is no such review or item, or it is not open to the person: one text for both."""

    def __init__(self) -> None:
        super().__init__(tr("There is no review at this address, or it is not yours to see."))


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole review with everything that was said in it, for who sees all of it."""

    card: ReviewCard
    items: tuple[Item, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A review as one person sees it."""

    card: ReviewCard
    every: tuple[Item, ...]
    """Every item, also those that are not open to the person: for counting only."""
    seat: Seat

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that the person sees."""
        return self.seat.visible(self.every)

    @property
    def parts(self) -> frozenset[Part]:
        """What the person is to the whole review."""
        return self.seat.review_parts(self.card, self.every)

    @property
    def left(self) -> int:
        """How many KPIs stand against signing off, if this person signs."""
        me, kind = self.seat.actor.person, self.card.kind
        return unsigned((one.answer.state, one.facts(me, kind).own) for one in self.every)


def current(session: TenantSession, actor: Actor, now: datetime) -> tuple[ReviewCard, ...]:
    """Return the open reviews that something of is open to the person, the newest period first."""
    del now
    seat = seat_of(actor, roster(session))
    return tuple(seen.card for seen in open_to(session, seat))


def item(session: TenantSession, review_id: UUID, kpi: KpiKey, who: Who = TENANT) -> Frozen:
    """Return one frozen item of a review.

    Raises:
        NoReviewError: if there is none of that KPI and scope.
    """
    for row, _ in session.execute(item_questions.items([review_id])):
        if row.kpi == kpi and (row.scope_kind, row.scope_id) == (who.kind, who.id):
            return frozen_of(row)
    raise NoReviewError


def whole(session: TenantSession, review_id: UUID) -> Whole:
    """Return a review with everything in it, whoever asks: a pack or minutes are made of it.

    Raises:
        NoReviewError: if there is none of that id.
    """
    card = one(session, review_id)
    items = items_of(session, [review_id]).get(review_id, ())
    notes = tuple(note_of(row) for row in session.scalars(record_questions.notes_of(review_id)))
    return Whole(card, items, notes)


def seen(session: TenantSession, actor: Actor, review_id: UUID) -> Seen:
    """Return a review as a person sees it.

    Raises:
        NoReviewError: if there is none of that id, or nothing of it is open to them.
    """
    card = one(session, review_id)
    items = items_of(session, [review_id]).get(review_id, ())
    found = Seen(card, items, seat_of(actor, roster(session)))
    if not found.items and Part.OPENER not in found.parts:
        raise NoReviewError
    return found


def one(session: TenantSession, review_id: UUID) -> ReviewCard:
    """Return one review's card.

    Raises:
        NoReviewError: if there is none of that id.
    """
    row = session.scalars(questions.review(review_id)).one_or_none()
    if row is None:
        raise NoReviewError
    return card_of(row, calendar_of(tenants.get(session)))


def all_of(session: TenantSession, *states: ReviewState) -> tuple[ReviewCard, ...]:
    """Return the reviews in some states, or all of them, the newest period first."""
    calendar = calendar_of(tenants.get(session))
    rows = session.scalars(questions.reviews(*(state.value for state in states)))
    return tuple(card_of(row, calendar) for row in rows)


def items_of(session: TenantSession, reviews: Sequence[UUID]) -> Mapping[UUID, tuple[Item, ...]]:
    """Return the items of some reviews with what was answered and said, in their order."""
    said: dict[UUID, list[Word]] = {}
    for word in session.scalars(record_questions.words_of_reviews(reviews)):
        said.setdefault(word.item_id, []).append(word_of(word))
    found: dict[UUID, list[Item]] = {}
    for row, answer in session.execute(item_questions.items(reviews)):
        made = item_of(row, answer, said.get(row.id, ()))
        found.setdefault(row.review_id, []).append(made)
    return {review: tuple(items) for review, items in found.items()}


def counts(items: Iterable[Item]) -> Mapping[ItemState, int]:
    """Return how many KPIs stand in each state."""
    found: dict[ItemState, int] = {}
    for each in items:
        found[each.answer.state] = found.get(each.answer.state, 0) + 1
    return found


def address(card: ReviewCard, frozen: Frozen) -> str:
    """Return where one KPI of a review is answered."""
    query: dict[str, str] = {"kpi": frozen.kpi}
    if frozen.who.kind is not ScopeKind.TENANT:
        query |= {frozen.who.kind.value: frozen.who.id}
    return f"{PATH}/{card.id}?{urlencode(query)}"


def open_to(session: TenantSession, seat: Seat) -> list[Seen]:
    """Return the open reviews that something of is open to the person."""
    cards = all_of(session, ReviewState.OPEN)
    if not cards:
        return []
    items = items_of(session, [card.id for card in cards])
    told = (Seen(card, items.get(card.id, ()), seat) for card in cards)
    return [one for one in told if one.items]
