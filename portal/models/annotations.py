"""Notes on a KPI's time line: what happened, on which day, told by whom. Only ever added."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Select, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.observations import ScopeKind, of_scope
from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

LONGEST = 280
"""Characters of a note: it stands in a chart."""


class Annotation(TenantOwned):
    """One note: plain text at a day of one KPI, for the tenant or one team or owner."""

    __tablename__ = "annotation"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "author"),
        *of_scope(),
        CheckConstraint(f"char_length(body) BETWEEN 1 AND {LONGEST}", name="body"),
        Index("ix_annotation_tenant_id_kpi_on_day", "tenant_id", "kpi", "on_day"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    on_day: Mapped[date]
    body: Mapped[str] = mapped_column(Text)
    author: Mapped[uuid.UUID]
    author_name: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Moment)


def notes_of(
    kpi: str, kind: ScopeKind, scope_id: str, first: date, last: date
) -> Select[Annotation]:
    """The notes of a KPI in the days [first, last): the tenant's and those of one scope."""
    whole = Annotation.scope_kind == ScopeKind.TENANT
    own = (Annotation.scope_kind == kind) & (Annotation.scope_id == scope_id)
    return (
        select(Annotation)
        .where(Annotation.kpi == kpi, whole | own)
        .where(Annotation.on_day >= first, Annotation.on_day < last)
        .order_by(Annotation.on_day, Annotation.written_at)
    )
