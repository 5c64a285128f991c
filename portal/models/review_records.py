"""What is said and done in a review, only ever added: words of co-owners, notes, events.

And who is reading which page of it at the moment, which is overwritten.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, Select, Text, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

_EMPTY = text("''")
LONGEST_NOTE = 2000
"""Characters of one note of a meeting."""


class ReviewWord(TenantOwned):
    """What a co-owner says to the whole number; or a reply to it, or how it was settled."""

    __tablename__ = "review_word"
    __table_args__ = (
        of_tenant(),
        owned_by("review", "review_id"),
        owned_by("review_item", "item_id"),
        owned_by("person", "person"),
        owned_by("review_word", "of_word"),
        CheckConstraint("kind IN ('agrees', 'disagrees', 'reply', 'settled')", name="kind"),
        CheckConstraint(
            "about <@ ARRAY['reason'::text, 'number'::text, 'split'::text]", name="about"
        ),
        CheckConstraint("(kind = 'disagrees') = (cardinality(about) > 0)", name="disputed"),
        CheckConstraint("(kind IN ('reply', 'settled')) = (of_word IS NOT NULL)", name="of_word"),
        CheckConstraint("kind = 'agrees' OR body <> ''", name="body"),
        Index("ix_review_word_tenant_id_item_id", "tenant_id", "item_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    review_id: Mapped[uuid.UUID]
    item_id: Mapped[uuid.UUID]
    person: Mapped[uuid.UUID]
    person_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    about: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What is disputed: the reason, the number, the split."""
    body: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    of_word: Mapped[uuid.UUID | None]
    """The disagreement that is replied to or settled."""
    to_version: Mapped[int] = mapped_column(Integer)
    """The version of the answer that it was said to."""
    said_at: Mapped[datetime] = mapped_column(Moment)


class ReviewNote(TenantOwned):
    """One note that somebody took in the meeting, to a KPI or to the whole review."""

    __tablename__ = "review_note"
    __table_args__ = (
        of_tenant(),
        owned_by("review", "review_id"),
        owned_by("review_item", "item_id"),
        owned_by("person", "person"),
        CheckConstraint(f"char_length(body) BETWEEN 1 AND {LONGEST_NOTE}", name="body"),
        Index("ix_review_note_tenant_id_review_id", "tenant_id", "review_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    review_id: Mapped[uuid.UUID]
    item_id: Mapped[uuid.UUID | None]
    person: Mapped[uuid.UUID]
    person_name: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Moment)


class ReviewEvent(TenantOwned):
    """One thing that was done: which move, from where to where, by whom.

    `detail` holds what was answered when it was submitted, and a text that was not taken because
    somebody else had saved in between: nothing that was typed is lost.
    """

    __tablename__ = "review_event"
    __table_args__ = (
        of_tenant(),
        owned_by("review", "review_id"),
        owned_by("review_item", "item_id"),
        Index("ix_review_event_tenant_id_review_id", "tenant_id", "review_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    review_id: Mapped[uuid.UUID]
    item_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime] = mapped_column(Moment)
    person: Mapped[uuid.UUID | None]
    person_name: Mapped[str] = mapped_column(Text)
    move: Mapped[str] = mapped_column(Text)
    from_state: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    to_state: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    version: Mapped[int] = mapped_column(Integer)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReviewReader(TenantOwned):
    """Who is looking at a review, and at which item of it, when last."""

    __tablename__ = "review_reader"
    __table_args__ = (
        of_tenant(),
        owned_by("review", "review_id"),
        owned_by("review_item", "item_id"),
        owned_by("person", "person"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_name: Mapped[str] = mapped_column(Text)
    item_id: Mapped[uuid.UUID | None]
    seen_at: Mapped[datetime] = mapped_column(Moment)


def words_of(items: Collection[uuid.UUID]) -> Select[ReviewWord]:
    """What was said to some items, the earliest first."""
    return (
        select(ReviewWord)
        .where(ReviewWord.item_id.in_(items))
        .order_by(ReviewWord.said_at, ReviewWord.id)
    )


def words_of_reviews(reviews: Collection[uuid.UUID]) -> Select[ReviewWord]:
    """What was said in some reviews, the earliest first."""
    return (
        select(ReviewWord)
        .where(ReviewWord.review_id.in_(reviews))
        .order_by(ReviewWord.said_at, ReviewWord.id)
    )


def notes_of(review: uuid.UUID) -> Select[ReviewNote]:
    """The notes of a review, the earliest first."""
    return (
        select(ReviewNote)
        .where(ReviewNote.review_id == review)
        .order_by(ReviewNote.written_at, ReviewNote.id)
    )


def events_of(review: uuid.UUID, item: uuid.UUID | None = None) -> Select[ReviewEvent]:
    """What was done in a review, or to one item of it, the newest first."""
    asked = select(ReviewEvent).where(ReviewEvent.review_id == review)
    if item is not None:
        asked = asked.where(ReviewEvent.item_id == item)
    return asked.order_by(ReviewEvent.at.desc(), ReviewEvent.id)


def readers_of(review: uuid.UUID, since: datetime) -> Select[ReviewReader]:
    """Who has been looking at a review since a moment."""
    return (
        select(ReviewReader)
        .where(ReviewReader.review_id == review, ReviewReader.seen_at >= since)
        .order_by(ReviewReader.person_name)
    )


def reader(review: uuid.UUID, person: uuid.UUID) -> Select[ReviewReader]:
    """One reader of a review."""
    return select(ReviewReader).where(
        ReviewReader.review_id == review, ReviewReader.person == person
    )
