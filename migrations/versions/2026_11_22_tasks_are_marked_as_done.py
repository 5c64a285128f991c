"""What was done here of the CRM's tasks is kept, with who did it and when."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and close it."""
    op.create_table(
        "task_mark",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "activity", name=op.f("pk_task_mark")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("fk_task_mark_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f("fk_task_mark_tenant_id_person_id"),
        ),
        schema=SCHEMA,
    )
    protect("task_mark")


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("task_mark", schema=SCHEMA)
