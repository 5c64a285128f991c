"""The page on imports tells every load as it ended, with what it could not read."""

from datetime import UTC, datetime

from kpi_engine.store.pins import Pin
from layouts.html_text import html
from layouts.pages import imports as drawn
from portal.models.tenants import its_row
from portal.readmodels.formats import Formats
from portal.services import import_list, loads
from portal.services.loads import NewLoad

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
FORMATS = Formats("en", "EUR")
REPORT = {
    "inserted": 1_000,
    "changed": 10,
    "deleted": 0,
    "rejected_rows": 1,
    "unknown_references": [{"count": 100}],
    "unmapped_stages": [{"stage": "Won?", "count": 3}, {"stage": "Lost?", "count": 4}],
    "foreign_currencies": [{"currency": "GBP", "count": 5}, {"currency": "USD", "count": 6}],
    "entities": {"lead": {"inserted": 1_000, "changed": 10, "deleted": 0}},
}


def _read(database, tenant):
    with database.session(tenant) as session:
        return import_list.read(session, FORMATS)


def test_without_a_load_the_next_step_is_told(database, tenant):
    page = _read(database, tenant)
    assert page.rows == ()
    assert f"portal import --tenant {tenant} source.yaml" in html(drawn.draw(page))


def test_a_load_is_under_way_then_landed_or_failed(database, tenant):
    with database.session(tenant) as session:
        begun = loads.begin_load(session, NewLoad("crm <script>"), NOW)
    (row,) = _read(database, tenant).rows
    assert (row.status.word, row.brought) == ("Under way", "Not yet seen.")
    with database.session(tenant) as session:
        loads.land_load(session, begun.seq, Pin(begun.seq, {}), REPORT, NOW)
    (row,) = _read(database, tenant).rows
    assert row.status.word == "Landed"
    assert row.brought == "1,000 new, 10 changed"
    assert row.trouble == (
        "1 row could not be read; 100 references lead nowhere; 2 stages have no meaning yet;"
        " 11 amounts are in another currency and were not converted"
    )
    assert row.entities == (("lead", "1,000 new, 10 changed"),)
    with database.session(tenant) as session:
        second = loads.begin_load(session, NewLoad("crm"), NOW)
        loads.fail_load(session, second.seq, {}, NOW)
    page = _read(database, tenant)
    assert [each.status.word for each in page.rows] == ["Failed", "Landed"]
    assert page.rows[0].brought == "Nothing of it is seen."
    text = html(drawn.draw(page))
    assert "crm &lt;script&gt;" in text
    assert "<script>" not in text


def test_a_load_is_told_by_the_clocks_of_the_company_as_every_other_page_tells_it(database, tenant):
    with database.session(tenant) as session:
        session.scalars(its_row()).one().timezone = "Europe/Berlin"
        loads.begin_load(session, NewLoad("crm"), NOW)
    (row,) = _read(database, tenant).rows
    assert row.when == "22\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2026, 09:00"
