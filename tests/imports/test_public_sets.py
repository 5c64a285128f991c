"""Each public set that the CRM can hold comes in whole, its traps dealt with as its file says."""

from pathlib import Path

import pytest

from tests.imports.conftest import Shop

_HERE = Path(__file__).parent.parent
_DATA = _HERE.parent.parent / "shared" / "data"
_SOURCES = _HERE / "sources"

pytestmark = pytest.mark.skipif(not _DATA.exists(), reason="../shared/data is not there")

# By source file: its folder, how many records of each entity, how many rows are rejected.
SETS = {
    "adventureworks": (
        "adventureworks_dw",
        {"user": 17, "quota": 163, "account": 701, "contact": 2059},
        0,
    ),
    "dedupe_people": ("dedupe", {"contact": 6000}, 0),
    "dedupe_restaurants": ("dedupe", {"account": 533}, 0),
    "fivetran_hubspot": (
        "fivetran_hubspot",
        {"team": 3, "user": 100, "account": 24, "contact": 22, "opportunity": 22, "campaign": 100}
        | {"touch": 102, "activity": 105, "ticket": 25},
        22,
    ),
    "fivetran_salesforce": (
        "fivetran_salesforce",
        {"team": 10, "user": 10, "product": 2, "account": 1, "contact": 4, "lead": 1}
        | {"opportunity": 0, "stage_change": 10, "activity": 20},
        0,
    ),
    "fivetran_zendesk": (
        "fivetran_zendesk",
        {"team": 8, "user": 1, "account": 10, "contact": 9, "ticket": 8},
        0,
    ),
    "helpdesk_italy": ("helpdesk_italy", {"user": 22, "ticket": 4580}, 0),
    "kag_ads": ("kag_ads", {"campaign": 1143, "touch": 4572}, 0),
    "lead_scoring": ("lead_scoring", {"contact": 9240}, 0),
    "maven": (
        "maven_crm",
        {"team": 6, "user": 35, "product": 7, "account": 85, "opportunity": 8800},
        0,
    ),
    "ravenstack": ("ravenstack", {"account": 500, "subscription": 5000, "ticket": 2000}, 0),
    "salesforce_npsp": (
        "salesforce_npsp",
        {"account": 1223, "contact": 1024, "campaign": 13, "opportunity": 1517},
        0,
    ),
    "telco": ("telco", {"account": 7043}, 0),
}


def _load(shop: Shop, name: str):
    return shop.load(_SOURCES / f"{name}.yaml", data=_DATA / SETS[name][0])


def test_every_source_file_is_listed_here():
    assert {path.stem for path in _SOURCES.glob("*.yaml")} == set(SETS)


@pytest.mark.parametrize("name", list(SETS))
def test_a_set_comes_in_whole_and_again_changes_nothing(shop, name):
    _, expected, rejected = SETS[name]
    report = _load(shop, name)
    assert {entity: written.inserted for entity, written in report.entities.items()} == expected
    assert report.rejected_rows == rejected
    again = _load(shop, name)
    assert (again.outcome, again.version) == ("unchanged", 1)
    assert {entity: written.unchanged for entity, written in again.entities.items()} == expected


def test_maven_loses_nothing_to_a_product_that_is_written_in_two_ways(shop):
    report = _load(shop, "maven")
    assert not report.unknown_references
    assert not report.unmapped_stages
    deals = shop.records("opportunity", "product_id account_id created_at stage amount closed_at")
    assert {deal["product_id"] for deal in deals} <= {p["id"] for p in shop.records("product")}
    assert sum(deal["product_id"] == "GTX Pro" for deal in deals) == 1480
    assert sum(deal["account_id"] is None for deal in deals) == 1425
    assert sum(deal["created_at"] is None for deal in deals) == 500
    won = [deal for deal in deals if deal["stage"] == "Won"]
    assert (len(won), sum(deal["amount"] for deal in won)) == (4238, 10_005_534)
    assert {deal["amount"] for deal in deals if deal["stage"] == "Lost"} == {0}


def test_telco_has_no_date_anywhere(shop):
    _load(shop, "telco")
    accounts = shop.records("account", "created_at updated_at attributes")
    assert all(account["created_at"] is None is account["updated_at"] for account in accounts)
    assert sum("total_charges" in account["attributes"] for account in accounts) == 7043 - 11


def test_ravenstack_has_its_trials_and_silent_customers(shop):
    _load(shop, "ravenstack")
    trials = [s for s in shop.records("subscription", "mrr is_trial") if s["is_trial"]]
    assert sum(trial["mrr"] == 0 for trial in trials) == 778
    tickets = shop.records("ticket", "satisfaction created_at first_response_at")
    assert sum(ticket["satisfaction"] is None for ticket in tickets) == 825
    assert all(ticket["first_response_at"] >= ticket["created_at"] for ticket in tickets)


def test_the_help_desks_events_become_tickets(shop):
    _load(shop, "helpdesk_italy")
    tickets = {t["id"]: t for t in shop.records("ticket", "created_at closed_at owner_id status")}
    assert sum(ticket["closed_at"] is None for ticket in tickets.values()) == 21
    assert sum(ticket["status"] != "Closed" for ticket in tickets.values()) == 23
    assert all(t["closed_at"] >= t["created_at"] for t in tickets.values() if t["closed_at"])
    assert str(tickets["Case3608"]["created_at"]) == "2010-01-13 06:40:25"


def test_the_ads_sums_are_kept(shop):
    _load(shop, "kag_ads")
    touches = shop.records("touch", "kind count")
    sums = {
        kind: sum(t["count"] for t in touches if t["kind"] == kind)
        for kind in ("delivered", "clicked")
    }
    assert sums == {"delivered": 213_434_828, "clicked": 38_165}


def test_what_a_form_shows_before_a_choice_is_nothing(shop):
    _load(shop, "lead_scoring")
    people = shop.records("contact", "title attributes")
    assert not any("Select" in f"{person['title']}{person['attributes']}" for person in people)


def test_quotas_stand_in_twelve_quarters(shop):
    _load(shop, "adventureworks")
    quotas = shop.records("quota", "period_start_on owner_id")
    starts = sorted({quota["period_start_on"] for quota in quotas})
    assert len(starts) == 12
    assert all(start.day == 1 and start.month % 3 == 1 for start in starts)
    assert len({(quota["owner_id"], quota["period_start_on"]) for quota in quotas}) == len(quotas)
