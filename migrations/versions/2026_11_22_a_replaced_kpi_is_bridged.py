"""What a replaced KPI and its successor read side by side is kept as it was known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

from migrations.columns import MOMENT, column, index, keys, maybe, numbers, table, texts, words
from migrations.row_security import SCHEMA, protect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TABLES = ("kpi_bridge", "kpi_bridge_point")


def upgrade() -> None:
    """Make the tables and close them; a bridge never changes."""
    table(
        "kpi_bridge",
        *texts("kpi"),
        *numbers("life_revision"),
        *texts("successor", "kpi_name", "successor_name", "kpi_unit", "successor_unit"),
        *texts("kpi_definition", "successor_definition", "grain"),
        *(column(name, sa.Date()) for name in ("from_day", "until_day", "through")),
        *texts("reason", "replaced_by_name"),
        *words("why"),
        *maybe(sa.Uuid(), "stored_by"),
        *words("stored_by_name"),
        column("stored_at", MOMENT),
        sa.UniqueConstraint(
            *("tenant_id", "kpi", "life_revision", "through"),
            name=op.f("uq_kpi_bridge_tenant_id_through"),
        ),
        *keys("kpi_bridge", stored_by="person"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "kpi", "life_revision"],
            [f"{SCHEMA}.kpi_life.{one}" for one in ("tenant_id", "kpi", "revision")],
            name=op.f("fk_kpi_bridge_tenant_id_kpi_life_revision"),
        ),
        rules={
            "other": "successor <> kpi",
            "days": "from_day <= until_day AND through <= until_day",
            "early": "stored_by IS NULL OR why <> ''",
        },
    )
    _points()
    for name in _TABLES:
        protect(name)
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{name}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )


def _points() -> None:
    table(
        "kpi_bridge_point",
        column("bridge_id", sa.Uuid()),
        *texts("side"),
        column("period_start", sa.Date()),
        column("period_end", sa.Date()),
        *texts("period"),
        column("shared", sa.Boolean()),
        *maybe(sa.Double(), "value", "over_value", "under_value"),
        column("n", sa.BigInteger()),
        *texts("state"),
        *maybe(sa.Text(), "reason"),
        *words("definition"),
        column("version", sa.BigInteger()),
        *maybe(MOMENT, "known_at"),
        _once(),
        *keys("kpi_bridge_point", bridge_id="kpi_bridge"),
        rules={
            "side": "side IN ('old', 'new')",
            "period": "period_start < period_end",
            "absence": "(value IS NULL) = (state IN ('absent', 'immature', 'withheld'))",
            "told": "value IS NOT NULL OR reason IS NOT NULL",
        },
    )
    index("kpi_bridge_point", "bridge_id")


def _once() -> SchemaItem:
    return sa.UniqueConstraint(
        *("tenant_id", "bridge_id", "side", "period_start"),
        name=op.f("uq_kpi_bridge_point_tenant_id_side"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in reversed(_TABLES):
        op.drop_table(name, schema=SCHEMA)
