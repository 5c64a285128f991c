"""One tenant with people of every role, for tests that look at its numbers as somebody.

`desk` and `workshop` are fixtures of whichever folder takes them into its `conftest.py`: each has a
data folder of its own.
"""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.store.store import Store
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import people
from portal.services.engines import Workshop
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP
from tests.kpis.desk import Desk

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


@pytest.fixture(scope="session")
def desk(server, tmp_path_factory) -> Desk:
    """The command on the server of this test run."""
    url = server.url(APP).render_as_string(hide_password=False)
    return Desk(url, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def workshop(desk, database) -> Workshop:
    """What questions are answered with, over the store of the desk."""
    return workshop_of(desk, database)


def workshop_of(desk: Desk, database: Database) -> Workshop:
    """Return what questions are answered with, over the store of a desk."""
    store = Store(str(desk.home / "facts"), desk.home / "cache")
    return Workshop(database, store, lambda kept: open_duckdb(kept, desk.home / "cache" / "spill"))
