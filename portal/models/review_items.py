"""The items of a review: what was frozen when it opened, and what the owners answer.

A frozen number is never changed: a trigger stops the owner of the tables too. What was answered can
be changed until the review is signed off; then a trigger refuses that as well.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    Select,
    Text,
    UniqueConstraint,
    Uuid,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.observations import of_scope
from portal.models.reviews import Review
from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

_EMPTY = text("''")
_ANSWERS = "IN ('yes', 'partly', 'no')"


class ReviewItem(TenantOwned):
    """One KPI of one scope as it was when the review opened: number, target, range and owners."""

    __tablename__ = "review_item"
    __table_args__ = (
        of_tenant(),
        owned_by("review", "review_id"),
        owned_by("person", "accountable"),
        UniqueConstraint(
            *("tenant_id", "review_id", "kpi", "scope_kind", "scope_id"),
            name="uq_review_item_tenant_id",
        ),
        *of_scope(),
        CheckConstraint(
            "(value IS NULL) = (reading_state IN ('absent', 'immature', 'withheld'))", name="value"
        ),
        CheckConstraint("(low IS NULL) = (high IS NULL)", name="range"),
        CheckConstraint("tone IN ('good', 'watch', 'bad', 'neutral')", name="tone"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    review_id: Mapped[uuid.UUID]
    place: Mapped[int] = mapped_column(Integer)
    kpi: Mapped[str] = mapped_column(Text)
    kpi_name: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    better: Mapped[str] = mapped_column(Text)
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    scope_name: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    value: Mapped[float | None]
    over_value: Mapped[float | None]
    under_value: Mapped[float | None]
    n: Mapped[int] = mapped_column(BigInteger)
    reading_state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    target: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    amber: Mapped[float | None]
    red: Mapped[float | None]
    tone: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    """The word of the status: 'Off target'."""
    score: Mapped[float | None]
    attained: Mapped[float | None]
    definition: Mapped[str] = mapped_column(Text)
    """The fingerprint of the definition that the number was made by."""
    definition_version: Mapped[int | None] = mapped_column(Integer)
    """The number of that definition where the tenant keeps versions of its own."""
    known_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the facts became known that the number was made of."""
    store_version: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[float | None]
    """The value of the period before."""
    last_year: Mapped[float | None]
    usual_low: Mapped[float | None]
    usual_mean: Mapped[float | None]
    usual_high: Mapped[float | None]
    series: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Thirteen points, oldest first: start, value or reason, signal."""
    moved: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Who moved a shared number: name and amount of each part; they add up to the change."""
    finding: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    """What changed and why, as the portal told it when the review opened."""
    quality: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """How far its data was to be trusted, and the worst that spoke against it; None: not told."""
    accountable: Mapped[uuid.UUID | None]
    accountable_name: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    writers: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    """Who may answer besides: who covers, and the updaters."""
    shares: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Component, person, name, percent, responsibility, input of each share; empty: one owner."""


class ReviewAnswer(TenantOwned):
    """What is answered for one frozen item, and where it stands."""

    __tablename__ = "review_answer"
    __table_args__ = (
        of_tenant(),
        owned_by("review", "review_id"),
        owned_by("review_item", "id"),
        owned_by("person", "submitted_by"),
        owned_by("person", "approved_by"),
        CheckConstraint(
            "state IN ('to_answer', 'draft', 'waiting', 'submitted', 'sent_back', 'approved')",
            name="state",
        ),
        CheckConstraint("assessment IN ('on_track', 'at_risk', 'off_track')", name="assessment"),
        CheckConstraint("confidence IN ('low', 'medium', 'high')", name="confidence"),
        CheckConstraint("decision IN ('keep', 'change', 'retire')", name="decision"),
        *(
            CheckConstraint(f"{name} {_ANSWERS}", name=name)
            for name in ("relevant", "used", "acting", "unhealthy")
        ),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved"),
        Index("ix_review_answer_tenant_id_review_id", "tenant_id", "review_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The item's own."""
    review_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    assessment: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    """What happened and why."""
    relevant: Mapped[str | None] = mapped_column(Text)
    relevant_words: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    used: Mapped[str | None] = mapped_column(Text)
    used_words: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    acting: Mapped[str | None] = mapped_column(Text)
    acting_words: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    unhealthy: Mapped[str | None] = mapped_column(Text)
    unhealthy_words: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    decision: Mapped[str | None] = mapped_column(Text)
    decision_words: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the owner first opened it with the last review's answers before them."""
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the co-owners were asked for their word."""
    saved_by_name: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    saved_at: Mapped[datetime | None] = mapped_column(Moment)
    submitted_by: Mapped[uuid.UUID | None]
    submitted_by_name: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    approved_by: Mapped[uuid.UUID | None]
    approved_by_name: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_back: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    """Why it was sent back last."""


def items(reviews: Collection[uuid.UUID]) -> Select[*tuple[ReviewItem, ReviewAnswer]]:
    """The items of some reviews with what was answered, in the order of the framework."""
    return (
        select(ReviewItem, ReviewAnswer)
        .join(ReviewAnswer, ReviewAnswer.id == ReviewItem.id)
        .where(ReviewItem.review_id.in_(reviews))
        .order_by(ReviewItem.place, ReviewItem.scope_name, ReviewItem.id)
    )


def item(item_id: uuid.UUID) -> Select[*tuple[ReviewItem, ReviewAnswer]]:
    """One item with what was answered."""
    return (
        select(ReviewItem, ReviewAnswer)
        .join(ReviewAnswer, ReviewAnswer.id == ReviewItem.id)
        .where(ReviewItem.id == item_id)
    )


def answer_held(item_id: uuid.UUID) -> Select[ReviewAnswer]:
    """What was answered for one item, held against other writers until the transaction ends."""
    asked = select(ReviewAnswer).where(ReviewAnswer.id == item_id).with_for_update()
    return asked.execution_options(populate_existing=True)


def earlier(
    kpi: str, kind: str, scope: tuple[str, str], before: date
) -> Select[*tuple[ReviewItem, ReviewAnswer, Review]]:
    """The items of earlier reviews of one kind, KPI and scope, the last period first."""
    return (
        select(ReviewItem, ReviewAnswer, Review)
        .join(ReviewAnswer, ReviewAnswer.id == ReviewItem.id)
        .join(Review, Review.id == ReviewItem.review_id)
        .where(
            ReviewItem.kpi == kpi,
            ReviewItem.scope_kind == scope[0],
            ReviewItem.scope_id == scope[1],
            Review.kind == kind,
            Review.period_start < before,
            Review.state != "called_off",
        )
        .order_by(Review.period_start.desc())
    )
