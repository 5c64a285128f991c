"""A tenant's people, loads, definitions and observations are kept, apart from other tenants'."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import SCHEMA, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ROLES = ", ".join(
    f"'{role}'::text" for role in ("rep", "leader", "executive", "owner", "analyst", "admin")
)
_TABLES = ("tenant", "person", "load", "kpi_definition", "observation")


def upgrade() -> None:
    """Make the five tables and close them."""
    _tenant()
    _person()
    _load()
    _kpi_definition()
    _observation()
    for table in _TABLES:
        protect(table)
    _append_only("observation")


def downgrade() -> None:
    """Drop the five tables."""
    for table in reversed(_TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.refuse_change()")


def _tenant() -> None:
    _table(
        "tenant",
        _text("name"),
        _text("timezone"),
        _text("currency"),
        _column("fiscal_start", sa.SmallInteger()),
        _column("week_start", sa.SmallInteger()),
        sa.Column("settings", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("stages", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        _column("created_at", _MOMENT),
        _key("tenant"),
        _check("tenant", "key", "tenant_id ~ '^[a-z0-9][a-z0-9_-]{0,39}$'"),
        _check("tenant", "currency", "currency ~ '^[A-Z]{3}$'"),
        _check("tenant", "fiscal_start", "fiscal_start BETWEEN 1 AND 12"),
        _check("tenant", "week_start", "week_start BETWEEN 0 AND 6"),
    )


def _person() -> None:
    _table(
        "person",
        _column("id", sa.Uuid()),
        _text("email"),
        _column("roles", postgresql.ARRAY(sa.Text())),
        _text("crm_user_id", nullable=True),
        _text("team_id", nullable=True),
        _text("password_hash", nullable=True),
        _column("created_at", _MOMENT),
        _key("person", "id"),
        _of_tenant("person"),
        _check("person", "roles", f"roles <@ ARRAY[{_ROLES}] AND cardinality(roles) > 0"),
    )
    op.create_index(
        "uq_person_tenant_id_email",
        "person",
        ["tenant_id", sa.text("lower(email)")],
        unique=True,
        schema=SCHEMA,
    )


def _load() -> None:
    _table(
        "load",
        _column("seq", sa.BigInteger()),
        _text("state"),
        _text("source"),
        _column("loaded_at", _MOMENT),
        _column("started_at", _MOMENT),
        _column("finished_at", _MOMENT, nullable=True),
        _text("digest", nullable=True),
        _column("report", postgresql.JSONB(), nullable=True),
        _text("pin", nullable=True),
        _key("load", "seq"),
        _of_tenant("load"),
        _check("load", "seq", "seq > 0"),
        _check("load", "state", "state IN ('started', 'landed', 'failed')"),
        _check("load", "pin", "(state = 'landed') = (pin IS NOT NULL)"),
        _check("load", "finished_at", "(state = 'started') = (finished_at IS NULL)"),
    )
    op.create_index(
        "uq_load_tenant_id_under_way",
        "load",
        ["tenant_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'started'"),
    )


def _kpi_definition() -> None:
    _table(
        "kpi_definition",
        _text("key"),
        _column("version", sa.Integer()),
        _text("yaml"),
        _text("fingerprint"),
        _text("state"),
        _column("effective_from", sa.Date(), nullable=True),
        _column("created_at", _MOMENT),
        _column("created_by", sa.Uuid(), nullable=True),
        _key("kpi_definition", "key", "version"),
        _of_tenant("kpi_definition"),
        _reference("kpi_definition", "created_by", "person"),
        _check("kpi_definition", "version", "version > 0"),
        _check(
            "kpi_definition", "state", "state IN ('draft', 'in_review', 'published', 'retired')"
        ),
    )


def _observation() -> None:
    series = ("kpi", "grain", "scope_kind", "scope_id", "period_start", "revision")
    _table(
        "observation",
        _column("id", sa.Uuid()),
        _text("kpi"),
        _text("grain"),
        _column("period_start", sa.Date()),
        _column("period_end", sa.Date()),
        _text("scope_kind"),
        sa.Column("scope_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        _column("revision", sa.Integer()),
        _text("kind"),
        _column("value", sa.Double(), nullable=True),
        _column("over_value", sa.Double(), nullable=True),
        _column("under_value", sa.Double(), nullable=True),
        _column("n", sa.BigInteger()),
        _text("state"),
        _text("reason", nullable=True),
        _text("definition"),
        _column("version", sa.BigInteger()),
        _column("known_at", _MOMENT),
        _column("observed_at", _MOMENT),
        _column("supersedes", sa.Uuid(), nullable=True),
        _column("cause", postgresql.JSONB(), nullable=True),
        _key("observation", "id"),
        _of_tenant("observation"),
        sa.UniqueConstraint("tenant_id", *series, name="uq_observation_tenant_id_series"),
        _reference("observation", "supersedes", "observation"),
        *_observation_checks(),
    )


def _observation_checks() -> list[sa.CheckConstraint]:
    rules = {
        "scope_kind": "scope_kind IN ('tenant', 'team', 'owner')",
        "scope_id": "(scope_kind = 'tenant') = (scope_id = '')",
        "period": "period_start < period_end",
        "kind": "kind IN ('first', 'restatement')",
        "revision": "(kind = 'first') = (revision = 1)",
        "supersedes": "(kind = 'first') = (supersedes IS NULL)",
        "cause": "(kind = 'first') = (cause IS NULL)",
    }
    return [_check("observation", name, rule) for name, rule in rules.items()]


def _append_only(table: str) -> None:
    """Refuse changes, also from the owner and also by TRUNCATE."""
    op.execute(
        f"""
        CREATE FUNCTION {SCHEMA}.refuse_change() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            RAISE EXCEPTION 'Rows of % are only ever added.', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )


def _table(name: str, *columns: Any) -> None:  # noqa: ANN401 - whatever a table is made of
    op.create_table(name, _text("tenant_id"), *columns, schema=SCHEMA)


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return _column(name, sa.Text(), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("tenant_id", *columns, name=op.f(f"pk_{table}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{table}_tenant_id")
    )


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{SCHEMA}.{other}.tenant_id", f"{SCHEMA}.{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
    )
