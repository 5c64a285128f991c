"""What was proposed of a definition, and who activated it, is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import SCHEMA, protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_RULES = {
    "state": "state IN ('open', 'activated', 'declined', 'withdrawn')",
    "decided": "(state = 'open') = (decided_at IS NULL)",
    "version": "(state = 'activated') = (version IS NOT NULL)",
    "base_version": "base_version >= 0",
    "reason": "char_length(reason) BETWEEN 1 AND 1000",
}


def upgrade() -> None:
    """Make the tables and close them; a decided proposal stays as it was decided."""
    _draft()
    _proposal()
    for table in ("kpi_draft", "kpi_proposal"):
        protect(table)
    op.execute(
        f"CREATE TRIGGER decided_once BEFORE UPDATE ON {SCHEMA}.kpi_proposal"
        f" FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON {SCHEMA}.kpi_proposal"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("kpi_proposal", schema=SCHEMA)
    op.drop_table("kpi_draft", schema=SCHEMA)


def _draft() -> None:
    op.create_table(
        "kpi_draft",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kpi", sa.Text(), nullable=True),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kpi_draft")),
        _of_tenant("kpi_draft"),
        _of_person("kpi_draft", "person_id"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_kpi_draft_tenant_id_person_id", "kpi_draft", ["tenant_id", "person_id"], schema=SCHEMA
    )


def _proposal() -> None:
    op.create_table(
        "kpi_proposal",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("goal", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decision_note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("alone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kpi_proposal")),
        _of_tenant("kpi_proposal"),
        _of_person("kpi_proposal", "proposed_by"),
        _of_person("kpi_proposal", "decided_by"),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_kpi_proposal_{name}"))
            for name, rule in _RULES.items()
        ),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_kpi_proposal_tenant_id_open_key",
        "kpi_proposal",
        ["tenant_id", "key"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_kpi_proposal_tenant_id_key", "kpi_proposal", ["tenant_id", "key"], schema=SCHEMA
    )


_TEXTS = ("key", "name", "yaml", "fingerprint", "reason", "proposed_by_name", "state")


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
    )


def _of_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
    )
