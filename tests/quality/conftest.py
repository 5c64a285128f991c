"""A company whose records lack all sorts of things, in the middle of April 2017."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from kpi_engine.definitions.kinds import KpiKey
from portal.readmodels.quality import QualityPage
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import ownership_changes, quality_page
from portal.services.auditing import Trace
from portal.services.desks import open_desk
from portal.services.ownership_changes import OwnerChange
from portal.services.refreshing import refresh
from portal.tenancy.keys import TenantKey
from tests.kpis.desk import a_deal, a_person, a_team
from tests.kpis.place import Place, desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 4, 12, 15, tzinfo=UTC)
_MARCH = "2017-03-05"


def _deals():
    """Deals of Ann, who fills little in, and of Bob, who fills everything in."""
    yield from (a_deal(f"a{n}", closed=_MARCH) for n in range(12))
    yield from (a_deal(f"b{n}", closed=_MARCH, amount="") for n in range(14))
    yield from (a_deal(f"c{n}", "bob", closed=_MARCH) for n in range(15))
    yield from (a_deal(f"d{n}", stage="Pondering", closed="") for n in range(3))
    yield from (a_deal(f"e{n}", closed="") for n in range(2))
    for number in range(10):
        close = "2017-03-01" if number < 4 else "2017-06-01"
        yield a_deal(f"f{number}", stage="Open", closed="", expected_close_on=close)
    yield a_deal("broken", closed="no day at all")


CRM = {
    "team": [a_team("north"), a_team("south")],
    "user": [a_person("ann", "north"), a_person("bob", "south")],
    "opportunity": list(_deals()),
    "lead": [
        {"id": f"l{n}", "owner_id": "" if n < 10 else "ann", "created_at": _MARCH}
        for n in range(30)
    ],
}
LATE = [
    {"id": f"m{month}{n}", "owner_id": "ann", "created_at": f"{month}-0{1 + n % 9}"}
    for month in ("2016-10", "2016-11", "2016-12", "2017-01", "2017-02")
    for n in range(20)
]
"""Leads of whom every second one came a day late: closed periods moved."""


class QualityPlace(Place):
    """The company, and its page of data quality."""

    def page(self, actor: Actor, query: Mapping[str, str] | None = None) -> QualityPage:
        """Return the page as somebody sees it; without other words, of every KPI that there is."""
        with self.database.session(self.tenant) as session:
            told = {"of": "all", "show": "all"} if query is None else query
            return quality_page.read(self.workshop, open_desk(session, actor, NOW), told)


@pytest.fixture(scope="session")
def place(desk, database, workshop) -> QualityPlace:
    """The company, refreshed."""
    tenant = TenantKey(desk.tenant("--timezone", "Europe/Paris"))
    first = {**CRM, "lead": [*CRM["lead"], *LATE[::2]]}
    desk.bring(tenant, first, "--as-of", "2017-04-11")
    refresh(workshop, tenant, NOW - timedelta(days=1), back=6)
    desk.bring(tenant, {**CRM, "lead": [*CRM["lead"], *LATE]}, "--as-of", "2017-04-12")
    refresh(workshop, tenant, NOW, back=6)
    return QualityPlace(tenant, database, workshop)


@pytest.fixture
def executive(place) -> Actor:
    """Somebody who sees all numbers."""
    return place.actor(Role.EXECUTIVE)


@pytest.fixture
def ann(place) -> Actor:
    """A rep who fills little in."""
    return place.actor(Role.REP, "ann", "north")


@pytest.fixture
def bob(place) -> Actor:
    """A rep who fills everything in."""
    return place.actor(Role.REP, "bob", "south")


@pytest.fixture
def owner(place, executive) -> Actor:
    """Who answers for the won revenue of the company and sees nothing else."""
    actor = place.actor(Role.OWNER)
    trace = Trace(NOW)
    with place.database.session(place.tenant) as session:
        at = open_desk(session, executive, NOW)
        change = OwnerChange(KpiKey("won_revenue"), actor.person, at.today)
        ownership_changes.set_owner(at, change, trace)
    return actor
