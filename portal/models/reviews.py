"""Reviews and their cycles: which period, which state, until when, who opened and who signed."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    Integer,
    Select,
    Text,
    Uuid,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

_EMPTY = text("''")
_KINDS = "kind IN ('monthly', 'quarterly', 'annual')"


class ReviewCycle(TenantOwned):
    """How a tenant reviews: which KPIs of whom, how often, with how many days to answer."""

    __tablename__ = "review_cycle"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "signer"),
        CheckConstraint(_KINDS, name="kind"),
        CheckConstraint("scope_kind IN ('tenant', 'team', 'owner')", name="scope_kind"),
        CheckConstraint("open_after BETWEEN 0 AND 90", name="open_after"),
        CheckConstraint("answer_days BETWEEN 1 AND 120", name="answer_days"),
        CheckConstraint("sign_days BETWEEN 0 AND 120", name="sign_days"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    kpis: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Empty: every KPI that the tenant has adopted."""
    scope_kind: Mapped[str] = mapped_column(Text)
    """Whose numbers: the tenant's, each team's or each owner's."""
    open_after: Mapped[int] = mapped_column(Integer)
    """Days after the period's end on which the review is due to open."""
    answer_days: Mapped[int] = mapped_column(Integer)
    """Days from opening to the day on which answers are due."""
    sign_days: Mapped[int] = mapped_column(Integer)
    """Days from then to the sign-off."""
    participants: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    """Who is asked to the meeting besides the owners; it widens nobody's reach."""
    instructions: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    signer: Mapped[uuid.UUID | None]
    """Who signs; None: any leader or executive, within their reach."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)
    changed_by_name: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Review(TenantOwned):
    """One period's review. What it was opened with stays; its state and version move on."""

    __tablename__ = "review"
    __table_args__ = (
        of_tenant(),
        owned_by("review_cycle", "cycle_id"),
        owned_by("person", "signer"),
        owned_by("person", "opened_by"),
        owned_by("person", "signed_by"),
        CheckConstraint(_KINDS, name="kind"),
        CheckConstraint("state IN ('planned', 'open', 'signed_off', 'called_off')", name="state"),
        CheckConstraint("period_start < period_end", name="period"),
        CheckConstraint("due_on <= sign_by", name="days"),
        CheckConstraint("(state = 'planned') = (opened_at IS NULL)", name="opened"),
        CheckConstraint("(state = 'signed_off') = (signed_at IS NOT NULL)", name="signed"),
        CheckConstraint("version > 0", name="version"),
        # One review of a cycle and period; one that was called off is in nobody's way.
        Index(
            "uq_review_tenant_id_period",
            *("tenant_id", "cycle_id", "period_start"),
            unique=True,
            postgresql_where=text("state <> 'called_off'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    cycle_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    grain: Mapped[str] = mapped_column(Text)
    period_start: Mapped[date]
    period_end: Mapped[date]
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date]
    sign_by: Mapped[date]
    instructions: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    signer: Mapped[uuid.UUID | None]
    participants: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    opened_by: Mapped[uuid.UUID | None]
    opened_by_name: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """How old the data of each source was when the review opened."""
    signed_by: Mapped[uuid.UUID | None]
    signed_by_name: Mapped[str] = mapped_column(Text, server_default=_EMPTY)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)


def cycles() -> Select[ReviewCycle]:
    """Every cycle, the running ones first."""
    return select(ReviewCycle).order_by(ReviewCycle.ended_at.desc(), ReviewCycle.name)


def cycle(cycle_id: uuid.UUID) -> Select[ReviewCycle]:
    """One cycle."""
    return select(ReviewCycle).where(ReviewCycle.id == cycle_id)


def reviews(*states: str) -> Select[Review]:
    """The reviews in some states, or all of them, the newest period first."""
    asked = select(Review).order_by(Review.period_end.desc(), Review.name, Review.id)
    return asked.where(Review.state.in_(states)) if states else asked


def review(review_id: uuid.UUID) -> Select[Review]:
    """One review."""
    return select(Review).where(Review.id == review_id)


def review_held(review_id: uuid.UUID) -> Select[Review]:
    """One review, held against other writers until the transaction ends."""
    return review(review_id).with_for_update().execution_options(populate_existing=True)


def of_period(cycle_id: uuid.UUID, start: date) -> Select[Review]:
    """The review of a cycle and period, unless it was called off."""
    return select(Review).where(
        Review.cycle_id == cycle_id, Review.period_start == start, Review.state != "called_off"
    )
