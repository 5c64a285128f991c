"""What the records behind a KPI lack is counted at each refresh, so that pages need not look."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.columns import column, texts
from migrations.row_security import SCHEMA, protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and close it; and let a review keep how far its numbers were to be trusted."""
    op.create_table(
        "record_gaps",
        *texts("tenant_id", "grain"),
        column("period_start", sa.Date()),
        *texts("kpi", "definition"),
        column("version", sa.BigInteger()),
        column("kinds", postgresql.JSONB()),
        sa.PrimaryKeyConstraint(
            "tenant_id", "grain", "period_start", "kpi", name=op.f("pk_record_gaps")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("fk_record_gaps_tenant_id")
        ),
        schema=SCHEMA,
    )
    protect("record_gaps")
    op.add_column(
        "review_item", sa.Column("quality", postgresql.JSONB(), nullable=True), schema=SCHEMA
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_column("review_item", "quality", schema=SCHEMA)
    op.drop_table("record_gaps", schema=SCHEMA)
