"""What the tests of the past share: one data folder."""

import pytest

from tests.history.story import tell
from tests.kpis.place import desk

__all__ = ["desk"]


@pytest.fixture(scope="session")
def told(desk):
    """A tenant with the whole story, and what its snapshots said."""
    tenant = desk.tenant()
    return tenant, *tell(desk, tenant)


@pytest.fixture(scope="session")
def tenant(told):
    """The tenant of the story, for tests that only ask."""
    return told[0]
