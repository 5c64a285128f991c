"""Goals, who answers for which KPI, shares and the life of a KPI are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from migrations.columns import MOMENT, column, keys, maybe, numbers, table, texts, words
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
    for name in (*_APPEND_ONLY, "kpi_help"):
        protect(name)
    for name in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{name}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )
    _whole()


def downgrade() -> None:
    """Drop the tables."""
    for name in (
        *("share_acknowledgement", "kpi_share", "kpi_split", "kpi_help", "kpi_owner"),
        *("kpi_life", "goal_support", "goal_statement"),
    ):
        op.drop_table(name, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.refuse_part_of_a_split()")


def _goals() -> None:
    table(
        "goal_statement",
        column("goal", sa.Uuid()),
        *texts("key"),
        *numbers("revision", "position"),
        *texts("name", "question"),
        *maybe(sa.Uuid(), "owner"),
        column("start_day", sa.Date()),
        *maybe(sa.Date(), "end_day"),
        *_said(),
        _unique("goal_statement", "goal", "revision"),
        *keys("goal_statement", owner="person", set_by="person"),
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
    table(
        "goal_support",
        column("statement", sa.Uuid()),
        *texts("kpi"),
        *numbers("weight"),
        _unique("goal_support", "statement", "kpi"),
        *keys("goal_support", statement="goal_statement"),
        rules={"weight": "weight BETWEEN 1 AND 100"},
    )


def _owners() -> None:
    table(
        "kpi_owner",
        *_scoped(),
        column("from_day", sa.Date()),
        *numbers("revision"),
        *maybe(sa.Uuid(), "person"),
        *words("reason"),
        *_said(),
        _unique("kpi_owner", "kpi", "scope_kind", "scope_id", "from_day", "revision", name="day"),
        *keys("kpi_owner", person="person", set_by="person"),
        rules={**_SCOPE, **_REVISION},
    )
    table(
        "kpi_help",
        *_scoped(),
        *texts("kind"),
        column("person", sa.Uuid()),
        column("from_day", sa.Date()),
        *maybe(sa.Date(), "until_day"),
        *_said(),
        *maybe(MOMENT, "ended_at"),
        *keys("kpi_help", person="person", set_by="person"),
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
    table(
        "kpi_split",
        *_scoped(),
        column("from_day", sa.Date()),
        *numbers("revision"),
        *_said(),
        _unique("kpi_split", "kpi", "scope_kind", "scope_id", "revision", name="revision"),
        *keys("kpi_split", set_by="person"),
        rules={**_SCOPE, **_REVISION},
    )
    table(
        "kpi_share",
        column("split", sa.Uuid()),
        *numbers("position"),
        *texts("component"),
        column("person", sa.Uuid()),
        column("percent", sa.Numeric(5, 2)),
        *texts("responsibility"),
        *maybe(sa.Text(), "input"),
        _unique("kpi_share", "split", "position"),
        _unique("kpi_share", "id", "person"),
        *keys("kpi_share", split="kpi_split", person="person"),
        rules={
            "percent": "percent > 0 AND percent < 100",
            "words": "component <> '' AND responsibility <> ''",
        },
    )
    op.create_table(
        "share_acknowledgement",
        *texts("tenant_id"),
        column("share", sa.Uuid()),
        column("person", sa.Uuid()),
        column("at", MOMENT),
        sa.PrimaryKeyConstraint("tenant_id", "share", name=op.f("pk_share_acknowledgement")),
        *keys("share_acknowledgement"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "share", "person"],
            [f"{SCHEMA}.kpi_share.{one}" for one in ("tenant_id", "id", "person")],
            name=op.f("fk_share_acknowledgement_tenant_id_share_person"),
        ),
        schema=SCHEMA,
    )


def _lives() -> None:
    table(
        "kpi_life",
        *texts("kpi"),
        *numbers("revision"),
        *texts("state"),
        column("since", sa.Date()),
        *texts("reason"),
        *maybe(sa.Text(), "successor"),
        *maybe(sa.Date(), "parallel_until"),
        *_said(),
        _unique("kpi_life", "kpi", "revision"),
        *keys("kpi_life", set_by="person"),
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


def _scoped() -> tuple[SchemaItem, ...]:
    return *texts("kpi", "scope_kind"), *words("scope_id")


def _said() -> tuple[SchemaItem, ...]:
    return *maybe(sa.Uuid(), "set_by"), *texts("set_by_name"), column("set_at", MOMENT)


def _unique(table: str, *columns: str, name: str = "") -> SchemaItem:
    made = op.f(f"uq_{table}_tenant_id_{name or '_'.join(columns)}")
    return sa.UniqueConstraint("tenant_id", *columns, name=made)
