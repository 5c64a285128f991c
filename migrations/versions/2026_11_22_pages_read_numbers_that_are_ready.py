"""Open readings, the roster, targets and runs of jobs are kept, so that pages ask no engine."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("open_reading", "refreshed", "roster_team", "roster_member", "target", "job_run")
_SCOPE = {
    "scope_kind": "scope_kind IN ('tenant', 'team', 'owner')",
    "scope_id": "(scope_kind = 'tenant') = (scope_id = '')",
    "period": "period_start < period_end",
}


def upgrade() -> None:
    """Make the tables and close them."""
    _open_reading()
    _refreshed()
    _roster()
    _target()
    _job_run()
    for table in _TABLES:
        protect(table)
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.target"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(_TABLES):
        op.drop_table(table, schema=SCHEMA)


def _open_reading() -> None:
    _table(
        "open_reading",
        _text("grain"),
        _text("scope_kind"),
        _scope_id(),
        _text("kpi"),
        _text("compare"),
        _column("period_start", sa.Date()),
        _column("period_end", sa.Date()),
        _column("value", sa.Double(), nullable=True),
        _column("over_value", sa.Double(), nullable=True),
        _column("under_value", sa.Double(), nullable=True),
        _column("n", sa.BigInteger()),
        _text("state"),
        _text("reason", nullable=True),
        _text("definition"),
        _column("version", sa.BigInteger()),
        _column("known_at", _MOMENT),
        _column("read_on", sa.Date()),
        _key("open_reading", "grain", "scope_kind", "scope_id", "kpi", "compare"),
        *_rules(
            "open_reading",
            {
                **_SCOPE,
                "compare": "compare IN ('so_far', 'previous', 'last_year')",
                "state": "state <> 'final' OR compare <> 'so_far'",
            },
        ),
    )


def _refreshed() -> None:
    _table(
        "refreshed",
        _column("version", sa.BigInteger()),
        _text("definitions"),
        _column("read_on", sa.Date()),
        _column("refreshed_at", _MOMENT),
        _column("first_on", sa.Date(), nullable=True),
        _column("last_on", sa.Date(), nullable=True),
        _key("refreshed"),
        *_rules("refreshed", {"reach": "first_on <= last_on"}),
    )


def _roster() -> None:
    _table(
        "roster_team",
        _text("key"),
        _text("id"),
        _text("name"),
        _text("parent", nullable=True),
        _text("region", nullable=True),
        _text("manager", nullable=True),
        _key("roster_team", "key"),
        *_rules("roster_team", {}),
    )
    _table(
        "roster_member",
        _text("key"),
        _text("id"),
        _text("name"),
        _text("team", nullable=True),
        _column("active", sa.Boolean()),
        _key("roster_member", "key"),
        *_rules("roster_member", {}),
    )


def _target() -> None:
    series = ("kpi", "grain", "scope_kind", "scope_id", "period_start", "revision")
    figures = ("value", "low", "high", "amber", "red")
    _table(
        "target",
        _column("id", sa.Uuid()),
        _text("kpi"),
        _text("grain"),
        _column("period_start", sa.Date()),
        _column("period_end", sa.Date()),
        _text("scope_kind"),
        _scope_id(),
        _column("revision", sa.Integer()),
        *(_column(name, sa.Double(), nullable=True) for name in figures),
        _text("source"),
        _column("set_by", sa.Uuid(), nullable=True),
        _text("set_by_name"),
        _column("set_at", _MOMENT),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        _key("target", "id"),
        sa.UniqueConstraint("tenant_id", *series, name="uq_target_tenant_id_series"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "set_by"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f("fk_target_tenant_id_set_by"),
        ),
        *_rules(
            "target",
            {
                **_SCOPE,
                "range": "(low IS NULL) = (high IS NULL)",
                "order": "low IS NULL OR low <= high",
                "kind": "value IS NULL OR low IS NULL",
                "source": "source IN ('set', 'quota', 'copied')",
                "revision": "revision > 0",
            },
        ),
    )


def _job_run() -> None:
    _table(
        "job_run",
        _text("job"),
        _text("slot"),
        _text("state"),
        _column("tries", sa.Integer()),
        _column("started_at", _MOMENT),
        _column("leased_until", _MOMENT),
        _column("finished_at", _MOMENT, nullable=True),
        _text("said", nullable=True),
        _key("job_run", "job", "slot"),
        *_rules(
            "job_run",
            {
                "state": "state IN ('started', 'done', 'failed')",
                "finished_at": "(state = 'started') = (finished_at IS NULL)",
                "tries": "tries > 0",
            },
        ),
    )


def _table(name: str, *columns: Any) -> None:  # noqa: ANN401 - whatever a table is made of
    op.create_table(name, _text("tenant_id"), *columns, schema=SCHEMA)


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return _column(name, sa.Text(), nullable=nullable)


def _scope_id() -> sa.Column[Any]:
    return sa.Column("scope_id", sa.Text(), server_default=sa.text("''"), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("tenant_id", *columns, name=op.f(f"pk_{table}"))


def _rules(table: str, rules: dict[str, str]) -> list[sa.Constraint]:
    """Return a table's own rules, and the one that its tenant exists."""
    of_tenant = sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
    )
    checks = [
        sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()
    ]
    return [of_tenant, *checks]
