"""The ledger of replaced KPIs, its form and its file: who sees which, and what was typed stays."""

import csv
from datetime import date

import pytest

from kpi_engine.definitions.kinds import KpiKey
from portal.services import bridge_panels
from tests.ownership.bridging import LAST, NEW, OLD, keep, observe, refreshed, replaced, retire
from tests.ownership.bridging import stored as bridges_of
from tests.ownership.company import TODAY

PLACE, STORE = "/framework/replaced", f"/framework/kpis/{OLD}/bridge"
GAP = "3.0\u00a0pp lower"


def running(company):
    """A run that goes on: told from August until the end of the year."""
    observe(company, OLD, (0.31, 0.32, 0.33))
    observe(company, NEW, (0.29, 0.30, 0.30))
    retire(company, until=date(2026, 12, 31))
    refreshed(company, TODAY)


@pytest.fixture
def kept(company):
    replaced(company, news=(0.29, 0.28, 0.30, 0.30))
    keep(company)
    return bridges_of(company)[0]


def test_a_ledger_without_any_says_how_one_comes_to_be(chief):
    page = chief.get(PLACE).text
    assert "No KPI was replaced yet" in page
    assert "Replaced KPIs" in chief.get("/framework").text


@pytest.mark.parametrize("name", ["chief", "analyst"])
def test_the_ledger_tells_a_stored_bridge_with_its_table(enter, kept, name):
    page = enter(name).get(PLACE).text
    assert "Win rate by value was replaced by Proposal rate" in page
    assert GAP in page
    assert "The new one tells more. Chief, 10\u00a0Aug\u00a02026." in page
    assert "by the portal when the run had ended" in page
    assert "33.0\u00a0%" in page
    assert "the denominator is 0" not in page
    assert page.count(">Both told<") == 3
    assert "Store it now" not in page


@pytest.mark.parametrize("name", ["katrin", "noor"])
def test_whom_the_companys_numbers_are_not_open_reads_the_words_and_no_number(enter, kept, name):
    browser = enter(name)
    page = browser.get(PLACE).text
    assert "Win rate by value was replaced by Proposal rate" in page
    assert "which are not open to you" in page
    assert "pp lower" not in page
    assert "33.0" not in page
    assert browser.get(f"{PLACE}/{kept.stored.id}.csv").status_code in (403, 404)


def test_a_run_that_goes_on_is_live_and_stored_on_request(chief, company):
    running(company)
    page = chief.get(PLACE).text
    assert "Running until 31\u00a0Dec\u00a02026" in page
    assert GAP in page
    assert STORE in page
    refused = chief.post(STORE, {"reason": " "}, page=STORE)
    assert (refused.status_code, "reason is empty" in refused.text) == (400, True)
    long = "x" * 1001
    again = chief.post(STORE, {"reason": long}, page=STORE)
    assert (again.status_code, long in again.text) == (400, True)
    assert bridges_of(company) == ()
    done = chief.post(STORE, {"reason": "The board asks."}, page=STORE)
    assert (done.status_code, done.location) == (303, f"{PLACE}?done=bridge")
    assert len(bridges_of(company)) == 1
    page = chief.get(done.location).text
    assert "The bridge was stored as it stands" in page
    assert "up to 31\u00a0Oct\u00a02026: The board asks." in page
    assert "Store it now" not in page
    twice = chief.post(STORE, {"reason": "Once more."}, page=STORE)
    assert (twice.status_code, "stored already" in twice.text) == (400, True)
    assert ">Once more.</textarea>" in twice.text


@pytest.mark.parametrize("name", ["katrin", "dilara", "noor", "ruth"])
def test_who_may_not_change_the_framework_is_refused_the_form(enter, company, name):
    running(company)
    browser = enter(name)
    assert browser.get(STORE).status_code == 403
    assert browser.post(STORE, {"reason": "Mine."}, page="/account").status_code == 403
    assert STORE not in browser.get(PLACE).text
    assert bridges_of(company) == ()


def test_a_file_holds_both_sides_as_plain_figures(chief, kept):
    answer = chief.get(f"{PLACE}/{kept.stored.id}.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    head, *_, last = csv.reader(answer.text.splitlines())
    assert len(head) == len(last)
    assert last[:5] == ["2026-10", "2026-10-01", "2026-10-31", "yes", "0.33"]
    assert last[head.index("New: Proposal rate (ratio)")] == "0.3"


def test_another_tenants_bridge_is_not_to_be_had_by_its_address(enter, kept, rival, company):
    stranger = enter("chief", rival)
    assert stranger.get(f"{PLACE}/{kept.stored.id}.csv").status_code == 404
    assert stranger.get(STORE).status_code == 404
    assert "was replaced by" not in stranger.get(PLACE).text
    assert enter("chief").get(f"{PLACE}/{kept.stored.id}.csv").status_code == 200


@pytest.mark.parametrize("kpi", [OLD, NEW])
def test_both_kpis_show_the_bridge_and_no_other_does(company, kept, kpi):
    with company.desk() as desk:
        (panel,) = bridge_panels.of_kpi(desk, kpi)
        assert bridge_panels.of_kpi(desk, KpiKey("win_rate")) == ()
    assert GAP in panel.sentence
    assert panel.charts[0].gap[:3] == (8, 0.33, 0.30)
    assert panel.charts[0].shared == (6, 8)
    assert [line.dashed for line in panel.charts[0].series] == [True, False]
    assert GAP in panel.charts[0].summary
    with company.desk("noor") as desk:
        assert bridge_panels.of_kpi(desk, kpi) == ()


def test_a_run_that_ended_and_is_not_stored_yet_says_so(company):
    replaced(company)
    with company.desk() as desk:
        (panel,) = bridge_panels.page(desk).panels
    assert panel.pill.word == "To be stored"
    assert "The run has ended" in panel.sentence
    assert (LAST < TODAY, panel.store, panel.export) == (True, "", "")
