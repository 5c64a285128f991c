"""What the tests of reviews share: a room of people with one open review."""

import pytest

from tests.actions.house import House
from tests.reviews.room import Room


@pytest.fixture
def room(database, tenant):
    made = Room(House(database, tenant)).fill()
    made.open()
    return made
