"""Review packs and minutes as they were sent: the very bytes, and who got them. Never changed."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Index,
    LargeBinary,
    Select,
    Text,
    Uuid,
    select,
)
from sqlalchemy.orm import Mapped, defer, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class ReviewPaper(TenantOwned):
    """One pack or minutes as a file, with the items that it tells of."""

    __tablename__ = "review_paper"
    __table_args__ = (
        of_tenant(),
        owned_by("review", "review_id"),
        owned_by("person", "made_by"),
        Index("ix_review_paper_tenant_id_review_id", "tenant_id", "review_id"),
        CheckConstraint("kind IN ('pack', 'minutes')", name="kind"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("octet_length(file) > 0", name="file"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    review_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Text)
    review_state: Mapped[str] = mapped_column(Text)
    """Where the review stood when it was made."""
    items: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    """What it tells of: who sees all of these may read it."""
    file: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[uuid.UUID]
    made_by_name: Mapped[str] = mapped_column(Text)


class ReviewPaperCopy(TenantOwned):
    """To whom a paper was sent, and when."""

    __tablename__ = "review_paper_copy"
    __table_args__ = (
        of_tenant(),
        owned_by("review_paper", "paper_id"),
        owned_by("person", "person_id"),
        Index("ix_review_paper_copy_tenant_id_paper_id", "tenant_id", "paper_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    paper_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(Moment)


def papers_of(review: uuid.UUID) -> Select[ReviewPaper]:
    """The papers of a review, the newest first; their bytes stay where they are."""
    return (
        select(ReviewPaper)
        .where(ReviewPaper.review_id == review)
        .order_by(ReviewPaper.made_at.desc(), ReviewPaper.id)
        .options(defer(ReviewPaper.file))
    )


def paper(wanted: uuid.UUID) -> Select[ReviewPaper]:
    """One paper."""
    return select(ReviewPaper).where(ReviewPaper.id == wanted)


def copies_of(papers: Collection[uuid.UUID]) -> Select[ReviewPaperCopy]:
    """To whom some papers were sent."""
    return (
        select(ReviewPaperCopy)
        .where(ReviewPaperCopy.paper_id.in_(papers))
        .order_by(ReviewPaperCopy.name, ReviewPaperCopy.id)
    )
