"""The database answers, but ends what is asked or is of another release: it is said as such."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.services import throttling
from portal.tenancy.database import Database, application_engine
from portal.tenancy.doorway import DOOR
from portal.tenancy.names import APP
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import Browser


@dataclass
class Strict:
    """A portal over an engine whose transactions may be given less patience than they have."""

    database: Database
    browser: Browser
    settings: dict[str, str] = field(default_factory=dict)


def _strict(url, tmp_path, clock, email, tenant) -> Strict:
    database = Database(application_engine(url))
    with database.session(DOOR) as session:
        throttling.clean(session, clock() + timedelta(days=9_000))
    made = Strict(database, new_browser(portals.make(database, tmp_path, clock)))

    @event.listens_for(database.engine, "begin")
    def hurry(connection):
        for name, value in made.settings.items():
            connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")

    portals.add_person(database, tenant, email, "rep")
    assert made.browser.sign_in(email).status_code == 303
    assert made.browser.get("/things/a").status_code == 200
    return made


@pytest.fixture
def strict(server, tmp_path, clock, tenant, monkeypatch):
    portals.with_pages(monkeypatch)
    made = _strict(server.url(APP), tmp_path, clock, f"ann@{tenant}.example", tenant)
    yield made
    made.database.close()


@contextmanager
def _locked(server, table):
    """Nobody but us gets at a table."""
    with server.superuser() as owner, owner.transaction():
        owner.execute(f"LOCK TABLE portal.{table} IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.parametrize(
    ("setting", "said"),
    [("statement_timeout", "took longer"), ("lock_timeout", "Somebody else was changing")],
)
def test_what_the_database_ends_is_a_state_and_the_next_request_is_answered(
    strict, server, setting, said
):
    strict.settings[setting] = "500ms"
    with _locked(server, "person"):
        page = strict.browser.get("/things/a")
        called = strict.browser.call({})
    for answer in (page, called):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert said in answer.text
        assert "does not answer" not in answer.text
        assert "Traceback" not in answer.text
        assert "person" not in answer.text
    strict.settings.clear()
    # It was one connection, and it is as good as before.
    assert strict.database.engine.pool.checkedout() == 0
    assert strict.browser.get("/things/a").status_code == 200


def test_tables_that_are_brought_to_another_release_meanwhile_are_told_and_not_a_fault(
    server, own_database, tmp_path, clock, monkeypatch, request
):
    portals.with_pages(monkeypatch)
    found = Database(application_engine(server.url(APP, own_database)))
    with found.session("acme") as session:
        portals.tenants.create(session, portals.tenants.Profile("Acme"), portals.START)
    found.close()
    made = _strict(server.url(APP, own_database), tmp_path, clock, "ann@acme.example", "acme")
    request.addfinalizer(made.database.close)
    assert made.browser.get("/readyz").status_code == 200
    with server.superuser(own_database) as owner:
        owner.execute("ALTER TABLE portal.person RENAME COLUMN locale TO language")
        owner.execute("UPDATE portal.alembic_version SET version_num = '9999'")
    for answer in (made.browser.get("/things/a"), made.browser.call({})):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "brought to another release" in answer.text
        assert "locale" not in answer.text
        assert "Traceback" not in answer.text
    assert made.browser.get("/readyz").json == {"database": False, "folder": True}
    assert made.browser.get("/livez").status_code == 200
    with server.superuser(own_database) as owner:
        owner.execute("ALTER TABLE portal.person RENAME COLUMN language TO locale")
    # What still fits is answered: who serves while tables only grow is not in the way.
    assert made.browser.get("/things/a").status_code == 200
