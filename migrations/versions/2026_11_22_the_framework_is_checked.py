"""Who looked at which KPI, waivers, and the score of the framework are kept."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WAIVER_RULES = {
    "revision": "revision > 0",
    "reason": "char_length(reason) <= 280",
    "why": "until IS NULL OR reason <> ''",
}
_SCORE_RULES = {
    "score": "score BETWEEN 0 AND 100",
    "findings": "errors >= 0 AND warnings >= 0 AND hints >= 0",
}


def upgrade() -> None:
    """Make the tables and close them; what was waived stays written."""
    _views()
    _waivers()
    _scores()
    for table in ("kpi_view", "waiver", "framework_score"):
        protect(table)
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.waiver"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )


def _views() -> None:
    op.create_table(
        "kpi_view",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "person_id", "kpi", "seen_on", name=op.f("pk_kpi_view")
        ),
        *_references("kpi_view", "person_id"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_kpi_view_tenant_id_seen_on", "kpi_view", ["tenant_id", "seen_on"], schema=SCHEMA
    )


def _waivers() -> None:
    op.create_table(
        "waiver",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_waiver")),
        sa.UniqueConstraint(
            "tenant_id", "rule", "place", "revision", name=op.f("uq_waiver_tenant_id_rule")
        ),
        *_references("waiver", "made_by"),
        *_checks("waiver", _WAIVER_RULES),
        schema=SCHEMA,
    )


def _scores() -> None:
    op.create_table(
        "framework_score",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("kpis", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", name=op.f("pk_framework_score")),
        *_references("framework_score"),
        *_checks("framework_score", _SCORE_RULES),
        schema=SCHEMA,
    )


def _references(table: str, person: str = "") -> list[sa.ForeignKeyConstraint]:
    """That the row's tenant exists, and the person whom it names in it."""
    made = [
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
        )
    ]
    if person:
        made.append(
            sa.ForeignKeyConstraint(
                ["tenant_id", person],
                [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
                name=op.f(f"fk_{table}_tenant_id_{person}"),
            )
        )
    return made


def _checks(table: str, rules: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()
    ]


def downgrade() -> None:
    """Drop the tables."""
    for table in ("framework_score", "waiver", "kpi_view"):
        op.drop_table(table, schema=SCHEMA)
