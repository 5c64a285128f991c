"""The score of the framework, by the days on which it changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Integer, Select, SmallInteger, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant


class FrameworkScore(TenantOwned):
    """The score at the end of one day; a day without a row had that of the one before."""

    __tablename__ = "framework_score"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("errors >= 0 AND warnings >= 0 AND hints >= 0", name="findings"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    errors: Mapped[int] = mapped_column(Integer)
    warnings: Mapped[int] = mapped_column(Integer)
    hints: Mapped[int] = mapped_column(Integer)
    kpis: Mapped[int] = mapped_column(Integer)
    """How many KPIs the framework had."""
    checked_at: Mapped[datetime] = mapped_column(Moment)


def newest(most: int) -> Select[FrameworkScore]:
    """The newest scores, the newest first."""
    return select(FrameworkScore).order_by(FrameworkScore.day.desc()).limit(most)
