"""What the tests of numbers share: one data folder, and a company in the middle of April 2017."""

from datetime import UTC, datetime

import pytest

from portal.services import tenants
from portal.services.engines import calendar_of
from portal.services.refreshing import refresh
from tests.kpis.desk import a_deal, a_person, a_team
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 4, 12, 15, tzinfo=UTC)
CRM = {
    "team": [a_team("north"), a_team("ne", parent_id="north"), a_team("south")],
    "user": [a_person("ann", "north"), a_person("bob", "south"), a_person("cid", "ne")],
    "opportunity": [
        a_deal("a", "ann", amount=10, closed="2017-04-05"),
        a_deal("b", "ann", amount=7, closed="2017-03-05"),
        a_deal("c", "bob", amount=1000, closed="2017-03-20"),
        a_deal("d", "ann", amount=3, closed="2016-04-12", created_at="2016-01-05"),
        a_deal("e", "ann", amount=500, closed="2016-04-13", created_at="2016-01-05"),
        a_deal("f", "cid", amount=20, closed="2017-02-10"),
        a_deal("g", "cid", stage="Lost", amount=5, closed="2017-04-03"),
        a_deal("h", "cid", stage="Open", amount=40, closed="", created_at="2017-03-08"),
        a_deal("i", "bob", stage="Open", amount=80, closed="", created_at="2017-03-25"),
    ],
    "quota": [
        {
            "id": "q4",
            "owner_id": "ann",
            "amount": 40,
            "period_start_on": "2017-04-01",
            "period_grain": "month",
        },
        {
            "id": "q5",
            "owner_id": "ann",
            "amount": 60,
            "period_start_on": "2017-05-01",
            "period_grain": "month",
        },
        {
            "id": "s4",
            "team_id": "south",
            "amount": 400,
            "period_start_on": "2017-04-01",
            "period_grain": "quarter",
        },
    ],
}


@pytest.fixture(scope="session")
def company(desk, workshop):
    """A tenant whose numbers were refreshed in the middle of April."""
    key = desk.tenant("--timezone", "Europe/Paris")
    desk.bring(key, CRM, "--as-of", "2017-04-12")
    refresh(workshop, key, NOW)
    return key


@pytest.fixture
def session(database, company):
    """A transaction of the company."""
    with database.session(company) as opened:
        yield opened


@pytest.fixture
def calendar(session):
    """How the company cuts time."""
    return calendar_of(tenants.get(session))
