"""The second factor of a person: a secret that makes codes, and codes for when it is lost."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class SecondFactor(TenantOwned):
    """The secret of one person, sealed. It counts once a first code was right."""

    __tablename__ = "second_factor"
    __table_args__ = (of_tenant(), owned_by("person", "person_id"))

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The half minute of the last code that was taken; it and those before are spent."""


class RecoveryCode(TenantOwned):
    """One code that works once in place of the second factor. The code itself is not kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
        Index(
            "uq_recovery_code_tenant_id_person_id_code_hash",
            *("tenant_id", "person_id", "code_hash"),
            unique=True,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    code_hash: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


def of_person(person: uuid.UUID) -> Select[SecondFactor]:
    """The second factor of a person, also one that was never confirmed."""
    return select(SecondFactor).where(SecondFactor.person_id == person)


def of_person_held(person: uuid.UUID) -> Select[SecondFactor]:
    """The same, held against other writers until the transaction ends."""
    return of_person(person).with_for_update()


def confirmed() -> Select[SecondFactor]:
    """Every second factor of the tenant that counts."""
    return select(SecondFactor).where(SecondFactor.confirmed_at.is_not(None))


def open_codes(person: uuid.UUID) -> Select[RecoveryCode]:
    """The recovery codes of a person that were not used, held until the transaction ends."""
    return (
        select(RecoveryCode)
        .where(RecoveryCode.person_id == person, RecoveryCode.used_at.is_(None))
        .order_by(RecoveryCode.id)
        .with_for_update()
    )
