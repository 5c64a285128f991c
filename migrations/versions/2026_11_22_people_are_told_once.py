"""The inbox, what a person put off, and which digests were sent are kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.row_security import SCHEMA, protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("inbox_item", "digest_setting", "digest")
_KINDS = (
    "action",
    "data",
    "definition",
    "guardrail",
    "ownership",
    "pace",
    "review",
    "signal",
    "status",
)


def upgrade() -> None:
    """Make the tables and close them."""
    _inbox_item()
    _digest_setting()
    _digest()
    for table in _TABLES:
        protect(table)


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(_TABLES):
        op.drop_table(table, schema=SCHEMA)


def _inbox_item() -> None:
    _table(
        "inbox_item",
        _column("id", sa.Uuid()),
        _column("person_id", sa.Uuid()),
        _column("kind", sa.Text()),
        _column("subject", sa.Text()),
        sa.Column("body", sa.Text(), server_default=sa.text("''"), nullable=False),
        _column("href", sa.Text()),
        sa.Column("tone", sa.Text(), server_default=sa.text("'neutral'"), nullable=False),
        _column("kpi", sa.Text(), nullable=True),
        _column("scope_kind", sa.Text(), nullable=True),
        _column("scope_id", sa.Text(), nullable=True),
        _column("slot", sa.Text()),
        _column("at", _MOMENT),
        _column("read_at", _MOMENT, nullable=True),
        _column("acknowledged_at", _MOMENT, nullable=True),
        _column("snoozed_until", _MOMENT, nullable=True),
        _column("mailed_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inbox_item")),
        sa.UniqueConstraint("tenant_id", "person_id", "slot", name="uq_inbox_item_tenant_id_slot"),
        rules={
            "kind": f"kind IN ({', '.join(repr(kind) for kind in _KINDS)})",
            "subject": "char_length(subject) BETWEEN 1 AND 200",
            "body": "char_length(body) <= 1000",
            "slot": "char_length(slot) BETWEEN 1 AND 300",
            "href": "href ~ '^/([^/\\\\]|$)'",
            "tone": "tone IN ('good', 'watch', 'bad', 'neutral')",
            "scope_kind": "scope_kind IN ('tenant', 'team', 'owner')",
            "scope": "(scope_kind IS NULL) = (scope_id IS NULL)",
            "scope_id": "(scope_kind = 'tenant') = (scope_id = '')",
        },
    )
    for columns in (("person_id", "at"), ("kpi", "at")):
        newest = sa.text("at DESC") if columns[0] == "person_id" else "at"
        op.create_index(
            f"ix_inbox_item_tenant_id_{columns[0]}_at",
            "inbox_item",
            ["tenant_id", columns[0], newest],
            schema=SCHEMA,
        )


def _digest_setting() -> None:
    _table(
        "digest_setting",
        _column("person_id", sa.Uuid()),
        _column("rhythm", sa.Text()),
        _column("weekday", sa.SmallInteger()),
        _column("hour", sa.SmallInteger()),
        _column("timezone", sa.Text(), nullable=True),
        _column("quiet_from", sa.SmallInteger(), nullable=True),
        _column("quiet_until", sa.SmallInteger(), nullable=True),
        _column("changed_at", _MOMENT),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name=op.f("pk_digest_setting")),
        rules={
            "rhythm": "rhythm IN ('off', 'daily', 'weekly')",
            "weekday": "weekday BETWEEN 0 AND 6",
            "hour": "hour BETWEEN 0 AND 23",
            "quiet_from": "quiet_from BETWEEN 0 AND 23",
            "quiet_until": "quiet_until BETWEEN 0 AND 23",
            "quiet": "(quiet_from IS NULL) = (quiet_until IS NULL)",
        },
    )


def _digest() -> None:
    _table(
        "digest",
        _column("id", sa.Uuid()),
        _column("person_id", sa.Uuid()),
        _column("slot", sa.Text()),
        _column("state", sa.Text()),
        _column("tries", sa.Integer()),
        _column("claimed_at", _MOMENT),
        _column("leased_until", _MOMENT),
        _column("items", sa.Integer()),
        _column("sent_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_digest")),
        sa.UniqueConstraint("tenant_id", "person_id", "slot", name="uq_digest_tenant_id_slot"),
        rules={
            "state": "state IN ('claimed', 'sending', 'sent', 'empty', 'failed', 'held')",
            "sent_at": "(state = 'sent') = (sent_at IS NOT NULL)",
            "tries": "tries > 0",
            "items": "items >= 0",
        },
    )


def _table(name: str, *parts: Any, rules: dict[str, str]) -> None:  # noqa: ANN401 - what tables are made of
    """Make a table of people's rows with its rules."""
    op.create_table(
        name,
        _column("tenant_id", sa.Text()),
        *parts,
        sa.ForeignKeyConstraint(
            ["tenant_id"], [f"{SCHEMA}.tenant.tenant_id"], name=op.f(f"fk_{name}_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            [f"{SCHEMA}.person.tenant_id", f"{SCHEMA}.person.id"],
            name=op.f(f"fk_{name}_tenant_id_person_id"),
        ),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{word}")) for word, rule in rules.items()),
        schema=SCHEMA,
    )


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)
