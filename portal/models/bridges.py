"""Bridges from a replaced KPI to its successor: both series as they were known. Never changed."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.lifecycles import KpiLife
from portal.models.observations import Observation, ScopeKind, now_known
from portal.tenancy.owned import SCHEMA, Moment, TenantOwned, of_tenant, owned_by


class KpiBridge(TenantOwned):
    """One replacement of a KPI, with the days on which both were told, and why."""

    __tablename__ = "kpi_bridge"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "stored_by"),
        ForeignKeyConstraint(
            ["tenant_id", "kpi", "life_revision"],
            [f"{SCHEMA}.kpi_life.{one}" for one in ("tenant_id", "kpi", "revision")],
        ),
        UniqueConstraint(
            *("tenant_id", "kpi", "life_revision", "through"),
            name="uq_kpi_bridge_tenant_id_through",
        ),
        CheckConstraint("successor <> kpi", name="other"),
        CheckConstraint("from_day <= until_day AND through <= until_day", name="days"),
        CheckConstraint("stored_by IS NULL OR why <> ''", name="early"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    life_revision: Mapped[int] = mapped_column(Integer)
    """The move in the old KPI's life that retired it."""
    successor: Mapped[str] = mapped_column(Text)
    kpi_name: Mapped[str] = mapped_column(Text)
    successor_name: Mapped[str] = mapped_column(Text)
    kpi_unit: Mapped[str] = mapped_column(Text)
    successor_unit: Mapped[str] = mapped_column(Text)
    kpi_definition: Mapped[str] = mapped_column(Text)
    """The fingerprint that the old KPI's definition had when the bridge was stored."""
    successor_definition: Mapped[str] = mapped_column(Text)
    grain: Mapped[str] = mapped_column(Text)
    from_day: Mapped[date]
    """The day on which the old KPI was retired: from then on both were told."""
    until_day: Mapped[date]
    """The last day of both."""
    through: Mapped[date]
    """The last day that the bridge tells of: `until_day`, or an earlier one on request."""
    reason: Mapped[str] = mapped_column(Text)
    """Why the KPI was replaced."""
    replaced_by_name: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Why it was stored before the end; empty for what the portal stored itself."""
    stored_by: Mapped[uuid.UUID | None]
    stored_by_name: Mapped[str] = mapped_column(Text, server_default=text("''"))
    stored_at: Mapped[datetime] = mapped_column(Moment)


class KpiBridgePoint(TenantOwned):
    """What one of the two read in one period for the company, or why it read nothing."""

    __tablename__ = "kpi_bridge_point"
    __table_args__ = (
        of_tenant(),
        owned_by("kpi_bridge", "bridge_id"),
        UniqueConstraint(
            *("tenant_id", "bridge_id", "side", "period_start"),
            name="uq_kpi_bridge_point_tenant_id_side",
        ),
        Index("ix_kpi_bridge_point_tenant_id_bridge_id", "tenant_id", "bridge_id"),
        CheckConstraint("side IN ('old', 'new')", name="side"),
        CheckConstraint("period_start < period_end", name="period"),
        CheckConstraint(
            "(value IS NULL) = (state IN ('absent', 'immature', 'withheld'))", name="absence"
        ),
        CheckConstraint("value IS NOT NULL OR reason IS NOT NULL", name="told"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    bridge_id: Mapped[uuid.UUID]
    side: Mapped[str] = mapped_column(Text)
    period_start: Mapped[date]
    period_end: Mapped[date]
    period: Mapped[str] = mapped_column(Text)
    """The period's label: a later change of the calendar renames nothing."""
    shared: Mapped[bool]
    """Whether the period ended while both were told."""
    value: Mapped[float | None]
    over_value: Mapped[float | None]
    under_value: Mapped[float | None]
    n: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """The fingerprint that made the number; empty where none was taken."""
    version: Mapped[int] = mapped_column(BigInteger)
    """The store version that the facts were read at; 0 where none was taken."""
    known_at: Mapped[datetime | None] = mapped_column(Moment)


def stored() -> Select[KpiBridge]:
    """Every bridge, the newest first."""
    return select(KpiBridge).order_by(KpiBridge.stored_at.desc(), KpiBridge.id)


def of_kpi(kpi: str) -> Select[KpiBridge]:
    """The bridges from a KPI or to it, the newest first."""
    return stored().where((KpiBridge.kpi == kpi) | (KpiBridge.successor == kpi))


def points_of(bridges: Collection[uuid.UUID]) -> Select[KpiBridgePoint]:
    """The points of some bridges, by bridge and period."""
    return (
        select(KpiBridgePoint)
        .where(KpiBridgePoint.bridge_id.in_(bridges))
        .order_by(KpiBridgePoint.bridge_id, KpiBridgePoint.period_start)
    )


def replaced() -> Select[KpiLife]:
    """Every move that retired a KPI beside a successor until a day, the newest first."""
    return (
        select(KpiLife)
        .where(KpiLife.successor.is_not(None))
        .order_by(KpiLife.set_at.desc(), KpiLife.kpi)
    )


def readings(kpis: Collection[str], grain: str, start: date, end: date) -> Select[Observation]:
    """The newest observation of the company in the periods that begin in [start, end)."""
    newest = now_known(grain, start, end)
    return newest.where(Observation.kpi.in_(kpis), Observation.scope_kind == ScopeKind.TENANT)
