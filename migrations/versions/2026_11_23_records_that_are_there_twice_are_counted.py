"""What records lack is counted anew: with it, how many of them are there twice."""

from alembic import op

from migrations.row_security import SCHEMA, lifted

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget what was counted: the next refresh counts it all, in its new form."""
    _forget()


def downgrade() -> None:
    """Forget it too: the older form is another."""
    _forget()


def _forget() -> None:
    with lifted("record_gaps"):
        op.execute(f"DELETE FROM {SCHEMA}.record_gaps")
