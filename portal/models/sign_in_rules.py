"""How a tenant's people sign in: the roles that need a second factor, and who else vouches."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Select, Text, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by


class SignInRule(TenantOwned):
    """The rule of one tenant; none is the same as one that asks for nothing."""

    __tablename__ = "sign_in_rule"
    __table_args__ = (
        of_tenant(),
        CheckConstraint(
            "(issuer IS NULL) = (client_id IS NULL) AND (issuer IS NULL) = (client_secret IS NULL)",
            name="provider",
        ),
    )

    factor_roles: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    issuer: Mapped[str | None] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    client_secret: Mapped[str | None] = mapped_column(Text)
    """Sealed."""
    hosts: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """Hosts of the provider besides its issuer's, where it has its keys or its tokens elsewhere."""
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ProviderLink(TenantOwned):
    """Which account at the provider a person first came with; only that one is theirs."""

    __tablename__ = "provider_link"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "person_id"),
        Index(
            "uq_provider_link_tenant_id_issuer_subject",
            *("tenant_id", "issuer", "subject"),
            unique=True,
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)


def its_rule() -> Select[SignInRule]:
    """The rule of the session's tenant."""
    return select(SignInRule)


def its_rule_held() -> Select[SignInRule]:
    """The same, held against other writers until the transaction ends."""
    return select(SignInRule).with_for_update()


def links() -> Select[ProviderLink]:
    """Every account at a provider that is somebody's of the tenant."""
    return select(ProviderLink)


def link_of_subject(issuer: str, subject: str) -> Select[ProviderLink]:
    """Whose an account at the provider is."""
    return select(ProviderLink).where(
        ProviderLink.issuer == issuer, ProviderLink.subject == subject
    )


def link_of_person(person: uuid.UUID) -> Select[ProviderLink]:
    """The account at the provider that is a person's."""
    return select(ProviderLink).where(ProviderLink.person_id == person)
