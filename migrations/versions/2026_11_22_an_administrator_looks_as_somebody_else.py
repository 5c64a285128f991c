"""An administrator looks at the portal as somebody else, and changes nothing by it."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NAME = "fk_sign_in_tenant_id_viewing"


def upgrade() -> None:
    """Let a session name the person that it looks as."""
    op.add_column("sign_in", sa.Column("viewing", sa.Uuid(), nullable=True), schema=SCHEMA)
    op.create_foreign_key(
        op.f(_NAME),
        "sign_in",
        "person",
        ["tenant_id", "viewing"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )


def downgrade() -> None:
    """Take the column away."""
    op.drop_constraint(_NAME, "sign_in", schema=SCHEMA, type_="foreignkey")
    op.drop_column("sign_in", "viewing", schema=SCHEMA)
