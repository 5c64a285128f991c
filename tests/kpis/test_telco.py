"""Records without a date give no trend: every KPI says what is missing, and none makes one up."""

from pathlib import Path

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue

DATA = Path(__file__).parents[3] / "shared" / "data" / "telco"
SOURCE = Path(__file__).parents[1] / "sources" / "telco.yaml"
OWN = """
- key: customers_by_start
  name: Customers
  question: How many began?
  class: outcome
  stage: retention
  department: success
  unit: count
  better: higher
  measure: {count: account, on: created_at}
"""
YEARS = ("--grain", "year", "--from", "2015-01-01", "--to", "2026-01-01")
_MISSING = ("no record of this kind was ever loaded", "no record has the date that would place it")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="Telco's file is not beside the repo")


@pytest.fixture(scope="module")
def telco(desk):
    """A tenant with the customers of a telephone company, and no date at all."""
    tenant = desk.tenant()
    report = desk.json("import", "--tenant", tenant, SOURCE, "--data", DATA)
    assert report["entities"]["account"]["inserted"] == 7043
    assert desk("kpi", "apply", desk.own(OWN), "--tenant", tenant).status == 0
    return tenant


@pytest.mark.parametrize("split", [(), ("--by", "segment")])
def test_a_kpi_that_needs_a_date_says_that_there_is_none(desk, telco, split):
    rows = desk.values(telco, "--kpi", "customers_by_start", *YEARS, *split)
    reason = "no record has the date that would place it in a period (account)"
    assert all((row["value"], row["reason"]) == (None, reason) for row in rows)
    assert split or len(rows) == 11


def test_no_kpi_that_ships_makes_up_a_number(desk, telco):
    asked = [word for key in shipped_catalogue() for word in ("--kpi", key)]
    rows = desk.values(telco, *asked, *YEARS)
    assert {row["state"] for row in rows} == {"absent"}
    assert {row["value"] for row in rows} == {None}
    assert all(any(why in row["reason"] for why in _MISSING) for row in rows)
