"""Notes on a KPI's time line are kept, each with its day and its author."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_RULES = {
    "scope_kind": "scope_kind IN ('tenant', 'team', 'owner')",
    "scope_id": "(scope_kind = 'tenant') = (scope_id = '')",
    "body": "char_length(body) BETWEEN 1 AND 280",
}


def upgrade() -> None:
    """Make the table and close it; what was noted stays noted."""
    op.create_table(
        "annotation",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_annotation")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f("fk_annotation_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f("fk_annotation_tenant_id_author"),
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_annotation_{name}"))
            for name, rule in _RULES.items()
        ),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_annotation_tenant_id_kpi_on_day",
        "annotation",
        ["tenant_id", "kpi", "on_day"],
        schema=SCHEMA,
    )
    protect("annotation")
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.annotation"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("annotation", schema=SCHEMA)
