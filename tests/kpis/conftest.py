"""What the tests of questions share: one data folder, and a small company."""

import pytest

from portal.tenancy.names import APP
from tests.kpis.company import COMPANY
from tests.kpis.desk import Desk


@pytest.fixture(scope="session")
def desk(server, tmp_path_factory):
    """The command on the server of this test run."""
    url = server.url(APP).render_as_string(hide_password=False)
    return Desk(url, tmp_path_factory.mktemp("kpis"))


@pytest.fixture(scope="session")
def company(desk):
    """A tenant with the records of `company.py`, for tests that only ask."""
    tenant = desk.tenant("--currency", "EUR")
    desk.bring(tenant, COMPANY, "--as-of", "2017-05-10T12:00:00Z")
    return tenant
