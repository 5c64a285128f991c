"""Who looked at which KPI on which day: once a person, KPI and day, and no longer than needed."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import Delete, Index, Select, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.people import Person
from portal.tenancy.owned import TenantOwned, of_tenant, owned_by


class KpiView(TenantOwned):
    """One person had one KPI's page open on one day. How often or how long is not kept."""

    __tablename__ = "kpi_view"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
        Index("ix_kpi_view_tenant_id_seen_on", "tenant_id", "seen_on"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kpi: Mapped[str] = mapped_column(Text, primary_key=True)
    seen_on: Mapped[date] = mapped_column(primary_key=True)
    """The tenant's local day."""


def view_of(person: uuid.UUID, kpi: str, day: date) -> Select[KpiView]:
    """The view of one person, KPI and day."""
    return select(KpiView).where(
        KpiView.person_id == person, KpiView.kpi == kpi, KpiView.seen_on == day
    )


def viewers(kpis: Collection[str], first: date, last: date) -> Select[str, uuid.UUID]:
    """Which people, not shut out by now, saw which of some KPIs in the days [first, last)."""
    return (
        select(KpiView.kpi, KpiView.person_id)
        .join(Person, Person.id == KpiView.person_id)
        .where(KpiView.kpi.in_(kpis), KpiView.seen_on >= first, KpiView.seen_on < last)
        .where(Person.disabled_at.is_(None))
        .distinct()
    )


def first_view() -> Select[date]:
    """The first day of which any view is kept."""
    return select(KpiView.seen_on).order_by(KpiView.seen_on).limit(1)


def views_before(day: date) -> Delete:
    """Take away the views of the days before one."""
    return delete(KpiView).where(KpiView.seen_on < day)
