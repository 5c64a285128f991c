"""Waivers: a finding of the framework check that somebody lets stand, why, and until when.

Append-only: a waiver that is changed or taken back is a further row, and the newest holds.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Integer,
    Select,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

LONGEST = 280
"""Characters of a reason."""


class Waiver(TenantOwned):
    """One statement of a waiver; with `until` null it was taken back."""

    __tablename__ = "waiver"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "rule", "place", "revision", name="uq_waiver_tenant_id_rule"),
        owned_by("person", "made_by"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint(f"char_length(reason) <= {LONGEST}", name="reason"),
        CheckConstraint("until IS NULL OR reason <> ''", name="why"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    rule: Mapped[str] = mapped_column(Text)
    """The id of the rule, as B14."""
    place: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """What it found fault with: a KPI's key, a stage, a goal; empty for the whole framework."""
    revision: Mapped[int] = mapped_column(Integer)
    until: Mapped[date | None]
    """The last day on which it holds."""
    reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    made_by: Mapped[uuid.UUID]
    made_by_name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)


def current() -> Select[Waiver]:
    """The newest statement of each waiver."""
    return (
        select(Waiver)
        .ext(distinct_on(Waiver.rule, Waiver.place))
        .order_by(Waiver.rule, Waiver.place, Waiver.revision.desc())
    )


def newest_of(rule: str, place: str) -> Select[Waiver]:
    """The newest statement of one waiver."""
    return (
        select(Waiver)
        .where(Waiver.rule == rule, Waiver.place == place)
        .order_by(Waiver.revision.desc())
        .limit(1)
    )
