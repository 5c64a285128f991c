"""People choose their passwords by a link that works once."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and close it."""
    op.create_table(
        "password_link",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_password_link")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("fk_password_link_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f("fk_password_link_tenant_id_person_id"),
        ),
        sa.CheckConstraint("kind IN ('invitation', 'reset')", name=op.f("ck_password_link_kind")),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_password_link_tenant_id_token_hash",
        "password_link",
        ["tenant_id", "token_hash"],
        unique=True,
        schema=SCHEMA,
    )
    protect("password_link")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("password_link", schema=SCHEMA)
