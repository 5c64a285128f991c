"""The columns and keys of a new table, each written the same way everywhere."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from migrations.row_security import SCHEMA

MOMENT = sa.DateTime(timezone=True)


def table(name: str, *parts: SchemaItem, rules: Mapping[str, str]) -> None:
    """Make a table of a tenant's rows with an id each, and the rules that they keep."""
    op.create_table(
        name,
        *texts("tenant_id"),
        column("id", sa.Uuid()),
        *parts,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{word}")) for word, rule in rules.items()),
        schema=SCHEMA,
    )


def column(name: str, kind: Any) -> sa.Column[Any]:  # noqa: ANN401 - a type of SQLAlchemy
    """Return a column that is never null."""
    return sa.Column(name, kind, nullable=False)


def texts(*names: str) -> tuple[SchemaItem, ...]:
    """Return columns of text."""
    return tuple(column(name, sa.Text()) for name in names)


def words(*names: str) -> tuple[SchemaItem, ...]:
    """Return columns of text that may be empty and are never null."""
    return tuple(
        sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False) for name in names
    )


def numbers(*names: str) -> tuple[SchemaItem, ...]:
    """Return columns of whole numbers."""
    return tuple(column(name, sa.Integer()) for name in names)


def maybe(kind: Any, *names: str) -> tuple[SchemaItem, ...]:  # noqa: ANN401 - as above
    """Return columns that may be null."""
    return tuple(sa.Column(name, kind, nullable=True) for name in names)


def keys(table: str, **columns: str) -> tuple[SchemaItem, ...]:
    """Return what says that the row's tenant exists, and in it every row that columns name."""
    tenant = sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
    )
    return tenant, *(
        sa.ForeignKeyConstraint(
            ["tenant_id", column],
            [f"{SCHEMA}.{other}.tenant_id", f"{SCHEMA}.{other}.id"],
            name=op.f(f"fk_{table}_tenant_id_{column}"),
        )
        for column, other in columns.items()
    )


def index(table: str, column: str) -> None:
    """Make the index by tenant and one column."""
    op.create_index(f"ix_{table}_tenant_id_{column}", table, ["tenant_id", column], schema=SCHEMA)
