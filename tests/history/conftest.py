"""What the tests of the past share: one data folder."""

import pytest

from portal.tenancy.names import APP
from tests.history.story import tell
from tests.kpis.desk import Desk


@pytest.fixture(scope="session")
def desk(server, tmp_path_factory):
    """The command on the server of this test run."""
    url = server.url(APP).render_as_string(hide_password=False)
    return Desk(url, tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="session")
def told(desk):
    """A tenant with the whole story, and what its snapshots said."""
    tenant = desk.tenant()
    return tenant, *tell(desk, tenant)


@pytest.fixture(scope="session")
def tenant(told):
    """The tenant of the story, for tests that only ask."""
    return told[0]
