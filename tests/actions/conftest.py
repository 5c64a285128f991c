"""What the tests of actions share: a house, and the people in it."""

import pytest
from sqlalchemy import create_engine

from portal.tenancy.names import OWNER
from tests.actions.house import House


@pytest.fixture
def house(database, tenant):
    made = House(database, tenant)
    made.staff()
    return made


@pytest.fixture
def chief(house):
    """Sees everything, and answers for it."""
    return house.add("Chief Example", "executive")


@pytest.fixture
def lead(house):
    """Leads the north."""
    return house.add("Lena Lead", "leader", team_id="north")


@pytest.fixture
def ann(house):
    """Sells in the north, and sees her own numbers."""
    return house.add("Ann Rep", "rep", crm_user_id="ann")


@pytest.fixture
def bob(house):
    """Sells in the south."""
    return house.add("Bob Rep", "rep", crm_user_id="bob")


@pytest.fixture
def owned(server):
    """An engine of the tables' owner, on the database that tests share."""
    engine = create_engine(server.url(OWNER))
    yield engine
    engine.dispose()
