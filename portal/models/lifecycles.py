"""The life of a tenant's KPI: proposed, active, under review, retired; who said so, and why.

Append-only: each move is a further row, and the newest holds.
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
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class KpiLife(TenantOwned):
    """One move in the life of a KPI. Only a retired one has a successor to run beside."""

    __tablename__ = "kpi_life"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "kpi", "revision"),
        owned_by("person", "set_by"),
        CheckConstraint("state IN ('proposed', 'active', 'under_review', 'retired')", name="state"),
        CheckConstraint("successor IS NULL OR state = 'retired'", name="successor"),
        CheckConstraint("successor <> kpi", name="other"),
        CheckConstraint("parallel_until IS NULL OR successor IS NOT NULL", name="parallel"),
        CheckConstraint("revision > 0", name="revision"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    successor: Mapped[str | None] = mapped_column(Text)
    parallel_until: Mapped[date | None]
    """The last day on which the retired KPI is still told beside its successor."""
    set_by: Mapped[uuid.UUID | None]
    set_by_name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(Moment)


def now() -> Select[KpiLife]:
    """Where every KPI that ever moved stands."""
    return (
        select(KpiLife).ext(distinct_on(KpiLife.kpi)).order_by(KpiLife.kpi, KpiLife.revision.desc())
    )


def past_of(kpi: str) -> Select[KpiLife]:
    """Every move of one KPI, the newest first."""
    return select(KpiLife).where(KpiLife.kpi == kpi).order_by(KpiLife.revision.desc())
