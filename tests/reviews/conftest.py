"""What the tests of reviews share: a room of people with one open review."""

import pytest

from tests.actions.house import NOW, House
from tests.reviews.room import Room
from tests.web import portals
from tests.web.conftest import signed_in
from tests.web.portals import Clock


@pytest.fixture
def room(database, tenant):
    made = Room(House(database, tenant)).fill()
    made.open()
    return made


@pytest.fixture
def joined(database, tmp_path):
    return portals.make(database, tmp_path, Clock(NOW))


@pytest.fixture
def enter(joined):
    """Return a browser in which somebody is signed in."""

    def sign_in(actor):
        browser = signed_in(joined, actor.email)
        browser.get("/reviews")
        return browser

    return sign_in
