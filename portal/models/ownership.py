"""Who answers for a KPI: its accountable owner, who helps, and how a shared one is split.

Append-only, but for the end of a help. An owner holds from a day until the next row's day, so no
day of a KPI and scope can have two.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Select,
    Text,
    UniqueConstraint,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.observations import of_scope
from portal.tenancy.owned import SCHEMA, Moment, of_tenant, owned_by
from portal.tenancy.stamps import Stamped

SUM = Decimal(100)
"""What the shares of one split add up to, in per cent."""


class Help(StrEnum):
    """How somebody helps an owner."""

    UPDATER = "updater"
    """Keeps the KPI's notes and data up to date."""
    COVER = "cover"
    """Answers for it while the owner is away."""


class KpiOwner(Stamped):
    """From which day somebody, or with no person nobody, is accountable for a KPI and scope."""

    __tablename__ = "kpi_owner"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint(
            *("tenant_id", "kpi", "scope_kind", "scope_id", "from_day", "revision"),
            name="uq_kpi_owner_tenant_id_day",
        ),
        owned_by("person", "person"),
        owned_by("person", "set_by"),
        *of_scope(),
        CheckConstraint("revision > 0", name="revision"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    from_day: Mapped[date]
    revision: Mapped[int] = mapped_column(Integer)
    """1 for the first word on that day, one more for each correction; the last one holds."""
    person: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    set_by: Mapped[uuid.UUID | None]
    set_by_name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(Moment)


class KpiHelp(Stamped):
    """Somebody who updates a KPI, or covers for its owner in the days [from_day, until_day)."""

    __tablename__ = "kpi_help"
    __table_args__ = (
        of_tenant(),
        Index(
            "uq_kpi_help_tenant_id_updater",
            *("tenant_id", "kpi", "scope_kind", "scope_id", "person"),
            unique=True,
            postgresql_where=text("kind = 'updater' AND ended_at IS NULL"),
        ),
        owned_by("person", "person"),
        owned_by("person", "set_by"),
        *of_scope(),
        CheckConstraint("kind IN ('updater', 'cover')", name="kind"),
        CheckConstraint("kind = 'updater' OR until_day IS NOT NULL", name="until"),
        CheckConstraint("until_day IS NULL OR from_day < until_day", name="days"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    kind: Mapped[str] = mapped_column(Text)
    person: Mapped[uuid.UUID]
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    set_by: Mapped[uuid.UUID | None]
    set_by_name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was taken back, if it was."""


class KpiSplit(Stamped):
    """From which day a KPI is shared, by the shares of this split; with none it is not shared."""

    __tablename__ = "kpi_split"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint(
            *("tenant_id", "kpi", "scope_kind", "scope_id", "revision"),
            name="uq_kpi_split_tenant_id_revision",
        ),
        owned_by("person", "set_by"),
        *of_scope(),
        CheckConstraint("revision > 0", name="revision"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    from_day: Mapped[date]
    revision: Mapped[int] = mapped_column(Integer)
    set_by: Mapped[uuid.UUID | None]
    set_by_name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(Moment)


class KpiShare(Stamped):
    """What one co-owner answers for. A trigger refuses a split whose shares are not 100 %."""

    __tablename__ = "kpi_share"
    __table_args__ = (
        of_tenant(),
        owned_by("kpi_split", "split"),
        owned_by("person", "person"),
        UniqueConstraint("tenant_id", "split", "position"),
        # What an acknowledgement names: a share and the very person whose share it is.
        UniqueConstraint("tenant_id", "id", "person"),
        CheckConstraint("percent > 0 AND percent < 100", name="percent"),
        CheckConstraint("component <> '' AND responsibility <> ''", name="words"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    split: Mapped[uuid.UUID]
    position: Mapped[int] = mapped_column(Integer)
    component: Mapped[str] = mapped_column(Text)
    person: Mapped[uuid.UUID]
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    responsibility: Mapped[str] = mapped_column(Text)
    input: Mapped[str | None] = mapped_column(Text)
    """The component KPI that this share answers for, if there is one."""


class ShareAcknowledgement(Stamped):
    """The co-owner's own word that a share is theirs."""

    __tablename__ = "share_acknowledgement"
    __table_args__ = (
        of_tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "share", "person"],
            [f"{SCHEMA}.kpi_share.{one}" for one in ("tenant_id", "id", "person")],
        ),
    )

    share: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person: Mapped[uuid.UUID]
    at: Mapped[datetime] = mapped_column(Moment)


_OWNED = (KpiOwner.kpi, KpiOwner.scope_kind, KpiOwner.scope_id)
_SPLIT = (KpiSplit.kpi, KpiSplit.scope_kind, KpiSplit.scope_id)


def held_on(day: date) -> Select[KpiOwner]:
    """The row that holds on a day, for every KPI and scope that has one."""
    return (
        select(KpiOwner)
        .where(KpiOwner.from_day <= day)
        .ext(distinct_on(*_OWNED))
        .order_by(*_OWNED, KpiOwner.from_day.desc(), KpiOwner.revision.desc())
    )


def owners_of(kpi: str, kind: str, scope_id: str) -> Select[KpiOwner]:
    """Every word on who owns one KPI and scope, the newest day first."""
    return (
        select(KpiOwner)
        .where(KpiOwner.kpi == kpi, KpiOwner.scope_kind == kind, KpiOwner.scope_id == scope_id)
        .order_by(KpiOwner.from_day.desc(), KpiOwner.revision.desc())
    )


def steps_after(day: date) -> Select[KpiOwner]:
    """Every word on owners of days after `day`."""
    return select(KpiOwner).where(KpiOwner.from_day > day).order_by(KpiOwner.from_day)


def helps_on(day: date) -> Select[KpiHelp]:
    """Who updates or covers on a day, the last one said first."""
    return helps().where(
        KpiHelp.from_day <= day, or_(KpiHelp.until_day.is_(None), KpiHelp.until_day > day)
    )


def helps() -> Select[KpiHelp]:
    """Everybody who updates or covers at any day, the last one said first."""
    return select(KpiHelp).where(KpiHelp.ended_at.is_(None)).order_by(KpiHelp.set_at.desc())


def help_of(wanted: uuid.UUID) -> Select[KpiHelp]:
    """One help that has not ended, held against other writers."""
    return helps().where(KpiHelp.id == wanted).with_for_update()


def splits_on(day: date) -> Select[KpiSplit]:
    """The split that holds on a day, for every KPI and scope that was ever shared."""
    return (
        select(KpiSplit)
        .where(KpiSplit.from_day <= day)
        .ext(distinct_on(*_SPLIT))
        .order_by(*_SPLIT, KpiSplit.revision.desc())
    )


def splits_of(kpi: str, kind: str, scope_id: str) -> Select[KpiSplit]:
    """Every split of one KPI and scope, the newest first."""
    return (
        select(KpiSplit)
        .where(KpiSplit.kpi == kpi, KpiSplit.scope_kind == kind, KpiSplit.scope_id == scope_id)
        .order_by(KpiSplit.revision.desc())
    )


def shares_of(splits: Collection[uuid.UUID]) -> Select[KpiShare]:
    """The shares of some splits, in their order."""
    return select(KpiShare).where(KpiShare.split.in_(splits)).order_by(KpiShare.position)


def share_of(wanted: uuid.UUID) -> Select[KpiShare]:
    """One share."""
    return select(KpiShare).where(KpiShare.id == wanted)


def acknowledged(shares: Collection[uuid.UUID]) -> Select[ShareAcknowledgement]:
    """The acknowledgements of some shares."""
    return select(ShareAcknowledgement).where(ShareAcknowledgement.share.in_(shares))
