"""The small company of `tests/kpis`, looked at by people of every role."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from portal.readmodels.kpi_page import KpiPage
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import kpi_page, refreshing
from portal.services.desks import open_desk
from portal.tenancy.keys import TenantKey
from tests.kpis.company import COMPANY
from tests.kpis.place import Place, desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 5, 10, 12, tzinfo=UTC)


class KpiPlace(Place):
    """The same, and the page of a KPI there."""

    def page(self, actor: Actor, kpi: str, query: Mapping[str, str] | None = None) -> KpiPage:
        """Return the page of a KPI as somebody sees it."""
        with self.database.session(actor.tenant) as session:
            desk = open_desk(session, actor, NOW)
            return kpi_page.read(self.workshop, desk, kpi, query or {})


@pytest.fixture(scope="session")
def place(desk, database, workshop) -> KpiPlace:
    """The company, refreshed up to May 2017."""
    tenant = TenantKey(desk.tenant("--currency", "EUR"))
    desk.bring(tenant, COMPANY, "--as-of", "2017-05-10T12:00:00Z")
    refreshing.refresh(workshop, tenant, NOW, back=6)
    return KpiPlace(tenant, database, workshop)


@pytest.fixture
def executive(place: KpiPlace) -> Actor:
    """Somebody who sees all numbers."""
    return place.actor(Role.EXECUTIVE)


@pytest.fixture
def ann(place: KpiPlace) -> Actor:
    """A rep of the north."""
    return place.actor(Role.REP, "ann", "north")


@pytest.fixture
def leader(place: KpiPlace) -> Actor:
    """Who leads the north, with the north east below it."""
    return place.actor(Role.LEADER, "ann", "north")
