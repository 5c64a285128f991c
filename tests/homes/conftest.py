"""What the tests of homes share: one company, brought in and refreshed once."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from portal.services import refreshing
from portal.tenancy.keys import TenantKey
from tests.homes.company import AS_OF, STAGES, TABLES
from tests.kpis.place import Place, desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)


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
