"""An activation may be for a future day: until then it is kept beside the definitions."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, lifted

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLE = "kpi_proposal"
_BEFORE = "state IN ('open', 'activated', 'declined', 'withdrawn')"
_STATES = (
    "state IN ('open', 'pending', 'activated', 'declined', 'withdrawn', 'called_back', 'lapsed')"
)
_RULES = {
    "day": "state <> 'pending' OR effective_from IS NOT NULL",
    "ended": "(state IN ('called_back', 'lapsed')) = (ended_at IS NOT NULL)",
}


def upgrade() -> None:
    """Keep what awaits its day, at most one a KPI, and how it ended where it never held."""
    op.add_column(
        _TABLE, sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True), schema=SCHEMA
    )
    op.add_column(_TABLE, sa.Column("ended_by", sa.Uuid(), nullable=True), schema=SCHEMA)
    for name in ("ended_by_name", "end_note"):
        column = sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
        op.add_column(_TABLE, column, schema=SCHEMA)
    op.create_foreign_key(
        op.f(f"fk_{_TABLE}_tenant_id_ended_by"),
        _TABLE,
        "person",
        ["tenant_id", "ended_by"],
        ["tenant_id", "id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    _rule("state", _STATES, instead=True)
    for name, rule in _RULES.items():
        _rule(name, rule)
    op.create_index(
        f"uq_{_TABLE}_tenant_id_pending_key",
        _TABLE,
        ["tenant_id", "key"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'pending'"),
    )
    _keep("OLD.state NOT IN ('open', 'pending')")


def downgrade() -> None:
    """Forget it; what never came to hold is told as declined."""
    op.execute(f"DROP TRIGGER decided_once ON {SCHEMA}.{_TABLE}")
    for name in _RULES:
        op.drop_constraint(op.f(f"ck_{_TABLE}_{name}"), _TABLE, schema=SCHEMA, type_="check")
    with lifted(_TABLE):
        op.execute(
            f"UPDATE {SCHEMA}.{_TABLE} SET state = 'declined', effective_from = NULL"
            " WHERE state IN ('pending', 'called_back', 'lapsed')"
        )
    op.drop_index(f"uq_{_TABLE}_tenant_id_pending_key", _TABLE, schema=SCHEMA)
    _rule("state", _BEFORE, instead=True)
    for name in ("end_note", "ended_by_name", "ended_by", "ended_at"):
        op.drop_column(_TABLE, name, schema=SCHEMA)
    op.execute(
        f"CREATE TRIGGER decided_once BEFORE UPDATE ON {SCHEMA}.{_TABLE}"
        f" FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )


def _rule(name: str, rule: str, *, instead: bool = False) -> None:
    told = op.f(f"ck_{_TABLE}_{name}")
    if instead:
        op.drop_constraint(told, _TABLE, schema=SCHEMA, type_="check")
    op.create_check_constraint(told, _TABLE, rule, schema=SCHEMA)


def _keep(when: str) -> None:
    op.execute(f"DROP TRIGGER decided_once ON {SCHEMA}.{_TABLE}")
    op.execute(
        f"CREATE TRIGGER decided_once BEFORE UPDATE ON {SCHEMA}.{_TABLE}"
        f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )
