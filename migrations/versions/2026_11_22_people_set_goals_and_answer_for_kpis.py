"""Goals, who answers for which KPI, shares and the life of a KPI are kept."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from migrations.row_security import SCHEMA, protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SCOPE = {
    "scope_kind": "scope_kind IN ('tenant', 'team', 'owner')",
    "scope_id": "(scope_kind = 'tenant') = (scope_id = '')",
}
_REVISION = {"revision": "revision > 0"}
_KEPT = ("goal_statement", "goal_support", "kpi_owner", "kpi_split", "kpi_share")
_APPEND_ONLY = (*_KEPT, "share_acknowledgement", "kpi_life")


def upgrade() -> None:
    """Make the tables and close them; what was said stays, and the next word holds."""
    _goals()
    _owners()
    _shares()
    _lives()
    for table in (*_APPEND_ONLY, "kpi_help"):
        protect(table)
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )
    _whole()


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        *("share_acknowledgement", "kpi_share", "kpi_split", "kpi_help", "kpi_owner"),
        *("kpi_life", "goal_support", "goal_statement"),
    ):
        op.drop_table(table, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.refuse_part_of_a_split()")


def _goals() -> None:
    _table(
        "goal_statement",
        sa.Column("goal", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        *_said(),
        _unique("goal_statement", "goal", "revision"),
        *_people("goal_statement", "owner", "set_by"),
        rules={
            "period": "end_day IS NULL OR start_day <= end_day",
            **_REVISION,
            "name": "name <> ''",
        },
    )
    op.create_index(
        "uq_goal_statement_tenant_id_key",
        "goal_statement",
        ["tenant_id", "key"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("revision = 1"),
    )
    _table(
        "goal_support",
        sa.Column("statement", sa.Uuid(), nullable=False),
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        _unique("goal_support", "statement", "kpi"),
        _key("goal_support", ("statement",), "goal_statement", ("id",)),
        rules={"weight": "weight BETWEEN 1 AND 100"},
    )


def _owners() -> None:
    _table(
        "kpi_owner",
        *_scoped(),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        *_said(),
        _unique("kpi_owner", "kpi", "scope_kind", "scope_id", "from_day", "revision", name="day"),
        *_people("kpi_owner", "person", "set_by"),
        rules={**_SCOPE, **_REVISION},
    )
    _table(
        "kpi_help",
        *_scoped(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        *_said(),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_people("kpi_help", "person", "set_by"),
        rules={
            **_SCOPE,
            "kind": "kind IN ('updater', 'cover')",
            "until": "kind = 'updater' OR until_day IS NOT NULL",
            "days": "until_day IS NULL OR from_day < until_day",
        },
    )
    op.create_index(
        "uq_kpi_help_tenant_id_updater",
        "kpi_help",
        ["tenant_id", "kpi", "scope_kind", "scope_id", "person"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("kind = 'updater' AND ended_at IS NULL"),
    )


def _shares() -> None:
    _table(
        "kpi_split",
        *_scoped(),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_said(),
        _unique("kpi_split", "kpi", "scope_kind", "scope_id", "revision", name="revision"),
        *_people("kpi_split", "set_by"),
        rules={**_SCOPE, **_REVISION},
    )
    _table(
        "kpi_share",
        sa.Column("split", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("percent", sa.Numeric(5, 2), nullable=False),
        sa.Column("responsibility", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=True),
        _unique("kpi_share", "split", "position"),
        _unique("kpi_share", "id", "person"),
        _key("kpi_share", ("split",), "kpi_split", ("id",)),
        *_people("kpi_share", "person"),
        rules={
            "percent": "percent > 0 AND percent < 100",
            "words": "component <> '' AND responsibility <> ''",
        },
    )
    op.create_table(
        "share_acknowledgement",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("share", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "share", name=op.f("pk_share_acknowledgement")),
        _of_tenant("share_acknowledgement"),
        _key("share_acknowledgement", ("share", "person"), "kpi_share", ("id", "person")),
        schema=SCHEMA,
    )


def _lives() -> None:
    _table(
        "kpi_life",
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=True),
        sa.Column("parallel_until", sa.Date(), nullable=True),
        *_said(),
        _unique("kpi_life", "kpi", "revision"),
        *_people("kpi_life", "set_by"),
        rules={
            "state": "state IN ('proposed', 'active', 'under_review', 'retired')",
            "successor": "successor IS NULL OR state = 'retired'",
            "other": "successor <> kpi",
            "parallel": "parallel_until IS NULL OR successor IS NOT NULL",
            **_REVISION,
        },
    )


def _whole() -> None:
    """Refuse, when a transaction ends, shares of a split that do not add up to all of it."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.refuse_part_of_a_split() RETURNS trigger
        LANGUAGE plpgsql SET search_path = '' AS $$
        DECLARE whole numeric;
        BEGIN
            SELECT sum(percent) INTO whole FROM {SCHEMA}.kpi_share
            WHERE tenant_id = NEW.tenant_id AND split = NEW.split;
            IF whole <> 100 THEN
                RAISE EXCEPTION 'the shares of a split add up to %, not to 100', whole
                USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        f"CREATE CONSTRAINT TRIGGER whole AFTER INSERT ON {SCHEMA}.kpi_share"
        " DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.refuse_part_of_a_split()"
    )


def _table(name: str, *parts: SchemaItem, rules: Mapping[str, str]) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        _of_tenant(name),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{word}")) for word, rule in rules.items()),
        schema=SCHEMA,
    )


def _scoped() -> tuple[SchemaItem, ...]:
    return (
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Text(), server_default=sa.text("''"), nullable=False),
    )


def _said() -> tuple[SchemaItem, ...]:
    return (
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )


def _unique(table: str, *columns: str, name: str = "") -> SchemaItem:
    made = op.f(f"uq_{table}_tenant_id_{name or '_'.join(columns)}")
    return sa.UniqueConstraint("tenant_id", *columns, name=made)


def _of_tenant(table: str) -> SchemaItem:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
    )


def _key(table: str, columns: tuple[str, ...], target: str, keys: tuple[str, ...]) -> SchemaItem:
    return sa.ForeignKeyConstraint(
        ["tenant_id", *columns],
        [f"{SCHEMA}.{target}.{one}" for one in ("tenant_id", *keys)],
        name=op.f(f"fk_{table}_tenant_id_{'_'.join(columns)}"),
    )


def _people(table: str, *columns: str) -> tuple[SchemaItem, ...]:
    return tuple(_key(table, (column,), "person", ("id",)) for column in columns)
