"""The tenant's own KPI definitions, and those by which it overrides ones that ship."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Integer, Select, Text, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, of_tenant, owned_by
from portal.tenancy.stamps import Stamped


class DefinitionState(StrEnum):
    """Where a definition's life stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class KpiDefinition(Stamped):
    """One version of one definition. Its text never changes; a change is the next version."""

    __tablename__ = "kpi_definition"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "created_by"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("state IN ('draft', 'in_review', 'published', 'retired')", name="state"),
    )

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    yaml: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[uuid.UUID | None]
    """Who; None where it came by the command line."""


def versions_of(key: str) -> Select[KpiDefinition]:
    """All versions of a definition, the newest first."""
    return (
        select(KpiDefinition).where(KpiDefinition.key == key).order_by(KpiDefinition.version.desc())
    )


def newest_in(*states: DefinitionState) -> Select[KpiDefinition]:
    """The newest version of each definition that stands in one of `states`, by key."""
    return (
        select(KpiDefinition)
        .where(KpiDefinition.state.in_(states))
        .ext(distinct_on(KpiDefinition.key))
        .order_by(KpiDefinition.key, KpiDefinition.version.desc())
    )
