"""What is known of periods that still run, overwritten at each refresh; and how far facts reach."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Delete, Select, Text, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.observations import ScopeKind, of_scope
from portal.tenancy.owned import Moment, of_tenant
from portal.tenancy.stamps import Stamped


class Compare(StrEnum):
    """Which days an open reading counts."""

    SO_FAR = "so_far"
    """The open period, up to today."""
    PREVIOUS = "previous"
    """As many days of the period before."""
    LAST_YEAR = "last_year"
    """As many days of the same period a year ago."""


class OpenReading(Stamped):
    """A KPI in the period that is open, or in the same elapsed part of an earlier one.

    `period_start` and `period_end` bound the days that count. As of an observation, `value` is
    null exactly when `state` is absent, immature or withheld.
    """

    __tablename__ = "open_reading"
    __table_args__ = (
        of_tenant(),
        *of_scope(),
        CheckConstraint("compare IN ('so_far', 'previous', 'last_year')", name="compare"),
        CheckConstraint("state <> 'final' OR compare <> 'so_far'", name="state"),
        CheckConstraint("period_start < period_end", name="period"),
    )

    grain: Mapped[str] = mapped_column(Text, primary_key=True)
    scope_kind: Mapped[str] = mapped_column(Text, primary_key=True)
    scope_id: Mapped[str] = mapped_column(Text, primary_key=True, server_default=text("''"))
    kpi: Mapped[str] = mapped_column(Text, primary_key=True)
    compare: Mapped[str] = mapped_column(Text, primary_key=True)
    period_start: Mapped[date]
    period_end: Mapped[date]
    value: Mapped[float | None]
    over_value: Mapped[float | None]
    under_value: Mapped[float | None]
    n: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger)
    known_at: Mapped[datetime] = mapped_column(Moment)
    read_on: Mapped[date]
    """The day, in the tenant's zone, up to which the period had run."""


class Refreshed(Stamped):
    """What the numbers that pages read were last made of, and which days the facts tell of."""

    __tablename__ = "refreshed"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("first_on <= last_on", name="reach"),
    )

    version: Mapped[int] = mapped_column(BigInteger)
    definitions: Mapped[str] = mapped_column(Text)
    """The fingerprints of all definitions, as one."""
    read_on: Mapped[date]
    """The day, in the tenant's zone, on which it was done."""
    refreshed_at: Mapped[datetime] = mapped_column(Moment)
    first_on: Mapped[date | None]
    """The first day on which something happened; None without any dated fact."""
    last_on: Mapped[date | None]
    """The last one, none of them ahead of `read_on`."""


def refreshed() -> Select[Refreshed]:
    """What the numbers were last made of."""
    return select(Refreshed)


def open_of(
    kpis: Collection[str], grain: str, kind: ScopeKind, scope_id: str
) -> Select[OpenReading]:
    """The open readings of some KPIs for one scope."""
    return select(OpenReading).where(
        OpenReading.grain == grain,
        OpenReading.scope_kind == kind,
        OpenReading.scope_id == scope_id,
        OpenReading.kpi.in_(kpis),
    )


def open_across(
    kpis: Collection[str], grain: str, kind: ScopeKind, compare: Compare
) -> Select[OpenReading]:
    """The open readings of some KPIs for every team or owner."""
    return select(OpenReading).where(
        OpenReading.grain == grain,
        OpenReading.scope_kind == kind,
        OpenReading.kpi.in_(kpis),
        OpenReading.compare == compare,
    )


def of_another_definition(kpi: str, definition: str) -> Select[OpenReading]:
    """One open reading of a KPI that another definition made; none where all are of this one."""
    named = OpenReading.kpi == kpi
    return select(OpenReading).where(named, OpenReading.definition != definition).limit(1)


def forget_open(kpis: Collection[str]) -> Delete:
    """Take away the open readings of some KPIs."""
    return delete(OpenReading).where(OpenReading.kpi.in_(kpis))


def forget_others(kpis: Collection[str]) -> Delete:
    """Take away the open readings of all KPIs but these."""
    return delete(OpenReading).where(OpenReading.kpi.not_in(kpis))
