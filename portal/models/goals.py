"""Strategic goals: each with an owner, a period, its business question and the KPIs that serve it.

Append-only: a changed goal is a further statement, and the newest holds.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Index,
    Integer,
    Select,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class GoalStatement(TenantOwned):
    """What is said of one goal since a moment. Its period ends before `end_day`, if it ends."""

    __tablename__ = "goal_statement"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "goal", "revision"),
        Index(
            *("uq_goal_statement_tenant_id_key", "tenant_id", "key"),
            unique=True,
            postgresql_where=text("revision = 1"),
        ),
        owned_by("person", "owner"),
        owned_by("person", "set_by"),
        CheckConstraint("end_day IS NULL OR start_day <= end_day", name="period"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    goal: Mapped[uuid.UUID]
    """Which goal; the same in all of its statements."""
    key: Mapped[str] = mapped_column(Text)
    """Its name in addresses; it stays when the goal is renamed."""
    revision: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    """Where it stands among the goals."""
    name: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    owner: Mapped[uuid.UUID | None]
    start_day: Mapped[date]
    end_day: Mapped[date | None]
    set_by: Mapped[uuid.UUID | None]
    """Who; None where it came by a command."""
    set_by_name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(Moment)


class GoalSupport(TenantOwned):
    """A KPI that serves a goal by one of its statements, and how much it weighs in its score."""

    __tablename__ = "goal_support"
    __table_args__ = (
        of_tenant(),
        owned_by("goal_statement", "statement"),
        UniqueConstraint("tenant_id", "statement", "kpi"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    statement: Mapped[uuid.UUID]
    kpi: Mapped[str] = mapped_column(Text)
    weight: Mapped[int] = mapped_column(Integer)


def newest() -> Select[GoalStatement]:
    """The newest statement of every goal, ended ones too."""
    return (
        select(GoalStatement)
        .ext(distinct_on(GoalStatement.goal))
        .order_by(GoalStatement.goal, GoalStatement.revision.desc())
    )


def past_of(goal: uuid.UUID) -> Select[GoalStatement]:
    """Every statement of one goal, the newest first."""
    return (
        select(GoalStatement)
        .where(GoalStatement.goal == goal)
        .order_by(GoalStatement.revision.desc())
    )


def supports_of(statements: list[uuid.UUID]) -> Select[GoalSupport]:
    """The KPIs of some statements, the weightiest first."""
    return (
        select(GoalSupport)
        .where(GoalSupport.statement.in_(statements))
        .order_by(GoalSupport.weight.desc(), GoalSupport.kpi)
    )
