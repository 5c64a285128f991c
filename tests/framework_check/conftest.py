"""What the tests of the check share: a company of its own for each, and browsers."""

import pytest

from tests.ownership.company import Company
from tests.web.conftest import browser, clock, joined

__all__ = ["browser", "clock", "joined"]


@pytest.fixture
def company(database, tenant) -> Company:
    return Company(database, tenant).fill()


@pytest.fixture
def rival(database, new_tenant) -> Company:
    return Company(database, new_tenant()).fill()
