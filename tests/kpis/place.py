"""One tenant with people of every role, for tests that look at its numbers as somebody."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import people
from portal.services.engines import Workshop
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey

_LONG_AGO = datetime(2017, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """One tenant, and the means to ask it."""

    tenant: TenantKey
    database: Database
    workshop: Workshop
    persons: dict[str, uuid.UUID] = field(default_factory=dict)

    def actor(self, role: Role, user: str | None = None, team: str | None = None) -> Actor:
        """Return somebody of the tenant; the same words give the same person."""
        name = f"{role}-{user}-{team}@example.org"
        if name not in self.persons:
            with self.database.session(self.tenant) as session:
                address = f"{uuid.uuid4().hex}@example.org"
                newcomer = people.NewPerson(address, (role.value,), user, team)
                self.persons[name] = people.add(session, newcomer, _LONG_AGO).id
        found = self.persons[name]
        return Actor(self.tenant, found, name, user or "", frozenset({role}), user, team)
