"""The small company of `tests/kpis`, looked at by people of every role."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.store.store import Store
from portal.readmodels.kpi_page import KpiPage
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import kpi_page, refreshing
from portal.services.desks import open_desk
from portal.services.engines import Workshop
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP
from tests.kpis.company import COMPANY
from tests.kpis.desk import Desk
from tests.kpis.place import Place

NOW = datetime(2017, 5, 10, 12, tzinfo=UTC)


class KpiPlace(Place):
    """The same, and the page of a KPI there."""

    def page(self, actor: Actor, kpi: str, query: Mapping[str, str] | None = None) -> KpiPage:
        """Return the page of a KPI as somebody sees it."""
        with self.database.session(actor.tenant) as session:
            desk = open_desk(session, actor, NOW)
            return kpi_page.read(self.workshop, desk, kpi, query or {})


@pytest.fixture(scope="session")
def desk(server, tmp_path_factory):
    """The command on the server of this test run."""
    url = server.url(APP).render_as_string(hide_password=False)
    return Desk(url, tmp_path_factory.mktemp("kpi_page"))


@pytest.fixture(scope="session")
def workshop(desk, database) -> Workshop:
    """An engine over the store of the desk."""
    home = Path(desk.home)
    store = Store(str(home / "facts"), home / "cache")
    return Workshop(database, store, lambda each: open_duckdb(each, home / "cache" / "spill"))


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
