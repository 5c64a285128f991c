"""Two companies that can't be told apart but by their marks, one full of hostile texts, a portal."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.store.store import Store
from portal.app import Joined, join
from portal.config import Config
from portal.services import people, refreshing
from portal.services.engines import Workshop
from portal.services.people import NewPerson
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP
from tests.attacks import companies
from tests.attacks.served import Guest, Served, serving
from tests.homes.company import AS_OF, STAGES
from tests.homes.conftest import NOW
from tests.kpis.desk import Desk
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import Browser, Clock

ROLES = {
    "rep": (("rep",), "ann", "north"),
    "leader": (("leader",), "ann", "north"),
    "executive": (("executive",), None, None),
    "analyst": (("analyst",), None, None),
    "owner": (("owner",), None, None),
    "admin": (("admin",), None, None),
    "everything": (("rep", "leader", "executive", "owner", "analyst", "admin"), "ann", "all"),
}
"""Somebody of each role, and somebody with all of them."""


@dataclass
class Company:
    """One tenant, and the browsers of its people."""

    joined: Joined
    tenant: TenantKey
    password: str
    run: str
    browsers: dict[str, Browser] = field(default_factory=dict)

    def email(self, role: str) -> str:
        """The address of somebody; in the other company it is the same."""
        return f"{role}-{self.run}@example.org"

    def browser(self, role: str) -> Browser:
        """The browser of somebody who has signed in, and looked at a page."""
        if role not in self.browsers:
            made = new_browser(self.joined)
            assert made.sign_in(self.email(role), self.password).status_code == 303
            self.browsers[role] = made
        self.browsers[role].get("/account")
        return self.browsers[role]

    def fresh(self, role: str) -> Browser:
        """The same in a session of its own, for what may end it."""
        self.browsers.pop(role, None)
        return self.browser(role)


@pytest.fixture(scope="session")
def run() -> str:
    return uuid.uuid4().hex[:8]


@pytest.fixture(scope="session")
def desk(server, tmp_path_factory) -> Desk:
    """The command on the server of this test run."""
    url = server.url(APP).render_as_string(hide_password=False)
    return Desk(url, tmp_path_factory.mktemp("attacks"))


@pytest.fixture(scope="session")
def joined(desk, database) -> Joined:
    """The portal over the facts of the desk, at the moment up to which the companies have numbers."""
    home = Path(desk.home)
    config = Config(home=home, store=str(home / "facts"), secret_key="0123456789abcdef" * 4)
    return join(config, Clock(NOW), database)


@pytest.fixture(scope="session")
def workshop(desk, database) -> Iterator[Workshop]:
    home = Path(desk.home)
    store = Store(str(home / "facts"), home / "cache")
    yield Workshop(database, store, lambda each: open_duckdb(each, home / "cache" / "spill"))
    store.close()


def _made(place, run, mark, factor, name) -> Company:
    desk, joined, database, workshop = place
    tenant = TenantKey(desk.tenant("--currency", "EUR"))
    portals.rename(database, tenant, name)
    desk.bring(tenant, companies.tables(mark, factor), "--as-of", AS_OF, stages=STAGES)
    refreshing.refresh(workshop, tenant, NOW, back=4)
    made = Company(joined, tenant, f"the password of {tenant}", run)
    with database.session(tenant) as session:
        for role, (roles, user, team) in ROLES.items():
            # A person's name may hold nothing invisible; a CRM's may.
            told = mark(role.capitalize())
            while not _fits(told):
                told = mark(role.capitalize())
            new = NewPerson(made.email(role), roles, user, team, made.password, name=told)
            people.add(session, new, NOW)
    return made


def _fits(text: str) -> bool:
    return text.isprintable() and len(text) < 200


@pytest.fixture(scope="session")
def place(desk, joined, database, workshop):
    return desk, joined, database, workshop


@pytest.fixture(scope="session")
def own(place, run) -> Company:
    """The company whose people attack."""
    name = f"{companies.MARKS['a']} Ltd"
    return _made(place, run, companies.marked("a"), companies.FACTORS["a"], name)


@pytest.fixture(scope="session")
def other(place, run) -> Company:
    """The company that must not be seen: the same addresses, ids, team ids."""
    name = f"{companies.MARKS['b']} Ltd"
    return _made(place, run, companies.marked("b"), companies.FACTORS["b"], name)


@pytest.fixture(scope="session")
def hostile(place) -> Company:
    """A company in which every name is a hostile text."""
    texts = companies.hostile()
    name = "<img src=x onerror=window.__xss=1> Ltd"
    return _made(place, uuid.uuid4().hex[:8], texts, 1_013, name)


@pytest.fixture(scope="session")
def served(desk, tmp_path_factory) -> Iterator[Served]:
    """The same portal as a server of its own process, as it is run."""
    with serving(desk.environ, tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture
def guest(served) -> Guest:
    """Somebody at that server."""
    return Guest(served)
