"""Review packs and minutes are kept as they were sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from migrations.columns import MOMENT, column, index, keys, table, texts
from migrations.row_security import SCHEMA, protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TABLES = ("review_paper", "review_paper_copy")


def upgrade() -> None:
    """Make the tables and close them; what was sent stays as it was."""
    table(
        "review_paper",
        column("review_id", sa.Uuid()),
        *texts("kind", "review_state"),
        column("items", ARRAY(sa.Uuid())),
        column("file", sa.LargeBinary()),
        *texts("sha256"),
        column("made_at", MOMENT),
        column("made_by", sa.Uuid()),
        *texts("made_by_name"),
        *keys("review_paper", review_id="review", made_by="person"),
        rules={
            "kind": "kind IN ('pack', 'minutes')",
            "sha256": "sha256 ~ '^[0-9a-f]{64}$'",
            "file": "octet_length(file) > 0",
        },
    )
    index("review_paper", "review_id")
    table(
        "review_paper_copy",
        *(column(name, sa.Uuid()) for name in ("paper_id", "person_id")),
        *texts("name", "email"),
        column("sent_at", MOMENT),
        *keys("review_paper_copy", paper_id="review_paper", person_id="person"),
        rules={},
    )
    index("review_paper_copy", "paper_id")
    for name in _TABLES:
        protect(name)
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{name}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )


def downgrade() -> None:
    """Drop the tables."""
    for name in reversed(_TABLES):
        op.drop_table(name, schema=SCHEMA)
