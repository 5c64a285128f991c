"""Who is signed in: a row a session, found by the hash of what the browser holds."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.people import Person
from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class SignIn(TenantOwned):
    """One session of one person, from signing in to its end. The token itself is not kept."""

    __tablename__ = "sign_in"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
        owned_by("person", "viewing"),
        Index("uq_sign_in_tenant_id_token_hash", "tenant_id", "token_hash", unique=True),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(Text)
    person_id: Mapped[uuid.UUID]
    stamp: Mapped[str] = mapped_column(Text)
    """What the person's rights were made of at the start; a session does not outlive them."""
    began_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(Text)
    """Why it ended: signed out, a new password, by an administrator."""
    viewing: Mapped[uuid.UUID | None]
    """The person that an administrator looks as; None where people look as themselves."""
    proven_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the person last proved who they are; dangerous acts ask for it anew."""


def with_person(token_hash: str) -> Select[SignIn, Person]:
    """The session of that token and whose it is, unless it was ended."""
    return (
        select(SignIn, Person)
        .join(Person, (Person.id == SignIn.person_id) & (Person.tenant_id == SignIn.tenant_id))
        .where(SignIn.token_hash == token_hash, SignIn.ended_at.is_(None))
    )


def by_id(session_id: uuid.UUID) -> Select[SignIn]:
    """The session of that id."""
    return select(SignIn).where(SignIn.id == session_id)


def open_of(person: uuid.UUID) -> Select[SignIn]:
    """Every session of a person that was not ended."""
    return select(SignIn).where(SignIn.person_id == person, SignIn.ended_at.is_(None))


def not_ended() -> Select[SignIn]:
    """Every session of the tenant that was not ended."""
    return select(SignIn).where(SignIn.ended_at.is_(None))
