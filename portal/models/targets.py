"""Targets: what a KPI should be in a period for a scope; who said so, when and why.

Append-only: a changed target is a further row, and the newest holds.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

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

from portal.models.observations import ScopeKind, of_scope
from portal.tenancy.owned import Moment, of_tenant, owned_by
from portal.tenancy.stamps import Stamped


class TargetSource(StrEnum):
    """How a target came."""

    SET = "set"
    QUOTA = "quota"
    COPIED = "copied"


class Target(Stamped):
    """One statement of a target. `value` for higher or lower; `low` and `high` for a range.

    All three null: the target was withdrawn. `amber` and `red` are where good and watch end.
    """

    __tablename__ = "target"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint(
            *("tenant_id", "kpi", "grain", "scope_kind", "scope_id", "period_start", "revision"),
            name="uq_target_tenant_id_series",
        ),
        owned_by("person", "set_by"),
        *of_scope(),
        CheckConstraint("(low IS NULL) = (high IS NULL)", name="range"),
        CheckConstraint("low IS NULL OR low <= high", name="order"),
        CheckConstraint("value IS NULL OR low IS NULL", name="kind"),
        CheckConstraint("period_start < period_end", name="period"),
        CheckConstraint("source IN ('set', 'quota', 'copied')", name="source"),
        CheckConstraint("revision > 0", name="revision"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    grain: Mapped[str] = mapped_column(Text)
    period_start: Mapped[date]
    period_end: Mapped[date]
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    revision: Mapped[int] = mapped_column(Integer)
    value: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    amber: Mapped[float | None]
    red: Mapped[float | None]
    source: Mapped[str] = mapped_column(Text)
    set_by: Mapped[uuid.UUID | None]
    """Who; None where it came by a command or from the quotas."""
    set_by_name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """Why."""


_SERIES = (
    Target.kpi,
    Target.grain,
    Target.scope_kind,
    Target.scope_id,
    Target.period_start,
)


def current(
    kpis: Collection[str], grain: str, starts: Collection[date], kind: ScopeKind
) -> Select[Target]:
    """The newest target of each series, for some KPIs and periods and every scope of a kind."""
    return (
        select(Target)
        .where(
            Target.kpi.in_(kpis),
            Target.grain == grain,
            Target.scope_kind == kind,
            Target.period_start.in_(starts),
        )
        .ext(distinct_on(*_SERIES))
        .order_by(*_SERIES, Target.revision.desc())
    )


def current_of(
    kpis: Collection[str], grain: str, starts: Collection[date], kind: ScopeKind, scope_id: str
) -> Select[Target]:
    """The newest target of each series of one scope."""
    return current(kpis, grain, starts, kind).where(Target.scope_id == scope_id)


def all_current(grain: str | None = None) -> Select[Target]:
    """The newest target of every series, perhaps of one grain only."""
    asked = select(Target)
    if grain is not None:
        asked = asked.where(Target.grain == grain)
    return asked.ext(distinct_on(*_SERIES)).order_by(*_SERIES, Target.revision.desc())


def aimed() -> Select[str]:
    """The KPIs for which anybody ever set a target."""
    return select(Target.kpi).distinct()


def of_the_whole(since: date) -> Select[Target]:
    """The newest target of the whole tenant in each period that ends after a day."""
    return all_current().where(Target.scope_kind == ScopeKind.TENANT, Target.period_end > since)


def past_of(kpi: str, grain: str, start: date, kind: ScopeKind, scope_id: str) -> Select[Target]:
    """Every statement of one target, the newest first."""
    return (
        select(Target)
        .where(
            Target.kpi == kpi,
            Target.grain == grain,
            Target.period_start == start,
            Target.scope_kind == kind,
            Target.scope_id == scope_id,
        )
        .order_by(Target.revision.desc())
    )
