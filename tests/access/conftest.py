"""The browsers of the matrix: each role of one company, and a stranger to it; and a small firm."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal.app import join
from portal.config import Config
from portal.services import refreshing
from portal.tenancy.keys import TenantKey
from tests.access.firm import Firm
from tests.kpi_page.conftest import NOW
from tests.kpis.company import COMPANY
from tests.kpis.place import desk, workshop
from tests.web.conftest import browser, clock, joined
from tests.web.portals import Clock

__all__ = ["browser", "clock", "desk", "joined", "workshop"]


@pytest.fixture(scope="session")
def built(desk, database, workshop) -> Firm:
    """The company of `tests/kpis`, refreshed up to May 2017, and a portal over its facts."""
    tenant = TenantKey(desk.tenant("--currency", "EUR"))
    desk.bring(tenant, COMPANY, "--as-of", "2017-05-10T12:00:00Z")
    refreshing.refresh(workshop, tenant, NOW, back=6)
    home, now = Path(desk.home), Clock(NOW)
    config = Config(home=home, store=str(home / "facts"), secret_key="0123456789abcdef" * 4)
    found = Firm(join(config, now, database), database, tenant, now)
    found.add("executive")
    return found


@pytest.fixture
def firm(built) -> Firm:
    """The firm on its first day; what tests say of owners they say of people of their own."""
    built.clock.at = NOW
    return replace(built, browsers={})
