"""What the tests of goals and owners share: a company of its own for each."""

import uuid

import pytest

from tests.ownership.company import ROLES, Company
from tests.web import portals
from tests.web.conftest import browser, clock, joined, signed_in

__all__ = ["browser", "clock", "joined"]


@pytest.fixture
def company(database, tenant) -> Company:
    return Company(database, tenant).fill()


@pytest.fixture
def rival(database, new_tenant) -> Company:
    return Company(database, new_tenant()).fill()


@pytest.fixture
def enter(joined, company):
    """Sign somebody of the company in, by the name of their role's person."""

    def enter(name: str, of: Company = company):
        email = f"in-{name}-{uuid.uuid4().hex[:8]}@example.org"
        portals.add_person(of.database, of.tenant, email, ROLES[name].value)
        return signed_in(joined, email)

    return enter


@pytest.fixture
def chief(enter):
    return enter("chief")
