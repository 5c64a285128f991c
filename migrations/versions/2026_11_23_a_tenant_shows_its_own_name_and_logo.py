"""A tenant may show a name, an accent and a logo of its own; the bytes stand apart."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables and close them."""
    op.create_table(
        "brand",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("shown_name", sa.Text(), nullable=True),
        sa.Column("accent", sa.Text(), nullable=True),
        sa.Column("logo", sa.Text(), nullable=True),
        sa.Column("logo_width", sa.Integer(), nullable=True),
        sa.Column("logo_height", sa.Integer(), nullable=True),
        sa.Column("logo_ground", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_brand")),
        sa.CheckConstraint("accent ~ '^#[0-9A-F]{6}$'", name=op.f("ck_brand_accent")),
        _of_tenant("brand"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "changed_by"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f("fk_brand_tenant_id_changed_by"),
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "brand_logo",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "mark", name=op.f("pk_brand_logo")),
        _of_tenant("brand_logo"),
        schema=SCHEMA,
    )
    protect("brand")
    protect("brand_logo")


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("brand_logo", schema=SCHEMA)
    op.drop_table("brand", schema=SCHEMA)


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
    )
