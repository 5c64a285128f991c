"""Links by which a person chooses a password: once, for a short time, kept as hashes."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class PasswordLink(TenantOwned):
    """One link of one person. A newer one, or its use, is the end of it."""

    __tablename__ = "password_link"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
        CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),
        Index("uq_password_link_tenant_id_token_hash", "tenant_id", "token_hash", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(Text)
    stamp: Mapped[str] = mapped_column(Text)
    """What the person's account was made of; with another password or address the link falls."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


def person_of(token_hash: str) -> Select[uuid.UUID]:
    """Whose the link of that token is; nothing is held."""
    return select(PasswordLink.person_id).where(PasswordLink.token_hash == token_hash)


def by_token(token_hash: str) -> Select[PasswordLink]:
    """The link of that token, held so that of two who use it at once one comes too late."""
    return select(PasswordLink).where(PasswordLink.token_hash == token_hash).with_for_update()


def open_of(person: uuid.UUID) -> Select[PasswordLink]:
    """The links of a person that were not used."""
    return select(PasswordLink).where(
        PasswordLink.person_id == person, PasswordLink.used_at.is_(None)
    )


def not_used() -> Select[PasswordLink]:
    """Every link of the tenant that was not used."""
    return select(PasswordLink).where(PasswordLink.used_at.is_(None))
