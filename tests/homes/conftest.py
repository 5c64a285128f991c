"""What the tests of homes share: one company, brought in and refreshed once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.store.store import Store
from portal.services import refreshing
from portal.services.engines import Workshop
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP
from tests.homes.company import AS_OF, STAGES, TABLES
from tests.kpis.desk import Desk
from tests.kpis.place import Place

NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def desk(server, tmp_path_factory):
    """The command on the server of this test run."""
    url = server.url(APP).render_as_string(hide_password=False)
    return Desk(url, tmp_path_factory.mktemp("homes"))


@pytest.fixture(scope="session")
def workshop(desk, database) -> Workshop:
    """An engine over the store of the desk."""
    home = Path(desk.home)
    store = Store(str(home / "facts"), home / "cache")
    return Workshop(database, store, lambda each: open_duckdb(each, home / "cache" / "spill"))


@pytest.fixture(scope="session")
def place(desk, database, workshop) -> Iterator[Place]:
    """The company of `company.py`, with numbers up to 1 June 2017."""
    tenant = desk.tenant("--currency", "EUR")
    desk.bring(tenant, TABLES, "--as-of", AS_OF, stages=STAGES)
    refreshing.refresh(workshop, TenantKey(tenant), NOW, back=6)
    return Place(TenantKey(tenant), database, workshop)


@pytest.fixture(scope="session")
def empty(desk, database, workshop) -> Place:
    """A tenant in which nothing was ever loaded."""
    return Place(TenantKey(desk.tenant()), database, workshop)
