"""Who asks: the person behind a request, a job or a command, as everything below is told it."""

import uuid
from dataclasses import dataclass

from portal.security.roles import Role
from portal.tenancy.keys import TenantKey


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of one tenant with the roles that they have at this moment.

    It is made from the database at each request; nothing of it ever comes from a browser.
    """

    tenant: TenantKey
    person: uuid.UUID
    email: str
    name: str
    roles: frozenset[Role]
    crm_user_id: str | None = None
    """The `user` of the CRM that this person is, as its source names it."""
    team_id: str | None = None
    """The `team` of the CRM that this person is in, as its source names it."""
    locale: str = "en"
    session: uuid.UUID | None = None
    viewed_by: uuid.UUID | None = None
    """An admin who looks at the portal as this person; then nothing may be changed."""
