"""The people who use the portal, each in one tenant."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Select, Text, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.security.roles import Role
from portal.tenancy.owned import Moment, of_tenant
from portal.tenancy.stamps import Stamped

_ROLES = ", ".join(f"'{role}'::text" for role in Role)


class Person(Stamped):
    """A user of the portal. Who they are in the CRM is `crm_user_id`, if they are in it at all."""

    __tablename__ = "person"
    __table_args__ = (
        of_tenant(),
        CheckConstraint(f"roles <@ ARRAY[{_ROLES}] AND cardinality(roles) > 0", name="roles"),
        # Two tenants may have the same person; one may not, however the address is written.
        Index("uq_person_tenant_id_email", "tenant_id", text("lower(email)"), unique=True),
        # Who signs in says an address and no tenant.
        Index("ix_person_email", text("lower(email)")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    crm_user_id: Mapped[str | None] = mapped_column(Text)
    team_id: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(Text, server_default=text("''"))
    """What others call them; empty where nobody said."""
    locale: Mapped[str] = mapped_column(Text, server_default=text("'en'"))
    """How they read numbers and dates."""
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when they may not sign in any more."""


def by_id(person: uuid.UUID) -> Select[Person]:
    """The person of that id."""
    return select(Person).where(Person.id == person)


def by_email(email: str) -> Select[Person]:
    """Whoever has that address, however it is capitalised."""
    return select(Person).where(func.lower(Person.email) == email.lower())


def by_id_held(person: uuid.UUID) -> Select[Person]:
    """The person of that id, held against other writers until the transaction ends.

    A row that only names the person does not wait for it: their sessions and codes are written
    by who holds other rows of theirs.
    """
    return by_id(person).with_for_update(key_share=True)


def everybody() -> Select[Person]:
    """Everybody of the tenant."""
    return select(Person)


def everybody_held() -> Select[Person]:
    """The same, held against other writers until the transaction ends."""
    return everybody().order_by(Person.id).with_for_update(key_share=True)
