"""Actions are kept, with what was expected and what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.columns import MOMENT, column, index, keys, maybe, numbers, table, texts, words
from migrations.row_security import SCHEMA, protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_RULES = {
    "scope_kind": "scope_kind IN ('tenant', 'team', 'owner')",
    "scope_id": "(scope_kind = 'tenant') = (scope_id = '')",
    "title": "char_length(title) BETWEEN 1 AND 200",
    "kind": "kind IN ('process', 'coaching', 'strategy', 'campaign', 'data')",
    "state": "state IN ('proposed', 'open', 'accepted', 'done', 'dropped', 'carried_over')",
    "done_on": "(state = 'done') = (done_on IS NOT NULL)",
    "direction": "direction IN ('up', 'down')",
    "size": "size IS NULL OR size > 0",
    "lag_days": "lag_days BETWEEN 0 AND 366",
    "guardrail": "(guardrail IS NULL) = (guardrail_limit IS NULL)"
    " AND (guardrail IS NULL) = (guardrail_side IS NULL)",
    "guardrail_side": "guardrail_side IN ('least', 'most')",
    "version": "version > 0",
}
_EVENT_RULES = {
    "kind": "kind IN ('created', 'changed', 'moved')",
    "move": "(kind = 'moved') = (move IS NOT NULL)",
    "note": "char_length(note) <= 1000",
}
_VERDICT_RULES = {
    "verdict": "verdict IN ('as_expected', 'not_shown', 'worse', 'cannot_tell')",
    "why": "(verdict = 'cannot_tell') = (why IS NOT NULL)",
    "low": "(low IS NULL) = (estimate IS NULL)",
    "high": "(high IS NULL) = (estimate IS NULL)",
    "estimate": "verdict = 'cannot_tell' OR estimate IS NOT NULL",
    "guardrail": "guardrail IN ('held', 'broken', 'not_known')",
    "seq": "seq > 0",
}
_INDEXES = ("kpi", "review_id", "owner")
_APPENDED = ("action_event", "action_verdict")


def upgrade() -> None:
    """Make the tables and close them; events and verdicts are only ever added."""
    _action()
    _event()
    _verdict()
    for name in _INDEXES:
        index("action", name)
    for name in ("action", *_APPENDED):
        protect(name)
    for name in _APPENDED:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{name}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )


def downgrade() -> None:
    """Drop the tables."""
    for name in (*_APPENDED, "action"):
        op.drop_table(name, schema=SCHEMA)


def _action() -> None:
    table(
        "action",
        *texts("kpi", "scope_kind"),
        *words("scope_id"),
        *texts("title", "kind"),
        column("owner", sa.Uuid()),
        column("due_on", sa.Date()),
        *texts("state"),
        *maybe(sa.Date(), "done_on"),
        *maybe(sa.Uuid(), "review_id", "carried_from"),
        *texts("direction"),
        *maybe(sa.Double(), "size"),
        *numbers("lag_days"),
        *maybe(sa.Text(), "guardrail", "guardrail_side"),
        *maybe(sa.Double(), "guardrail_limit"),
        column("created_by", sa.Uuid()),
        *texts("created_by_name"),
        column("created_at", MOMENT),
        column("changed_at", MOMENT),
        *numbers("version"),
        *keys(
            "action",
            owner="person",
            created_by="person",
            carried_from="action",
            review_id="review",
        ),
        rules=_RULES,
    )


def _event() -> None:
    table(
        "action_event",
        column("action_id", sa.Uuid()),
        *numbers("version"),
        *texts("kind"),
        *maybe(sa.Text(), "move"),
        *texts("state"),
        *maybe(sa.Date(), "done_on"),
        *words("note"),
        column("changes", JSONB()),
        column("person_id", sa.Uuid()),
        *texts("person_name"),
        column("at", MOMENT),
        sa.UniqueConstraint("tenant_id", "action_id", "version", name="uq_action_event_tenant_id"),
        *keys("action_event", action_id="action", person_id="person"),
        rules=_EVENT_RULES,
    )


def _verdict() -> None:
    table(
        "action_verdict",
        column("action_id", sa.Uuid()),
        *numbers("seq"),
        column("done_on", sa.Date()),
        column("until", sa.Date()),
        *texts("verdict"),
        *maybe(sa.Text(), "why"),
        *maybe(sa.Double(), "estimate", "low", "high"),
        *numbers("n_before", "n_after"),
        *texts("method"),
        *(column(name, JSONB()) for name in ("confounders", "controls", "points")),
        *maybe(sa.Text(), "guardrail"),
        *maybe(sa.Double(), "guardrail_value"),
        *texts("definition"),
        column("store_version", sa.BigInteger()),
        column("judged_at", MOMENT),
        sa.UniqueConstraint("tenant_id", "action_id", "seq", name="uq_action_verdict_tenant_id"),
        *keys("action_verdict", action_id="action"),
        rules=_VERDICT_RULES,
    )
