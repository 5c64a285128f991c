"""The tenant: whose facts, in which zone and currency, with which stages and limits."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Select, SmallInteger, Text, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.keys import PATTERN
from portal.tenancy.owned import Moment
from portal.tenancy.stamps import Stamped


class Tenant(Stamped):
    """One company. Its `tenant_id` is its key; it is the row that every other row refers to."""

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint(f"tenant_id ~ '^{PATTERN}$'", name="key"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("fiscal_start BETWEEN 1 AND 12", name="fiscal_start"),
        CheckConstraint("week_start BETWEEN 0 AND 6", name="week_start"),
    )

    name: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text)
    """An IANA name."""
    currency: Mapped[str] = mapped_column(Text)
    """ISO 4217."""
    fiscal_start: Mapped[int] = mapped_column(SmallInteger)
    """The month that the fiscal year begins with, 1-12."""
    week_start: Mapped[int] = mapped_column(SmallInteger)
    """The day that the week begins with, 0 for Monday to 6 for Sunday."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """The tenant's thresholds and limits by the name of the setting."""
    stages: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """The stage map: stage → {status, order, probability, forecast}."""
    created_at: Mapped[datetime] = mapped_column(Moment)


def its_row() -> Select[Tenant]:
    """The row of the session's tenant: the session sees no other."""
    return select(Tenant)


def its_row_held() -> Select[Tenant]:
    """The same, held against other writers until the transaction ends.

    Rows that only name their tenant, which all do, do not wait for it.
    """
    return select(Tenant).with_for_update(key_share=True)
