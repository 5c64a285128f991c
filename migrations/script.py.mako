"""${message}."""

revision = "${up_revision}"
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    ${upgrades if upgrades else "raise SystemExit('Say what this step does.')"}


def downgrade() -> None:
    """Take it back."""
    ${downgrades if downgrades else "raise SystemExit('Say how this step is taken back.')"}
