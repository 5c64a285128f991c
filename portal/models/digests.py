"""Mails that gather what somebody was told: one a person and slot, and how each wants them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Integer,
    Select,
    SmallInteger,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class Rhythm(StrEnum):
    """How often somebody wants a digest."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


class DigestState(StrEnum):
    """How far a digest got."""

    CLAIMED = "claimed"
    """Somebody makes it; nothing has left the house."""
    SENDING = "sending"
    """It is being handed to the mail server: whether it got there, nobody can say."""
    SENT = "sent"
    EMPTY = "empty"
    """There was nothing to tell; no mail was made."""
    FAILED = "failed"
    """The server did not take it; it is tried again."""
    HELD = "held"
    """It may have been sent and may not: it is never sent again."""


class DigestSetting(TenantOwned):
    """How one person wants to be told. Who has no row has the portal's usual way."""

    __tablename__ = "digest_setting"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
        CheckConstraint("rhythm IN ('off', 'daily', 'weekly')", name="rhythm"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("quiet_from BETWEEN 0 AND 23", name="quiet_from"),
        CheckConstraint("quiet_until BETWEEN 0 AND 23", name="quiet_until"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    rhythm: Mapped[str] = mapped_column(Text)
    weekday: Mapped[int] = mapped_column(SmallInteger)
    """0 for Monday to 6 for Sunday; of a weekly digest."""
    hour: Mapped[int] = mapped_column(SmallInteger)
    """The local hour from which on it is sent."""
    timezone: Mapped[str | None] = mapped_column(Text)
    """An IANA name; None for the tenant's."""
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    """Between these local hours nothing is sent; both null for no quiet."""
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Digest(TenantOwned):
    """The mail of one person and slot. The insert claims it, so that nobody gets it twice."""

    __tablename__ = "digest"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "person_id", "slot", name="uq_digest_tenant_id_slot"),
        owned_by("person", "person_id"),
        CheckConstraint(
            "state IN ('claimed', 'sending', 'sent', 'empty', 'failed', 'held')", name="state"
        ),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        CheckConstraint("tries > 0", name="tries"),
        CheckConstraint("items >= 0", name="items"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    slot: Mapped[str] = mapped_column(Text)
    """The person's local day that it is for."""
    state: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer)
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    leased_until: Mapped[datetime] = mapped_column(Moment)
    items: Mapped[int] = mapped_column(Integer)
    """How many items it tells of."""
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


def setting_of(person: uuid.UUID) -> Select[DigestSetting]:
    """How a person wants to be told."""
    return select(DigestSetting).where(DigestSetting.person_id == person)


def setting_held(person: uuid.UUID) -> Select[DigestSetting]:
    """The same, held against other writers until the transaction ends."""
    return setting_of(person).with_for_update()


def settings() -> Select[DigestSetting]:
    """How everybody of the tenant who said so wants to be told."""
    return select(DigestSetting)


def digest_held(person: uuid.UUID, slot: str) -> Select[Digest]:
    """The digest of a slot, held against other writers until the transaction ends."""
    return select(Digest).where(Digest.person_id == person, Digest.slot == slot).with_for_update()


def digests_since(moment: datetime) -> Select[Digest]:
    """The digests that were claimed since a moment."""
    return select(Digest).where(Digest.claimed_at >= moment)


def digests_of(person: uuid.UUID, most: int) -> Select[Digest]:
    """The newest digests of a person."""
    return (
        select(Digest)
        .where(Digest.person_id == person)
        .order_by(Digest.claimed_at.desc())
        .limit(most)
    )
