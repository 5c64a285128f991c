"""A portal with its pages, for who looks at what a company shows."""

import uuid

import pytest

from tests.web import portals
from tests.web.conftest import browser, clock, joined, signed_in
from tests.web.portals import Browser

__all__ = ["browser", "clock", "joined"]


@pytest.fixture
def inside(joined, database):
    """Sign a person of a tenant and role in, in a browser of their own."""

    def made(tenant, role: str = "admin") -> Browser:
        email = f"{role}-{uuid.uuid4().hex[:8]}@example.org"
        portals.add_person(database, tenant, email, role)
        return signed_in(joined, email)

    return made


@pytest.fixture
def office(inside, tenant) -> Browser:
    """An administrator's browser."""
    return inside(tenant)
