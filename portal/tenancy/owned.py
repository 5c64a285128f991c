"""What every table of the portal has: a schema, a tenant, and names for its constraints."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, ForeignKeyConstraint, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

SCHEMA = "portal"
"""The database schema of every table; the application may not create anything in it."""


class Base(DeclarativeBase):
    """The root of all mapped classes."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


class TenantOwned(Base):
    """A row that belongs to one tenant. Every mapped class of the portal is one."""

    __abstract__ = True

    tenant_id: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=-1)


def of_tenant() -> ForeignKeyConstraint:
    """Return the constraint that a row's tenant exists."""
    return ForeignKeyConstraint(["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"])


def owned_by(table: str, column: str) -> ForeignKeyConstraint:
    """Return the constraint that a column names a row of a table of the same tenant."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{SCHEMA}.{table}.tenant_id", f"{SCHEMA}.{table}.id"]
    )


class Moment(TypeDecorator[datetime]):
    """An instant, always with its zone: aware going in, UTC coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: the server would take it for its own."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(f"The moment {value} has no time zone.")
        return value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - the driver's own type
        """Return the instant in UTC, whatever the connection's zone."""
        del dialect
        return None if value is None else value.astimezone(UTC)
