"""Review cycles, reviews, what was frozen, said and decided are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.columns import MOMENT, column, index, keys, maybe, numbers, table, texts, words
from migrations.row_security import SCHEMA, protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("review_item", "review_word", "review_note", "review_event")
_TABLES = ("review_cycle", "review", "review_answer", "review_reader", *_APPEND_ONLY)
_KIND = "kind IN ('monthly', 'quarterly', 'annual')"
_SCOPE = "scope_kind IN ('tenant', 'team', 'owner')"


def upgrade() -> None:
    """Make the tables and close them; what was frozen or said stays as it is."""
    for make in (_cycle, _review, _item, _answer, _word, _note, _event, _reader):
        make()
    for name in _TABLES:
        protect(name)
    for name in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{name}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
        )
    _close()


def downgrade() -> None:
    """Drop the tables."""
    for name in (
        *("review_reader", "review_event", "review_note", "review_word", "review_answer"),
        *("review_item", "review", "review_cycle"),
    ):
        op.drop_table(name, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.refuse_answer_to_a_closed_review()")


def _close() -> None:
    """Refuse to change a review that has ended, and what was answered in it."""
    op.execute(
        f"CREATE TRIGGER ended BEFORE UPDATE ON {SCHEMA}.review FOR EACH ROW"
        " WHEN (OLD.state IN ('signed_off', 'called_off'))"
        f" EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )
    op.execute(
        f"""
        CREATE FUNCTION {SCHEMA}.refuse_answer_to_a_closed_review() RETURNS trigger
        LANGUAGE plpgsql SET search_path = '' AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM {SCHEMA}.review
                WHERE tenant_id = NEW.tenant_id AND id = NEW.review_id AND state = 'open'
            ) THEN
                RAISE EXCEPTION 'the review is not open' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER open BEFORE UPDATE ON {SCHEMA}.review_answer FOR EACH ROW"
        f" EXECUTE FUNCTION {SCHEMA}.refuse_answer_to_a_closed_review()"
    )
    op.execute(
        f"CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON {SCHEMA}.review_answer"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )


def _cycle() -> None:
    table(
        "review_cycle",
        *texts("kind", "name"),
        column("kpis", ARRAY(sa.Text())),
        *texts("scope_kind"),
        *numbers("open_after", "answer_days", "sign_days"),
        column("participants", ARRAY(sa.Uuid())),
        *words("instructions"),
        *maybe(sa.Uuid(), "signer"),
        *maybe(MOMENT, "ended_at"),
        *numbers("version"),
        *texts("changed_by_name"),
        column("changed_at", MOMENT),
        *keys("review_cycle", signer="person"),
        rules={
            "kind": _KIND,
            "scope_kind": _SCOPE,
            "open_after": "open_after BETWEEN 0 AND 90",
            "answer_days": "answer_days BETWEEN 1 AND 120",
            "sign_days": "sign_days BETWEEN 0 AND 120",
            "name": "name <> ''",
            "version": "version > 0",
        },
    )


def _review() -> None:
    table(
        "review",
        column("cycle_id", sa.Uuid()),
        *texts("kind", "name", "grain"),
        *(column(name, sa.Date()) for name in ("period_start", "period_end", "due_on", "sign_by")),
        *texts("state"),
        *numbers("version"),
        *words("instructions"),
        *maybe(sa.Uuid(), "signer"),
        column("participants", ARRAY(sa.Uuid())),
        *maybe(sa.Uuid(), "opened_by"),
        *words("opened_by_name"),
        *maybe(MOMENT, "opened_at"),
        column("sources", JSONB()),
        *maybe(sa.Uuid(), "signed_by"),
        *words("signed_by_name"),
        *maybe(MOMENT, "signed_at"),
        *keys(
            "review", cycle_id="review_cycle", signer="person", opened_by="person",
            signed_by="person",
        ),
        rules={
            "kind": _KIND,
            "state": "state IN ('planned', 'open', 'signed_off', 'called_off')",
            "period": "period_start < period_end",
            "days": "due_on <= sign_by",
            "opened": "(state = 'planned') = (opened_at IS NULL)",
            "signed": "(state = 'signed_off') = (signed_at IS NOT NULL)",
            "version": "version > 0",
        },
    )  # fmt: skip
    op.create_index(
        "uq_review_tenant_id_period",
        "review",
        ["tenant_id", "cycle_id", "period_start"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state <> 'called_off'"),
    )


def _item() -> None:
    table(
        "review_item",
        column("review_id", sa.Uuid()),
        *numbers("place"),
        *texts("kpi", "kpi_name", "question", "unit", "better", "scope_kind"),
        *words("scope_id", "scope_name"),
        *maybe(sa.Double(), "value", "over_value", "under_value"),
        column("n", sa.BigInteger()),
        *texts("reading_state"),
        *maybe(sa.Text(), "reason"),
        *maybe(sa.Double(), "target", "low", "high", "amber", "red"),
        *texts("tone", "status"),
        *maybe(sa.Double(), "score", "attained"),
        *texts("definition"),
        *maybe(sa.Integer(), "definition_version"),
        *maybe(MOMENT, "known_at"),
        *maybe(sa.BigInteger(), "store_version"),
        *maybe(sa.Double(), "before", "last_year", "usual_low", "usual_mean", "usual_high"),
        column("series", JSONB()),
        column("moved", JSONB()),
        *words("finding"),
        *maybe(sa.Uuid(), "accountable"),
        *words("accountable_name"),
        column("writers", ARRAY(sa.Uuid())),
        column("shares", JSONB()),
        *keys("review_item", review_id="review", accountable="person"),
        sa.UniqueConstraint(
            *("tenant_id", "review_id", "kpi", "scope_kind", "scope_id"),
            name=op.f("uq_review_item_tenant_id"),
        ),
        rules={
            "scope_kind": _SCOPE,
            "scope_id": "(scope_kind = 'tenant') = (scope_id = '')",
            "value": "(value IS NULL) = (reading_state IN ('absent', 'immature', 'withheld'))",
            "range": "(low IS NULL) = (high IS NULL)",
            "tone": "tone IN ('good', 'watch', 'bad', 'neutral')",
        },
    )


def _answer() -> None:
    questions = ("relevant", "used", "acting", "unhealthy")
    table(
        "review_answer",
        column("review_id", sa.Uuid()),
        *texts("state"),
        *numbers("version"),
        *maybe(sa.Text(), "assessment", "confidence"),
        *words("words"),
        *maybe(sa.Text(), *questions),
        *words(*(f"{name}_words" for name in questions)),
        *maybe(sa.Text(), "decision"),
        *words("decision_words"),
        *maybe(MOMENT, "read_at", "asked_at"),
        *words("saved_by_name"),
        *maybe(MOMENT, "saved_at"),
        *maybe(sa.Uuid(), "submitted_by"),
        *words("submitted_by_name"),
        *maybe(MOMENT, "submitted_at"),
        *maybe(sa.Uuid(), "approved_by"),
        *words("approved_by_name"),
        *maybe(MOMENT, "approved_at"),
        *words("sent_back"),
        *keys(
            "review_answer", review_id="review", id="review_item", submitted_by="person",
            approved_by="person",
        ),
        rules={
            "state": "state IN ('to_answer', 'draft', 'waiting', 'submitted', 'sent_back',"
            " 'approved')",
            "assessment": "assessment IN ('on_track', 'at_risk', 'off_track')",
            "confidence": "confidence IN ('low', 'medium', 'high')",
            "decision": "decision IN ('keep', 'change', 'retire')",
            **{name: f"{name} IN ('yes', 'partly', 'no')" for name in questions},
            "version": "version > 0",
            "approved": "(state = 'approved') = (approved_at IS NOT NULL)",
        },
    )  # fmt: skip
    index("review_answer", "review_id")


def _word() -> None:
    table(
        "review_word",
        *(column(name, sa.Uuid()) for name in ("review_id", "item_id", "person")),
        *texts("person_name", "kind"),
        column("about", ARRAY(sa.Text())),
        *words("body"),
        *maybe(sa.Uuid(), "of_word"),
        *numbers("to_version"),
        column("said_at", MOMENT),
        *keys(
            "review_word", review_id="review", item_id="review_item", person="person",
            of_word="review_word",
        ),
        rules={
            "kind": "kind IN ('agrees', 'disagrees', 'reply', 'settled')",
            "about": "about <@ ARRAY['reason'::text, 'number'::text, 'split'::text]",
            "disputed": "(kind = 'disagrees') = (cardinality(about) > 0)",
            "of_word": "(kind IN ('reply', 'settled')) = (of_word IS NOT NULL)",
            "body": "kind = 'agrees' OR body <> ''",
        },
    )  # fmt: skip
    index("review_word", "item_id")


def _note() -> None:
    table(
        "review_note",
        column("review_id", sa.Uuid()),
        *maybe(sa.Uuid(), "item_id"),
        column("person", sa.Uuid()),
        *texts("person_name", "body"),
        column("written_at", MOMENT),
        *keys("review_note", review_id="review", item_id="review_item", person="person"),
        rules={"body": "char_length(body) BETWEEN 1 AND 2000"},
    )
    index("review_note", "review_id")


def _event() -> None:
    table(
        "review_event",
        column("review_id", sa.Uuid()),
        *maybe(sa.Uuid(), "item_id"),
        column("at", MOMENT),
        *maybe(sa.Uuid(), "person"),
        *texts("person_name", "move"),
        *words("from_state", "to_state"),
        *numbers("version"),
        column("detail", JSONB()),
        *keys("review_event", review_id="review", item_id="review_item"),
        rules={},
    )
    index("review_event", "review_id")


def _reader() -> None:
    name = "review_reader"
    op.create_table(
        name,
        *texts("tenant_id"),
        column("review_id", sa.Uuid()),
        column("person", sa.Uuid()),
        *texts("person_name"),
        *maybe(sa.Uuid(), "item_id"),
        column("seen_at", MOMENT),
        sa.PrimaryKeyConstraint("tenant_id", "review_id", "person", name=op.f(f"pk_{name}")),
        *keys(name, review_id="review", item_id="review_item", person="person"),
        schema=SCHEMA,
    )
