"""A load lands whole, changes what changed and nothing else, and says what it did."""

import csv
from datetime import datetime
from decimal import Decimal

import pytest

from kpi_engine.errors import BadFileError
from portal.errors import BadInputError, LoadOutOfOrderError, UnknownTenantError
from portal.services import imports, loads, tenants
from portal.services.import_report import Outcome
from portal.services.office import Office
from portal.tenancy.keys import tenant_key
from tests.imports.conftest import Shop
from tests.imports.sources import DEALS, PEOPLE, deals


@pytest.fixture
def loaded(shop: Shop) -> Shop:
    """A shop into which two people and three deals were imported."""
    shop.write("people.csv", PEOPLE)
    shop.write("deals.csv", deals())
    shop.load(DEALS)
    return shop


def _counts(report, entity="opportunity"):
    found = report.entities[entity]
    return (found.inserted, found.changed, found.unchanged, found.deleted, found.repeated)


def test_a_first_load_brings_everything_and_its_stages(loaded):
    assert loaded.version() == 1
    assert [deal["amount"] for deal in loaded.records("opportunity", "amount")] == [10, 100, 1000]
    assert loaded.stages() == {"Open": "open", "Won": "won"}


def test_loading_the_same_again_changes_nothing_and_makes_no_version(loaded):
    report = loaded.load()
    assert (report.outcome, report.version) == (Outcome.UNCHANGED, 1)
    assert _counts(report) == (0, 0, 3, 0, 0)
    assert loaded.version() == 1


def test_the_next_version_has_what_changed_and_only_that(loaded):
    loaded.write("deals.csv", deals(_2="2,bob,Won,200,2024-01-02", _4="4,ann,Open,1,2024-02-01"))
    report = loaded.load()
    assert _counts(report) == (1, 1, 2, 0, 0)
    assert report.version == loaded.version() > 1
    assert [deal["amount"] for deal in loaded.records("opportunity", "amount")] == [
        10,
        200,
        1000,
        1,
    ]


def test_the_last_of_repeated_ids_wins_and_the_others_are_counted(loaded):
    loaded.write("deals.csv", deals() + "1,bob,Won,77,2024-01-01\n1,bob,Won,78,2024-01-01\n")
    report = loaded.load()
    assert _counts(report) == (0, 1, 2, 0, 2)
    assert loaded.records("opportunity", "amount")[0]["amount"] == 78


def test_tables_of_one_entity_are_one_stream_and_the_later_wins(shop):
    shop.write("a.csv", "id,name\n1,first\n2,kept\n")
    shop.write("b.csv", "id,name\n1,second\n3,new\n")
    report = shop.load(
        "source: crm\ntables:\n"
        "  - {file: a.csv, entity: user, fields: {id: id, name: name}}\n"
        "  - {file: b.csv, entity: user, fields: {id: id, name: name}}\n"
    )
    assert _counts(report, "user") == (3, 0, 0, 0, 1)
    assert [user["name"] for user in shop.records("user", "name")] == ["second", "kept", "new"]


def test_only_a_full_load_deletes_what_the_source_no_longer_has(loaded):
    loaded.write("deals.csv", deals(_2=None))
    assert _counts(loaded.load()) == (0, 0, 2, 0, 0)
    assert _counts(loaded.load(full=True)) == (0, 0, 2, 1, 0)
    assert [deal["id"] for deal in loaded.records("opportunity")] == ["1", "3"]


def test_a_full_load_leaves_other_sources_alone(loaded):
    other = DEALS.replace("source: crm", "source: erp")
    loaded.load(other, full=True)
    assert len(loaded.records("opportunity")) == 6


def test_a_full_load_that_would_delete_beside_rejected_rows_is_refused(loaded):
    loaded.write("deals.csv", deals(_2="2,bob,Won,oops,2024-01-02"))
    with pytest.raises(BadInputError, match="1 rows of deals.csv were rejected"):
        loaded.load(full=True)
    assert loaded.version() == 1
    assert len(loaded.records("opportunity")) == 3


def test_a_dry_run_counts_alike_and_changes_nothing(loaded):
    loaded.write("deals.csv", deals(_1=None, _2="2,bob,Lost,200,2024-01-02", _4="4,eve,X,1,x"))
    dry = loaded.load(DEALS.replace("Open:", "Begun:"), dry_run=True, full=False)
    assert (dry.outcome, dry.version) == (Outcome.DRY_RUN, 1)
    assert _counts(dry) == (0, 1, 1, 0, 0)
    assert dry.rejected_rows == 1
    assert loaded.version() == 1
    assert loaded.stages() == {"Open": "open", "Won": "won"}
    assert not list((loaded.folder / "home").rglob("*.csv"))
    with loaded.database.session(loaded.tenant) as session:
        assert len(loads.newest(session)) == 1


def test_a_dry_run_of_an_empty_store_has_no_version(shop):
    shop.write("people.csv", PEOPLE)
    shop.write("deals.csv", deals())
    report = shop.load(DEALS, dry_run=True)
    assert report.version is None
    assert _counts(report) == (3, 0, 0, 0, 0)


def test_rejected_rows_are_listed_with_their_place_and_the_rest_lands(loaded):
    loaded.write("deals.csv", deals(_1="1,ann,Open,=1+1,2024-01-01", _2="2,,Won,nan,2024-13-01"))
    report = loaded.load(rejected=loaded.folder / "out.csv")
    assert report.rejected_rows == 2
    assert [(c.line, c.column, c.value) for c in report.rejected] == [
        (2, "amount", "=1+1"),
        (3, "amount", "nan"),
        (3, "made", "2024-13-01"),
        (3, "owner", ""),
    ]
    with (loaded.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["value"] == "'=1+1"
    assert [row["line"] for row in rows] == ["2", "3", "3", "3"]
    assert report.rejected_file is not None


def test_all_rejected_rows_are_in_the_file_and_the_first_in_the_report(shop):
    shop.write("people.csv", PEOPLE)
    shop.write(
        "deals.csv",
        "id,owner,stage,amount,made\n" + "".join(f"{n},ann,Won,x,\n" for n in range(5000)),
    )
    report = shop.load(DEALS, rejected=shop.folder / "out.csv")
    assert (report.rejected_rows, len(report.rejected)) == (5000, 100)
    assert (shop.folder / "out.csv").read_text("utf-8-sig").count("\n") == 5001
    assert report.entities["opportunity"].read == 0


def test_unmapped_stages_and_unknown_references_are_named(loaded):
    loaded.write(
        "deals.csv", deals(_4="4,zoe,Stalled,1,2024-01-01", _5="5,zoe,Stalled,1,2024-01-01")
    )
    report = loaded.load()
    assert report.unmapped_stages == {"Stalled": 2}
    assert [(u.column, u.refers_to, u.count, u.examples) for u in report.unknown_references] == [
        ("owner_id", "user", 2, ("zoe",)),
    ]


def test_a_reference_into_the_store_or_the_same_load_is_known(loaded):
    only = DEALS[: DEALS.index("  - file: people")] + DEALS[DEALS.index("  - file: deals") :]
    loaded.write("deals.csv", deals(_4="4,bob,Won,1,2024-01-01"))
    assert not loaded.load(only).unknown_references


def test_history_is_replayed_in_order(loaded):
    loaded.write("deals.csv", deals(_1="1,ann,Won,10,2024-01-01"))
    early = "2024-05-01"
    with pytest.raises(LoadOutOfOrderError, match="loaded already|before"):
        loaded.load(as_of=early)
    with pytest.raises(LoadOutOfOrderError, match="before"):
        loaded.load(as_of=early, dry_run=True)
    with pytest.raises(LoadOutOfOrderError, match="future|after"):
        loaded.load(as_of="2030-01-01")
    with pytest.raises(BadInputError, match="'soon' is no moment"):
        loaded.load(as_of="soon")
    assert loaded.version() == 1


def test_facts_become_known_when_they_are_said_to(shop):
    shop.write("people.csv", PEOPLE)
    shop.write("deals.csv", deals())
    report = shop.load(DEALS, as_of="2024-05-01T10:00:00+02:00")
    assert report.known_at.isoformat() == "2024-05-01T08:00:00+00:00"


def test_a_file_that_breaks_off_leaves_everything_as_it_was(loaded):
    rows = deals(_1="1,ann,Lost,1,2024-01-01", _9="9,ann,Zoë,1,2024-01-01").encode()
    loaded.write(
        "deals.csv", rows + b"\n" * 13_000_000 + "8,ann,Zoë,1,2024-01-01\n".encode("cp1252")
    )
    with pytest.raises(BadFileError, match="not UTF-8"):
        loaded.load()
    assert loaded.version() == 1
    assert [deal["stage"] for deal in loaded.records("opportunity", "stage")] == [
        "Open",
        "Won",
        "Won",
    ]
    loaded.write("deals.csv", deals(_4="4,ann,Open,1,2024-01-01"))
    assert _counts(loaded.load()) == (1, 0, 3, 0, 0)


def test_scratch_goes_with_the_load_also_when_it_fails(loaded):
    loaded.write("deals.csv", "nothing,of,this\n")
    with pytest.raises(BadFileError):
        loaded.load()
    assert not list((loaded.folder / "home" / "imports").rglob("work-*"))


def test_a_stage_map_is_merged_into_the_tenants(loaded):
    loaded.write("deals.csv", deals(_4="4,ann,Lost,1,2024-01-01"))
    loaded.load(
        DEALS.replace("Open: {status: open, order: 1, probability: 0.5}", "Lost: {status: lost}")
    )
    assert loaded.stages() == {"Open": "open", "Won": "won", "Lost": "lost"}


def test_times_are_utc_and_money_is_exact(loaded):
    loaded.write("deals.csv", deals(_1="1,ann,Open,0.1234,2024-07-01 12:00:00"))
    loaded.load(DEALS.replace("currency", "timezone: Europe/Paris\ncurrency"))
    first = loaded.records("opportunity", "amount created_at currency")[0]
    assert first["amount"] == Decimal("0.1234")
    assert first["created_at"] == datetime(2024, 7, 1, 10)
    assert first["currency"] == "EUR"


def test_an_unknown_tenant_is_told_before_any_file_is_read(shop):
    shop.write("source.yaml", DEALS)
    office = Office(shop.database, shop.store, shop.folder / "home", shop.clock)
    with pytest.raises(UnknownTenantError):
        imports.run_import(office, tenant_key("nobody"), imports.Order(shop.data / "source.yaml"))


def test_amounts_in_another_currency_are_counted_by_it(shop):
    """They are added up unconverted; until this was told, nobody could see it."""
    named = DEALS.replace("amount: amount,", "amount: amount, currency: currency,")
    shop.write("people.csv", PEOPLE)
    rows = ["1,ann,Won,10,usd", "2,ann,Won,100,EUR", "3,ann,Won,1000,", "4,ann,Won,,GBP"]
    head = "id,owner,stage,amount,currency,made\n"
    shop.write("deals.csv", head + "".join(f"{row},2024-01-01\n" for row in rows))
    report = shop.load(named)
    with shop.database.session(shop.tenant) as session:
        own = tenants.get(session).currency
    assert own == "USD"
    # One is the tenant's, one says nothing, and one of another currency has no amount.
    assert report.foreign_currencies == {"EUR": 1}
    assert report.to_json()["foreign_currencies"] == [{"currency": "EUR", "count": 1}]
    # Where no column says it, the source file's word holds for all of them.
    constant = shop.load(DEALS)
    assert constant.foreign_currencies == {"EUR": 3}
