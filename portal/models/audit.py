"""The audit log: what was done, by whom, to what. Rows are only ever added."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, Text, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned


class AuditEvent(TenantOwned):
    """One event. It refers to nothing, so that it outlives whatever it tells of.

    A refused sign-in that belongs to no tenant is kept under the door's key, which no tenant has.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_tenant_id_at", "tenant_id", text("at DESC")),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[datetime] = mapped_column(Moment)
    event: Mapped[str] = mapped_column(Text)
    person_id: Mapped[uuid.UUID | None]
    viewed_by: Mapped[uuid.UUID | None]
    """The administrator who looked at the portal as that person."""
    object: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """What it was done to: a path, a KPI's key, a person's id. Never a value."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    request_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    ip: Mapped[str] = mapped_column(Text, server_default=text("''"))


def newest(count: int, before: datetime | None = None) -> Select[AuditEvent]:
    """The newest events, or those before a moment, newest first."""
    asked = select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.id).limit(count)
    return asked if before is None else asked.where(AuditEvent.at < before)
