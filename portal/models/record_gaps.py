"""How complete the records are that KPIs are made of, as the last refresh looked through them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Delete, Select, Text, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import of_tenant
from portal.tenancy.stamps import Stamped


class RecordGaps(Stamped):
    """The records behind one KPI in one period: how many there are, and what they lack."""

    __tablename__ = "record_gaps"
    __table_args__ = (of_tenant(),)

    grain: Mapped[str] = mapped_column(Text, primary_key=True)
    period_start: Mapped[date] = mapped_column(primary_key=True)
    kpi: Mapped[str] = mapped_column(Text, primary_key=True)
    definition: Mapped[str] = mapped_column(Text)
    """The fingerprint of the definition whose records they are."""
    version: Mapped[int] = mapped_column(BigInteger)
    """The version of the facts that was looked through."""
    kinds: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Each kind of record: what is read of it, and counts by owner. Empty: it is of no records."""


def of_period(kpis: Collection[str], grain: str, start: date) -> Select[RecordGaps]:
    """What is known of the records of some KPIs in one period."""
    return select(RecordGaps).where(
        RecordGaps.kpi.in_(kpis), RecordGaps.grain == grain, RecordGaps.period_start == start
    )


def looked_through() -> Select[str]:
    """The KPIs of which is known what is told today: of older ones not how far they could move."""
    kinds = RecordGaps.kinds
    told = func.jsonb_path_exists(kinds, cast("$[0].sway", JSONPATH))
    return select(RecordGaps.kpi).where(or_(told, func.jsonb_array_length(kinds) == 0)).distinct()


def forget_gaps(kpis: Collection[str]) -> Delete:
    """Take away what is known of some KPIs."""
    return delete(RecordGaps).where(RecordGaps.kpi.in_(kpis))


def forget_other_gaps(kpis: Collection[str]) -> Delete:
    """Take away what is known of all KPIs but these."""
    return delete(RecordGaps).where(RecordGaps.kpi.not_in(kpis))
