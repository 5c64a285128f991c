"""A company of a test: a few people, and desks at which they sit."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from portal.models import audit
from portal.models import people as questions
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import people
from portal.services.auditing import Trace
from portal.services.desks import Desk, open_desk
from portal.services.people import NewPerson
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TRACE = Trace(NOW)
ROLES = {
    "chief": Role.EXECUTIVE,
    "analyst": Role.ANALYST,
    "dilara": Role.OWNER,
    "katrin": Role.LEADER,
    "noor": Role.REP,
    "ruth": Role.ADMIN,
}


@dataclass
class Company:
    """One tenant with a person of each role; `ids` by their short name."""

    database: Database
    tenant: TenantKey
    ids: dict[str, uuid.UUID] = field(default_factory=dict)

    def fill(self) -> "Company":
        with self.database.session(self.tenant) as session:
            for name, role in ROLES.items():
                new = NewPerson(f"{name}@{self.tenant}.example", [role.value], name=name.title())
                self.ids[name] = people.add(session, new, NOW).id
        return self

    def actor(self, name: str, **more) -> Actor:
        email = f"{name}@{self.tenant}.example"
        roles = frozenset({ROLES[name]})
        return Actor(self.tenant, self.ids[name], email, name.title(), roles, **more)

    @contextmanager
    def desk(self, name: str = "chief", now: datetime = NOW, **more) -> Iterator[Desk]:
        with self.database.session(self.tenant) as session:
            yield open_desk(session, self.actor(name, **more), now)

    def shut(self, name: str) -> None:
        with self.database.session(self.tenant) as session:
            session.scalars(questions.by_id(self.ids[name])).one().disabled_at = NOW

    def events(self) -> list[str]:
        with self.database.session(self.tenant) as session:
            return [row.event for row in session.scalars(audit.newest(100))]
