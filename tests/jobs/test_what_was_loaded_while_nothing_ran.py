"""Data that came by hand, with no scheduler: whoever starts the portal has its numbers made."""

import os

import pytest
import yaml

from portal.cli import serving
from portal.config import Config
from portal.jobs import refreshes
from portal.services.refreshing import last_refresh
from portal.tenancy.database import open_database
from portal.tenancy.keys import TenantKey
from tests.kpis.desk import STAGES

ACME = TenantKey("acme")
DEALS = "id,owner_id,stage,amount,created_at,closed_at\na,ann,Won,10,2017-01-05,2017-03-10\n"
FIELDS = DEALS.split("\n", 1)[0].split(",")


@pytest.fixture
def loaded(portal, tmp_path):
    """The command on a data folder into which deals were brought, and nothing else was done."""
    (tmp_path / "deals.csv").write_text(DEALS)
    table = {"file": "deals.csv", "entity": "opportunity", "fields": {one: one for one in FIELDS}}
    source = tmp_path / "source.yaml"
    source.write_text(yaml.safe_dump({"source": "crm", "stages": STAGES, "tables": [table]}))
    portal("tenant", "create", ACME, "--name", "Acme")
    portal("tenant", "create", "empty", "--name", "Nobody yet")
    said = portal("import", "--tenant", ACME, source)
    assert "portal refresh --tenant acme" in said.out
    return portal


@pytest.fixture
def config(loaded):
    return Config.from_environ(os.environ)


@pytest.fixture
def opened(config):
    """The database of the command."""
    found = open_database(config)
    yield found
    found.close()


def told(opened):
    with opened.session(ACME) as session:
        last = last_refresh(session)
    return 0 if last is None else last.version


def test_who_only_serves_has_the_numbers_made_of_what_was_loaded(config, opened):
    assert refreshes.any_due(opened)
    begun = serving.catch_up(config, opened)
    assert begun is not None
    assert begun.wait(120) == 0
    assert told(opened) == 1
    assert not refreshes.any_due(opened)
    assert serving.catch_up(config, opened) is None


def test_without_a_tenant_everybody_is_refreshed_whose_newest_load_is_not_told(loaded, opened):
    first, again = loaded("refresh"), loaded("refresh", "--format", "json")
    assert (first.status, told(opened)) == (0, 1)
    assert "refresh of acme, version 1" in first.out
    assert again.out == '{"refreshed": 0, "said": []}\n'
    assert loaded("refresh").out == "Every tenant's pages tell of its newest load.\n"


def test_months_are_asked_for_one_tenant_at_a_time(loaded, opened):
    said = loaded("refresh", "--back", "2")
    assert said.status == 2
    assert "--back needs --tenant" in said.err
    assert told(opened) == 0
