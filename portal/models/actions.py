"""Actions: what is to be done to move a KPI, everything that happened to it, and whether it worked.

The action itself is changed, guarded by its version. Its events and verdicts are only ever added.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    Select,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.observations import of_scope
from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

LONGEST_TITLE = 200
LONGEST_NOTE = 1000
LONGEST_LAG = 366
"""Days until an action shows in its number."""
KINDS = ("process", "coaching", "strategy", "campaign", "data")
"""What sort of thing is done; the library tells by it what works."""


class Action(TenantOwned):
    """One action. Sizes and limits are in the unit of the KPI that they are about."""

    __tablename__ = "action"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "owner"),
        owned_by("person", "created_by"),
        owned_by("action", "carried_from"),
        owned_by("review", "review_id"),
        *of_scope(),
        CheckConstraint(f"char_length(title) BETWEEN 1 AND {LONGEST_TITLE}", name="title"),
        CheckConstraint(f"kind IN ({', '.join(repr(one) for one in KINDS)})", name="kind"),
        CheckConstraint(
            "state IN ('proposed', 'open', 'accepted', 'done', 'dropped', 'carried_over')",
            name="state",
        ),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on"),
        CheckConstraint("direction IN ('up', 'down')", name="direction"),
        CheckConstraint("size IS NULL OR size > 0", name="size"),
        CheckConstraint(f"lag_days BETWEEN 0 AND {LONGEST_LAG}", name="lag_days"),
        CheckConstraint(
            "(guardrail IS NULL) = (guardrail_limit IS NULL)"
            " AND (guardrail IS NULL) = (guardrail_side IS NULL)",
            name="guardrail",
        ),
        CheckConstraint("guardrail_side IN ('least', 'most')", name="guardrail_side"),
        CheckConstraint("version > 0", name="version"),
        Index("ix_action_tenant_id_kpi", "tenant_id", "kpi"),
        Index("ix_action_tenant_id_review_id", "tenant_id", "review_id"),
        Index("ix_action_tenant_id_owner", "tenant_id", "owner"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kpi: Mapped[str] = mapped_column(Text)
    scope_kind: Mapped[str] = mapped_column(Text)
    scope_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    owner: Mapped[uuid.UUID]
    """The person who is to do it."""
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date | None]
    """Since when it is in force; the effect is looked for from here."""
    review_id: Mapped[uuid.UUID | None]
    """The review that it came from."""
    carried_from: Mapped[uuid.UUID | None]
    """The unfinished action that this one goes on with."""
    direction: Mapped[str] = mapped_column(Text)
    size: Mapped[float | None]
    """How far the KPI is to move, at the least; null where nobody said."""
    lag_days: Mapped[int] = mapped_column(Integer)
    guardrail: Mapped[str | None] = mapped_column(Text)
    guardrail_side: Mapped[str | None] = mapped_column(Text)
    guardrail_limit: Mapped[float | None]
    created_by: Mapped[uuid.UUID]
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)
    """One more with every change; who changes says which one they saw."""


class ActionEvent(TenantOwned):
    """One thing that happened to an action: made, changed, moved on."""

    __tablename__ = "action_event"
    __table_args__ = (
        of_tenant(),
        owned_by("action", "action_id"),
        owned_by("person", "person_id"),
        UniqueConstraint("tenant_id", "action_id", "version", name="uq_action_event_tenant_id"),
        CheckConstraint("kind IN ('created', 'changed', 'moved')", name="kind"),
        CheckConstraint("(kind = 'moved') = (move IS NOT NULL)", name="move"),
        CheckConstraint(f"char_length(note) <= {LONGEST_NOTE}", name="note"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID]
    version: Mapped[int] = mapped_column(Integer)
    """The version of the action that this made."""
    kind: Mapped[str] = mapped_column(Text)
    move: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    """The state afterwards."""
    done_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, server_default=text("''"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What was changed: for each name, the value before and after."""
    person_id: Mapped[uuid.UUID]
    person_name: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class ActionVerdict(TenantOwned):
    """What the numbers say of a finished action, as known at one moment."""

    __tablename__ = "action_verdict"
    __table_args__ = (
        of_tenant(),
        owned_by("action", "action_id"),
        UniqueConstraint("tenant_id", "action_id", "seq", name="uq_action_verdict_tenant_id"),
        CheckConstraint(
            "verdict IN ('as_expected', 'not_shown', 'worse', 'cannot_tell')", name="verdict"
        ),
        CheckConstraint("(verdict = 'cannot_tell') = (why IS NOT NULL)", name="why"),
        CheckConstraint("(low IS NULL) = (estimate IS NULL)", name="low"),
        CheckConstraint("(high IS NULL) = (estimate IS NULL)", name="high"),
        CheckConstraint("verdict = 'cannot_tell' OR estimate IS NOT NULL", name="estimate"),
        CheckConstraint("guardrail IN ('held', 'broken', 'not_known')", name="guardrail"),
        CheckConstraint("seq > 0", name="seq"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID]
    seq: Mapped[int] = mapped_column(Integer)
    done_on: Mapped[date]
    """The day that the action was done on by which it was judged."""
    until: Mapped[date]
    """The end of the last period that was looked at."""
    verdict: Mapped[str] = mapped_column(Text)
    why: Mapped[str | None] = mapped_column(Text)
    """Why it cannot be told."""
    estimate: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    n_before: Mapped[int] = mapped_column(Integer)
    n_after: Mapped[int] = mapped_column(Integer)
    method: Mapped[str] = mapped_column(Text)
    """Which form of the trend before it was held against."""
    confounders: Mapped[list[Any]] = mapped_column(JSONB)
    """Other actions in the window: id, title and day."""
    controls: Mapped[list[Any]] = mapped_column(JSONB)
    """The scopes that it was compared with: key and name."""
    points: Mapped[list[Any]] = mapped_column(JSONB)
    """What was looked at: period, value, and what the time before led to expect."""
    guardrail: Mapped[str | None] = mapped_column(Text)
    guardrail_value: Mapped[float | None]
    definition: Mapped[str] = mapped_column(Text)
    """The fingerprint of the KPI's definition."""
    store_version: Mapped[int] = mapped_column(BigInteger)
    """The newest store version among the numbers that were read."""
    judged_at: Mapped[datetime] = mapped_column(Moment)
    """The numbers are as they were known then."""


def by_id(action: uuid.UUID) -> Select[Action]:
    """The action of that id."""
    return select(Action).where(Action.id == action)


def by_id_held(action: uuid.UUID) -> Select[Action]:
    """The same, held against other writers until the transaction ends."""
    return by_id(action).with_for_update()


def every() -> Select[Action]:
    """Every action, the first due first."""
    return select(Action).order_by(Action.due_on, Action.created_at, Action.id)


def of_kpi(kpi: str) -> Select[Action]:
    """The actions on one KPI, whatever their scope."""
    return every().where(Action.kpi == kpi)


def of_review(review: uuid.UUID) -> Select[Action]:
    """The actions that came from one review."""
    return every().where(Action.review_id == review)


def in_states(*states: str) -> Select[Action]:
    """The actions that stand in one of these states."""
    return every().where(Action.state.in_(states))


def events_of(action: uuid.UUID) -> Select[ActionEvent]:
    """What happened to an action, the newest first."""
    return (
        select(ActionEvent)
        .where(ActionEvent.action_id == action)
        .order_by(ActionEvent.version.desc())
    )


def verdicts_of(action: uuid.UUID) -> Select[ActionVerdict]:
    """Every verdict on an action, the newest first."""
    return (
        select(ActionVerdict)
        .where(ActionVerdict.action_id == action)
        .order_by(ActionVerdict.seq.desc())
    )


def newest_verdicts(actions: Collection[uuid.UUID]) -> Select[ActionVerdict]:
    """The newest verdict on each of some actions."""
    return (
        select(ActionVerdict)
        .where(ActionVerdict.action_id.in_(actions))
        .ext(distinct_on(ActionVerdict.action_id))
        .order_by(ActionVerdict.action_id, ActionVerdict.seq.desc())
    )
