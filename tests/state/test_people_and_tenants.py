"""Tenants and people are kept as they were said, or one sentence says what is off."""

import pytest

from kpi_engine.crm.stages import StageRule
from kpi_engine.definitions.settings import BadSettingsError
from portal.errors import (
    BadInputError,
    PersonExistsError,
    PortalError,
    TenantExistsError,
    UnknownNameError,
    UnknownTenantError,
)
from portal.security.passwords import hashed, matches
from portal.security.roles import Role
from portal.services import people, tenants
from portal.tenancy.keys import tenant_key
from tests.conftest import NOW


@pytest.fixture
def do(tenant, tenant_session):
    """Do one thing in the tenant, in a transaction of its own."""

    def do(intent, *arguments):
        with tenant_session(tenant) as session:
            return intent(session, *arguments)

    return do


def a_person(email="ann@example.org", roles=("rep",), **more):
    return people.NewPerson(email, roles, **more)


def test_a_tenant_is_as_it_was_said(tenant_session):
    profile = tenants.Profile("  Acme\tCorp ", "europe/paris", "eur", 4, "Sunday")
    with tenant_session("as_said") as session:
        card = tenants.create(session, profile, NOW)
    with tenant_session("as_said") as session:
        assert tenants.get(session) == card
    assert (card.name, card.timezone, card.currency) == ("Acme Corp", "Europe/Paris", "EUR")
    assert (card.fiscal_start, card.week_start, card.created_at) == (4, 6, NOW)
    assert (card.settings, card.stages) == ({}, {})


_OFF = [
    ({"name": " "}, "name is empty"),
    ({"name": "x" * 201}, "longer than 200"),
    ({"name": "a\x00b"}, "invisible"),
    ({"name": "\u202eevil"}, "invisible"),
    ({"timezone": "Europe/Pari"}, "Did you mean 'Europe/Paris'"),
    ({"timezone": "../../etc/passwd"}, "no time zone called"),
    ({"timezone": ""}, "no time zone called"),
    ({"currency": "EUX"}, "Did you mean 'EUR'"),
    ({"currency": "EURO"}, "Did you mean 'EUR'"),
    ({"currency": "€"}, "no currency called"),
    ({"fiscal_start": 0}, "month 0"),
    ({"fiscal_start": 13}, "month 13"),
    ({"week_start": "mondy"}, "Did you mean 'monday'"),
    ({"week_start": "1"}, "Choose from monday"),
]


@pytest.mark.parametrize(("said", "why"), _OFF)
def test_a_profile_that_is_off_is_told_why(tenant_session, said, why):
    with tenant_session("off") as session, pytest.raises(BadInputError, match=why):
        tenants.create(session, tenants.Profile(**{"name": "A", **said}), NOW)
    with tenant_session("off") as session, pytest.raises(UnknownTenantError):
        tenants.get(session)


@pytest.mark.parametrize("key", ["", "A", "-a", "a b", "a/b", "..", "a" * 41, "ä", "a\n", "a;b"])
def test_a_key_that_is_off_is_refused(key):
    with pytest.raises(BadInputError, match="can't be a tenant's key"):
        tenant_key(key)


@pytest.mark.parametrize("key", ["a", "0", "a" * 40, "a-b_c", "2017"])
def test_a_plain_key_is_taken(key):
    assert tenant_key(key) == key


def test_a_tenant_is_made_once(do):
    with pytest.raises(TenantExistsError):
        do(tenants.create, tenants.Profile("B"), NOW)
    assert do(tenants.get).name == "A company"


def test_a_setting_is_kept_and_taken_back(do):
    assert do(tenants.set_setting, "satisfied_from", 5).settings == {"satisfied_from": 5}
    assert do(tenants.set_setting, "lead_response_limit", "2h").settings == {
        "satisfied_from": 5,
        "lead_response_limit": "2h",
    }
    do(tenants.set_setting, "satisfied_from", None)
    assert do(tenants.get).settings == {"lead_response_limit": "2h"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("satisfied_frm", 5), ("satisfied_frm", None), ("satisfied_from", "many")],
)
def test_a_setting_that_is_off_changes_nothing(do, name, value):
    with pytest.raises(BadSettingsError):
        do(tenants.set_setting, name, value)
    assert do(tenants.get).settings == {}


def test_stages_are_added_to_the_map_and_replaced_in_it(do):
    do(tenants.merge_stages, {"Won": StageRule("open"), "Lead": StageRule("open", 1, 0.1, "p")})
    merged = do(tenants.merge_stages, {"Won": StageRule("won"), "Early": StageRule("open", 0)})
    assert list(merged) == ["Early", "Lead", "Won"]
    assert merged == do(tenants.get).stages
    assert merged["Lead"] == StageRule("open", 1, 0.1, "p")
    assert merged["Won"] == StageRule("won")


def test_a_person_is_as_they_were_said(do):
    card = do(
        people.add,
        a_person(
            "Ann.O'Neil+crm@Example.org",
            ("leader", "rep", "leader"),
            crm_user_id="42",
            team_id="7",
            password="correct horse battery",
        ),
        NOW,
    )
    assert card == do(people.find, "ann.o'neil+CRM@example.org")
    assert (card.email, card.roles) == ("Ann.O'Neil+crm@Example.org", (Role.REP, Role.LEADER))
    assert (card.crm_user_id, card.team_id, card.has_password) == ("42", "7", True)


def test_a_person_without_a_password_has_none(do):
    assert not do(people.add, a_person(), NOW).has_password


def test_an_address_is_taken_once_in_a_tenant_however_it_is_written(do, new_tenant, tenant_session):
    do(people.add, a_person("ann@example.org"), NOW)
    with pytest.raises(PersonExistsError):
        do(people.add, a_person("ANN@example.ORG"), NOW)
    with tenant_session(new_tenant()) as session:
        assert people.add(session, a_person("ann@example.org"), NOW).email == "ann@example.org"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@example",
        "a b@example.org",
        "ann@example..org",
        "ann@.example.org",
        "ann@example.org.",
        "ann@@example.org",
        "a\x00b@example.org",
        "Ann <ann@example.org>",
        "ann@example.org,bob@example.org",
        "a" * 65 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused(do, email):
    with pytest.raises(BadInputError):
        do(people.add, a_person(email), NOW)


def test_a_role_that_is_none_names_the_nearest(do):
    with pytest.raises(UnknownNameError, match="Did you mean 'leader'"):
        do(people.add, a_person(roles=("rep", "leadr")), NOW)
    with pytest.raises(BadInputError, match="needs a role"):
        do(people.add, a_person(roles=()), NOW)


def test_nobody_is_added_to_a_tenant_that_is_not_there(tenant_session):
    with tenant_session("nobody") as session, pytest.raises(UnknownTenantError):
        people.add(session, a_person(), NOW)


@pytest.mark.parametrize("password", ["", "x" * 11, "x" * 129])
def test_a_password_has_12_to_128_characters(password):
    with pytest.raises(PortalError, match=f"this one has {len(password)}"):
        hashed(password)


def test_a_password_is_known_again_and_stored_as_none_of_itself():
    password = "correct höre battery " + "x" * 100
    stored = hashed(password)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password not in stored
    assert matches(password, stored)
    assert not matches(password[:-1], stored)
    assert hashed(password) != stored
