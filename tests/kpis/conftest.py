"""What the tests of questions share: one data folder, and a small company."""

import pytest

from tests.kpis.company import COMPANY
from tests.kpis.place import desk

__all__ = ["desk"]


@pytest.fixture(scope="session")
def company(desk):
    """A tenant with the records of `company.py`, for tests that only ask."""
    tenant = desk.tenant("--currency", "EUR")
    desk.bring(tenant, COMPANY, "--as-of", "2017-05-10T12:00:00Z")
    return tenant
