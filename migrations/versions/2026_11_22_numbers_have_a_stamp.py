"""Each tenant has a stamp that changes with its numbers, so that pages may keep what they read."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and close it; a tenant gets its first stamp with its next change."""
    op.create_table(
        "stamp",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_stamp")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("fk_stamp_tenant_id")
        ),
        schema=SCHEMA,
    )
    protect("stamp")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("stamp", schema=SCHEMA)
