"""The inbox: what each person was told, once a slot, and what they did with it."""

import uuid
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Index,
    Select,
    Text,
    UniqueConstraint,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.observations import of_scope
from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by

LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_SLOT = 200, 1000, 300


class Kind(StrEnum):
    """What an item is about, in alphabetical order."""

    ACTION = "action"
    DATA = "data"
    DEFINITION = "definition"
    GUARDRAIL = "guardrail"
    OWNERSHIP = "ownership"
    PACE = "pace"
    REVIEW = "review"
    SIGNAL = "signal"
    STATUS = "status"


ALERTS = frozenset({Kind.GUARDRAIL, Kind.PACE, Kind.SIGNAL, Kind.STATUS})
"""What tells of a number, and asks for something to be done about it."""

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class InboxItem(TenantOwned):
    """One thing that one person was told. What it says stays as it was said.

    `scope_kind` and `scope_id` say whose number it tells; both null where it tells none.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "person_id", "slot", name="uq_inbox_item_tenant_id_slot"),
        owned_by("person", "person_id"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint(f"char_length(subject) BETWEEN 1 AND {LONGEST_SUBJECT}", name="subject"),
        CheckConstraint(f"char_length(body) <= {LONGEST_TEXT}", name="body"),
        CheckConstraint(f"char_length(slot) BETWEEN 1 AND {LONGEST_SLOT}", name="slot"),
        # An address of the portal itself: one slash, never another host.
        CheckConstraint("href ~ '^/([^/\\\\]|$)'", name="href"),
        CheckConstraint("tone IN ('good', 'watch', 'bad', 'neutral')", name="tone"),
        *of_scope(),
        CheckConstraint("(scope_kind IS NULL) = (scope_id IS NULL)", name="scope"),
        Index("ix_inbox_item_tenant_id_person_id_at", "tenant_id", "person_id", text("at DESC")),
        Index("ix_inbox_item_tenant_id_kpi_at", "tenant_id", "kpi", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, server_default=text("''"))
    href: Mapped[str] = mapped_column(Text)
    tone: Mapped[str] = mapped_column(Text, server_default=text("'neutral'"))
    """Whether it is good news."""
    kpi: Mapped[str | None] = mapped_column(Text)
    scope_kind: Mapped[str | None] = mapped_column(Text)
    scope_id: Mapped[str | None] = mapped_column(Text)
    slot: Mapped[str] = mapped_column(Text)
    """What is told once: the kind of news, of what, in which period."""
    at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the person said that they have seen to it."""
    snoozed_until: Mapped[datetime | None] = mapped_column(Moment)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When a digest with it was handed to the mail server."""


def of_person(person: uuid.UUID, since: datetime, most: int) -> Select[InboxItem]:
    """The newest items of a person since a moment."""
    return (
        select(InboxItem)
        .where(InboxItem.person_id == person, InboxItem.at >= since)
        .order_by(InboxItem.at.desc(), InboxItem.kind, InboxItem.subject, InboxItem.id)
        .limit(most)
    )


def one_held(person: uuid.UUID, item: uuid.UUID) -> Select[InboxItem]:
    """One item of a person, held against other writers until the transaction ends."""
    return (
        select(InboxItem)
        .where(InboxItem.person_id == person, InboxItem.id == item)
        .with_for_update()
    )


def unread_held(person: uuid.UUID) -> Select[InboxItem]:
    """What a person has not read, held against other writers until the transaction ends."""
    return (
        select(InboxItem)
        .where(InboxItem.person_id == person, InboxItem.read_at.is_(None))
        .order_by(InboxItem.id)
        .with_for_update()
    )


def unread_by_scope(
    person: uuid.UUID, now: datetime
) -> Select[str | None, str | None, str | None, int]:
    """How many items a person has not read and not put off, by whose numbers of which KPI."""
    return (
        select(InboxItem.scope_kind, InboxItem.scope_id, InboxItem.kpi, func.count())
        .where(
            InboxItem.person_id == person,
            InboxItem.read_at.is_(None),
            InboxItem.acknowledged_at.is_(None),
            or_(InboxItem.snoozed_until.is_(None), InboxItem.snoozed_until <= now),
        )
        .group_by(InboxItem.scope_kind, InboxItem.scope_id, InboxItem.kpi)
    )


def to_mail(person: uuid.UUID, now: datetime, most: int) -> Select[InboxItem]:
    """What a person was not mailed yet and still waits for them, the oldest first."""
    return (
        select(InboxItem)
        .where(
            InboxItem.person_id == person,
            InboxItem.mailed_at.is_(None),
            InboxItem.read_at.is_(None),
            InboxItem.acknowledged_at.is_(None),
            or_(InboxItem.snoozed_until.is_(None), InboxItem.snoozed_until <= now),
        )
        .order_by(InboxItem.at.desc(), InboxItem.id)
        .limit(most)
    )


def some_held(items: Collection[uuid.UUID]) -> Select[InboxItem]:
    """Some items by their ids, held against other writers until the transaction ends."""
    return select(InboxItem).where(InboxItem.id.in_(items)).order_by(InboxItem.id).with_for_update()


def told_already(persons: Collection[uuid.UUID], slots: Collection[str]) -> Select[uuid.UUID, str]:
    """Which slots were told to which people."""
    return select(InboxItem.person_id, InboxItem.slot).where(
        InboxItem.person_id.in_(persons), InboxItem.slot.in_(slots)
    )


def alerts_of(kpi: str, first: datetime, last: datetime) -> Select[str, datetime | None]:
    """Each alert of a KPI in a half-open time, once for all who were told; and who saw to it."""
    return (
        select(InboxItem.slot, func.max(InboxItem.acknowledged_at))
        .where(
            InboxItem.kpi == kpi,
            InboxItem.kind.in_(sorted(ALERTS)),
            InboxItem.at >= first,
            InboxItem.at < last,
        )
        .group_by(InboxItem.slot)
    )
