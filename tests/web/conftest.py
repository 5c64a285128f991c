"""A portal for the tests of its HTTP door."""

import uuid
from datetime import timedelta

import pytest

from portal.app import Joined
from portal.services import throttling
from portal.tenancy.doorway import DOOR
from tests.web import portals
from tests.web.portals import Browser, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def joined(database, tmp_path, clock, monkeypatch) -> Joined:
    portals.with_pages(monkeypatch)
    # Tests share the door and have clocks of their own: tries of the one must not slow the other.
    with database.session(DOOR) as session:
        throttling.clean(session, clock() + timedelta(days=9_000))
    return portals.make(database, tmp_path, clock)


@pytest.fixture
def browser(joined) -> Browser:
    """A browser at an address of its own, so that tests don't slow each other down."""
    return new_browser(joined)


def new_browser(joined: Joined) -> Browser:
    client = joined.server.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250}.9"
    return Browser(client)


def signed_in(joined: Joined, email: str) -> Browser:
    """A browser of their own in which somebody is signed in."""
    browser = new_browser(joined)
    assert browser.sign_in(email).status_code == 303
    return browser


@pytest.fixture
def ann(database, tenant) -> str:
    """A rep of the test's tenant."""
    email = f"ann-{uuid.uuid4().hex[:8]}@example.org"
    portals.add_person(database, tenant, email, "rep")
    return email


@pytest.fixture
def inside(browser, ann) -> Browser:
    """Ann's browser, signed in and on a page."""
    browser.sign_in(ann)
    browser.get("/things/a")
    return browser
