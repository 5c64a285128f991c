"""The demo has one replaced KPI, with the bridge of six whole months stored; made once."""

import pytest

from portal.demo.cast import let_in
from portal.demo.companies import KESTREL, RAVENSTACK
from portal.demo.framework_bridges import NEW, OLD, replace_kpi
from portal.models.open_readings import Refreshed
from portal.services import bridges, lifecycles, tenants
from portal.services.lifecycles import LifeState
from portal.services.office import Office
from portal.tenancy.database import Database, application_engine
from portal.tenancy.names import APP
from tests.conftest import NOW


@pytest.fixture
def office(server, own_database, tmp_path):
    database = Database(application_engine(server.url(APP, own_database)))
    made = Office(database, None, tmp_path, lambda: NOW)
    with database.session(KESTREL.key) as session:
        tenants.create(session, KESTREL.profile, NOW)
        session.add(Refreshed(version=1, definitions="", read_on=NOW.date(), refreshed_at=NOW))
    let_in(made, KESTREL)
    yield made
    database.close()


def test_one_kpi_was_replaced_and_its_bridge_is_stored_once(office):
    for company in (KESTREL, RAVENSTACK, KESTREL):
        replace_kpi(office, company)
    with office.database.session(KESTREL.key) as session:
        (kept,) = bridges.stored(session)
        life = lifecycles.lives(session)[OLD]
    first = NOW.date().replace(day=1)
    assert (kept.run.kpi, kept.run.successor, kept.stored.by) == (OLD, NEW, "")
    assert (len(kept.shared), len(kept.steps)) == (6, 12)
    assert kept.shared[-1].period.end == first
    assert (life.state, life.by) == (LifeState.RETIRED, "Naomi Adler")
    assert life.since == kept.shared[0].period.start
