"""The demo's second company shows its own name, colour and logo; what people set stays."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from portal.demo import brand
from portal.demo.companies import KESTREL, RAVENSTACK
from portal.security.roles import Role
from portal.services import branding, people
from portal.services.brand_logos import checked
from tests.conftest import NOW


@pytest.fixture
def company(monkeypatch, tenant, tenant_session):
    """RavenStack, as a tenant of this test with its administrator."""
    made = replace(RAVENSTACK, key=tenant)
    chief = next(
        one for one in brand.CAST if one.company == RAVENSTACK.key and "admin" in one.roles
    )
    monkeypatch.setattr(brand, "RAVENSTACK", made)
    monkeypatch.setattr(brand, "CAST", (replace(chief, company=tenant),))
    with tenant_session(tenant) as session:
        people.add(session, people.NewPerson(chief.email, [Role.ADMIN.value]), NOW)
    return made


@pytest.fixture
def office(database):
    """What the demo is made with, as far as this needs it."""
    return SimpleNamespace(database=database, now=lambda: NOW)


def test_ravenstack_shows_its_own_and_keeps_what_people_change(company, office, tenant_session):
    brand.show_itself(office, company)
    with tenant_session(company.key) as session:
        found = branding.read(session)
    assert (found.name, found.accent, found.version) == ("RavenStack", "#6B2D5C", 1)
    assert found.logo
    brand.show_itself(office, company)
    with tenant_session(company.key) as session:
        assert branding.read(session) == found


def test_kestrel_stays_plain(company, office, tenant_session):
    brand.show_itself(office, KESTREL)
    with tenant_session(company.key) as session:
        assert branding.read(session).version == 0


def test_its_logo_is_drawn_as_one_that_a_person_could_send():
    made = checked(brand.logo())
    assert (made.width, made.height, made.ground) == (96, 96, "light")
