"""What tests share: one embedded server a worker, a tenant of its own a test, the command."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from kpi_engine import language
from portal.cli.main import run
from portal.services import tenants
from portal.tenancy.database import Database, application_engine, embedded_url, make_ready
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP, DATABASE, OWNER, SUPERUSER
from portal.tenancy.server import Address, EmbeddedServer
from portal.tenancy.session import TenantSession

NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)
_TEMPLATE = "portal_template"
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

OpenSession = Callable[[TenantKey], AbstractContextManager[TenantSession]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


class Portal:
    """Runs the `portal` command in this process, as if typed."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capture = capture

    def __call__(self, *arguments: object) -> Said:
        self._capture.readouterr()
        status = run([str(argument) for argument in arguments])
        return Said(status, *self._capture.readouterr())


@dataclass(frozen=True, slots=True)
class Server:
    """The embedded server of this test run."""

    address: Address

    def superuser(self, database: str = DATABASE) -> psycopg.Connection:
        """Connect as the superuser, each statement its own transaction."""
        return psycopg.connect(
            host=self.address.socket_folder,
            port=self.address.port,
            user=SUPERUSER,
            dbname=database,
            autocommit=True,
        )

    def url(self, role: str, database: str = DATABASE) -> URL:
        """Return the address of one of its databases for a role."""
        return embedded_url(self.address, role).set(database=database)


@pytest.fixture(autouse=True)
def _english() -> None:
    """A request of an earlier test, or one that taught a language, leaves what it spoke behind."""
    language.speak(language.SOURCE)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of this process, with the tables made."""
    embedded = EmbeddedServer(tmp_path_factory.mktemp("server") / "postgres", _FAST)
    made = Server(make_ready(embedded))
    with made.superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE {DATABASE} OWNER {OWNER}")
    yield made
    embedded.stop()


@pytest.fixture(scope="session")
def database(server: Server) -> Iterator[Database]:
    """The database that tests share; each works in a tenant of its own, so none clears up."""
    found = Database(application_engine(server.url(APP)))
    yield found
    found.close()


@pytest.fixture
def new_tenant(database: Database) -> Callable[[], TenantKey]:
    """Make a tenant that no other test knows."""

    def make() -> TenantKey:
        key = TenantKey(f"t{uuid.uuid4().hex[:12]}")
        with database.session(key) as session:
            tenants.create(session, tenants.Profile("A company"), NOW)
        return key

    return make


@pytest.fixture
def tenant(new_tenant: Callable[[], TenantKey]) -> TenantKey:
    """A tenant of this test."""
    return new_tenant()


@pytest.fixture
def tenant_session(database: Database) -> OpenSession:
    """Open a transaction of a tenant; it commits at the end of its `with`."""
    return database.session


@pytest.fixture
def own_database(server: Server) -> Iterator[str]:
    """The name of a fresh database with the tables in it, for tests that change more than rows."""
    name = f"own_{uuid.uuid4().hex[:12]}"
    with server.superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} OWNER {OWNER}")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def home(
    tmp_path: Path, server: Server, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A fresh data folder and database, as the environment of the `portal` command."""
    for name in [name for name in os.environ if name.startswith(("PORTAL_", "AWS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path / "home"))
    address = server.url(APP, own_database).render_as_string(hide_password=False)
    monkeypatch.setenv("PORTAL_DATABASE_URL", address)
    return tmp_path / "home"


@pytest.fixture
def portal(home: Path, capsys: pytest.CaptureFixture[str]) -> Portal:
    """The `portal` command on a fresh data folder, in this process."""
    return Portal(home, capsys)


@pytest.fixture
def portal_process(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The `portal` command on a fresh data folder, as a process of its own."""

    def call(*arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "portal.cli", *(str(each) for each in arguments)]
        return subprocess.run(command, check=False, capture_output=True, text=True, input=given)

    return call
