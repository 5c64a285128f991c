"""What somebody filled in is kept where it was refused, until it is taken or a day has gone by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import SCHEMA, protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and close it."""
    op.create_table(
        "kept_form",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", "place", name=op.f("pk_kept_form")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("fk_kept_form_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f("fk_kept_form_tenant_id_person_id"),
        ),
        schema=SCHEMA,
    )
    protect("kept_form")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("kept_form", schema=SCHEMA)
