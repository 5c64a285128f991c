"""People sign in and out, guessing is slowed down, and what was done is written down for good."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import SCHEMA, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("sign_in", "throttle", "audit_event")
_ACROSS = ("tenant", "person")
"""Tables that are searched over all tenants, by the two functions below and by nothing else."""


def upgrade() -> None:
    """Make the three tables, tell more of a person, and let the door find a tenant."""
    _person()
    _sign_in()
    _throttle()
    _audit_event()
    for table in _TABLES:
        protect(table)
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.audit_event"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )
    _functions()


def downgrade() -> None:
    """Drop what was made."""
    op.execute(f"DROP FUNCTION {SCHEMA}.tenants_of(text)")
    op.execute(f"DROP FUNCTION {SCHEMA}.tenant_keys()")
    op.drop_index("ix_person_email", "person", schema=SCHEMA)
    for table in _ACROSS:
        op.execute(f"DROP POLICY door ON {SCHEMA}.{table}")
    for table in reversed(_TABLES):
        op.drop_table(table, schema=SCHEMA)
    for column in ("name", "locale", "disabled_at"):
        op.drop_column("person", column, schema=SCHEMA)


def _person() -> None:
    for column in (
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("locale", sa.Text(), server_default=sa.text("'en'"), nullable=False),
        sa.Column("disabled_at", _MOMENT, nullable=True),
    ):
        op.add_column("person", column, schema=SCHEMA)


def _sign_in() -> None:
    op.create_table(
        "sign_in",
        _text("tenant_id"),
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("token_hash"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _text("stamp"),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sign_in")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("fk_sign_in_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f("fk_sign_in_tenant_id_person_id"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_sign_in_ended_by")
        ),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_sign_in_tenant_id_token_hash",
        "sign_in",
        ["tenant_id", "token_hash"],
        unique=True,
        schema=SCHEMA,
    )


def _throttle() -> None:
    op.create_table(
        "throttle",
        _text("tenant_id"),
        _text("key"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", _MOMENT, nullable=False),
        sa.Column("waits_until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_throttle")),
        schema=SCHEMA,
    )


def _audit_event() -> None:
    op.create_table(
        "audit_event",
        _text("tenant_id"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _text("event"),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("viewed_by", sa.Uuid(), nullable=True),
        _text("object", empty=True),
        sa.Column("detail", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        _text("request_id", empty=True),
        _text("ip", empty=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_event")),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_audit_event_tenant_id_at",
        "audit_event",
        ["tenant_id", sa.text("at DESC")],
        schema=SCHEMA,
    )


def _functions() -> None:
    """Let the tables' owner read keys and addresses of all tenants, and run two questions as it.

    Row-level security is forced on the owner as well; these policies lift it for reading two
    tables. The application is not the owner: it gets the answers of the functions, tenants' keys,
    and nothing else. See docs/adr/0008-the-door-finds-the-tenant.md.
    """
    for table in _ACROSS:
        op.execute(
            f"CREATE POLICY door ON {SCHEMA}.{table} FOR SELECT TO CURRENT_USER USING (true)"
        )
    _function(
        "tenants_of(address text)",
        f"SELECT tenant_id FROM {SCHEMA}.person WHERE lower(email) = lower(address)"
        " ORDER BY tenant_id LIMIT 20",
    )
    _function("tenant_keys()", f"SELECT tenant_id FROM {SCHEMA}.tenant ORDER BY tenant_id")
    op.create_index(
        "ix_person_email", "person", [sa.text("lower(email)")], unique=False, schema=SCHEMA
    )


def _function(name: str, question: str) -> None:
    op.execute(
        f"CREATE FUNCTION {SCHEMA}.{name} RETURNS SETOF text LANGUAGE sql STABLE"
        f" SECURITY DEFINER SET search_path = pg_catalog AS $$ {question} $$"
    )


def _text(name: str, *, empty: bool = False) -> sa.Column[Any]:
    default = sa.text("''") if empty else None
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)
