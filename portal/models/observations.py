"""Observations: the value of a KPI as it was first known, and every restatement since.

Append-only. The application may not change or delete a row, and a trigger stops the owner too.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Integer,
    Select,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, of_tenant, owned_by
from portal.tenancy.stamps import Stamped


class ObservationKind(StrEnum):
    """Whether a value is the first one of its period, or restates an earlier one."""

    FIRST = "first"
    RESTATEMENT = "restatement"


class ScopeKind(StrEnum):
    """Whose records the value counts."""

    TENANT = "tenant"
    TEAM = "team"
    OWNER = "owner"


def of_scope() -> tuple[CheckConstraint, CheckConstraint]:
    """Return the constraints that a row's scope is one: only the tenant's has no id."""
    return (
        CheckConstraint("scope_kind IN ('tenant', 'team', 'owner')", name="scope_kind"),
        CheckConstraint("(scope_kind = 'tenant') = (scope_id = '')", name="scope_id"),
    )


class Observation(Stamped):
    """What a KPI was in a period for a scope, by which definition and which facts.

    `value` is null exactly when `state` is absent, immature or withheld; then `reason` says why.
    `over_value` and `under_value` are a ratio's parts. `n` counts the records behind the number.
    """

    __tablename__ = "observation"
    __table_args__ = (
        of_tenant(),
        # The tenant leads, then what a series is asked by: one range of this index is one series.
        UniqueConstraint(
            *("tenant_id", "kpi", "grain", "scope_kind", "scope_id", "period_start", "revision"),
            name="uq_observation_tenant_id_series",
        ),
        owned_by("observation", "supersedes"),
        *of_scope(),
        CheckConstraint("period_start < period_end", name="period"),
        CheckConstraint("kind IN ('first', 'restatement')", name="kind"),
        CheckConstraint("(kind = 'first') = (revision = 1)", name="revision"),
        CheckConstraint("(kind = 'first') = (supersedes IS NULL)", name="supersedes"),
        CheckConstraint("(kind = 'first') = (cause IS NULL)", name="cause"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    grain: Mapped[str] = mapped_column(Text)
    period_start: Mapped[date]
    period_end: Mapped[date]
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """The team's or owner's id in the CRM; empty for the tenant."""
    revision: Mapped[int] = mapped_column(Integer)
    """1 for the first value, one more for each restatement."""
    kind: Mapped[str] = mapped_column(Text)
    value: Mapped[float | None]
    over_value: Mapped[float | None]
    under_value: Mapped[float | None]
    n: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text)
    """The definition's fingerprint."""
    version: Mapped[int] = mapped_column(BigInteger)
    """The store version that the facts were read at."""
    known_at: Mapped[datetime] = mapped_column(Moment)
    observed_at: Mapped[datetime] = mapped_column(Moment)
    supersedes: Mapped[uuid.UUID | None]
    cause: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Why the value was restated: which load, which records, or a changed definition."""


def series(kpi: str, grain: str, kind: ScopeKind, scope_id: str = "") -> Select[Observation]:
    """Every observation of one KPI for one scope, by period, the first value before the later."""
    return (
        select(Observation)
        .where(
            Observation.kpi == kpi,
            Observation.grain == grain,
            Observation.scope_kind == kind,
            Observation.scope_id == scope_id,
        )
        .order_by(Observation.period_start, Observation.revision)
    )


def observed(grain: str) -> Select[date]:
    """The first day of every period of a grain that was observed."""
    return (
        select(Observation.period_start)
        .where(Observation.grain == grain)
        .distinct()
        .order_by(Observation.period_start)
    )


def now_known(grain: str, start: date, end: date) -> Select[Observation]:
    """The newest observation of every KPI and scope, for the periods that begin in [start, end)."""
    identity = (
        Observation.kpi,
        Observation.scope_kind,
        Observation.scope_id,
        Observation.period_start,
    )
    return (
        select(Observation)
        .where(Observation.grain == grain)
        .where(Observation.period_start >= start, Observation.period_start < end)
        .ext(distinct_on(*identity))
        .order_by(*identity, Observation.revision.desc())
    )
