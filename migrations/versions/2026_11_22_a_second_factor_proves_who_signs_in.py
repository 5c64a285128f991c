"""Second factors, recovery codes and sign-in providers are kept."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("second_factor", "recovery_code", "provider_link", "sign_in_rule")


def upgrade() -> None:
    """Make the tables and close them."""
    # Sessions from before have proven nothing lately: they are asked for the password once.
    op.add_column(
        "sign_in", sa.Column("proven_at", _MOMENT, nullable=True), schema=SCHEMA, if_not_exists=True
    )
    _second_factor()
    _recovery_code()
    _provider_link()
    _sign_in_rule()
    for table in _TABLES:
        protect(table)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(_TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_column("sign_in", "proven_at", schema=SCHEMA)


def _of_person(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        _of_tenant(table),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f(f"fk_{table}_tenant_id_person_id"),
        ),
    )


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
    )


def _second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name=op.f("pk_second_factor")),
        *_of_person("second_factor"),
        schema=SCHEMA,
    )


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_recovery_code")),
        *_of_person("recovery_code"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_recovery_code_tenant_id_person_id_code_hash",
        "recovery_code",
        ["tenant_id", "person_id", "code_hash"],
        unique=True,
        schema=SCHEMA,
    )


def _provider_link() -> None:
    op.create_table(
        "provider_link",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name=op.f("pk_provider_link")),
        *_of_person("provider_link"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_provider_link_tenant_id_issuer_subject",
        "provider_link",
        ["tenant_id", "issuer", "subject"],
        unique=True,
        schema=SCHEMA,
    )


def _sign_in_rule() -> None:
    op.create_table(
        "sign_in_rule",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column(
            "factor_roles", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("client_secret", sa.Text(), nullable=True),
        sa.Column("hosts", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_sign_in_rule")),
        _of_tenant("sign_in_rule"),
        sa.CheckConstraint(
            "(issuer IS NULL) = (client_id IS NULL) AND (issuer IS NULL) = (client_secret IS NULL)",
            name=op.f("ck_sign_in_rule_provider"),
        ),
        schema=SCHEMA,
    )
