"""Each role signs in, sees its home, and does what it comes for; a link shows what one may see."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.demo.generated.people import SELLERS
from tests.browser.stand import Open, Stand, visit

pytestmark = pytest.mark.slow

_AT = "kestrel.example"
NOOR, HENRIK, NAOMI = f"noor.haddad@{_AT}", f"henrik.dahl@{_AT}", f"naomi.adler@{_AT}"
TOMASZ, RUTH = f"tomasz.zielinski@{_AT}", f"ruth.castellan@{_AT}"
_NUMBER = re.compile(r"[€$]?\d[\d.,]*\s?[%MKk€×]?")


def _text(page: Page) -> str:
    return page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("email", "path", "says"),
    [
        (NOOR, "/", "Noor"),
        (HENRIK, "/", "Nordics"),
        (NAOMI, "/", "Whole company"),
        (f"dilara.aksoy@{_AT}", "/?home=marketing", "Marketing"),
        (f"ben.achterberg@{_AT}", "/?home=service", "Customer service"),
        (f"odile.renard@{_AT}", "/?home=success", "Customer success"),
        (f"dilara.aksoy@{_AT}", "/?home=owner", "Your KPIs"),
    ],
)
def test_everybody_comes_to_a_home_with_numbers(opened: Open, email: str, path: str, says: str):
    page = opened(email, path)
    assert says in _text(page)
    assert len(_NUMBER.findall(_text(page))) > 20
    assert 0 < page.locator("main .kc-title").count() <= 7


def test_who_looks_after_the_portal_comes_to_the_pages_that_are_theirs(opened: Open):
    page = opened(RUTH)
    expect(page.locator("main h1")).to_have_text("You look after the portal")
    page.locator("main").get_by_role("link", name="Audit log").click()
    page.wait_for_url("**/admin/audit")


def test_a_link_in_a_mail_fills_in_its_secret_and_leaves_the_address(opened: Open, stand: Stand):
    page = opened(NOOR)
    page.goto(f"{stand.url}/login/password#kestrel.a-secret")
    expect(page.get_by_label("Link code")).to_have_value("kestrel.a-secret")
    assert page.url == f"{stand.url}/login/password"


def test_every_home_of_a_person_is_found_by_its_name(opened: Open):
    page = opened(NAOMI)
    page.keyboard.press("/")
    page.keyboard.type("customer serv")
    page.get_by_role("link", name=re.compile("^Customer service")).click()
    page.wait_for_url("**/?home=service")


def test_the_first_answer_has_the_numbers_in_it_before_any_script(opened: Open, stand: Stand):
    page = opened(NAOMI)
    answer = page.context.request.get(stand.url + "/")
    assert answer.ok
    assert len(_NUMBER.findall(re.sub(r"<[^>]+>", " ", answer.text()))) > 20


def test_a_rep_completes_a_task_and_takes_it_back(opened: Open):
    page = opened(NOOR)
    done = page.get_by_role("button", name=re.compile("^(Complete|Mark)", re.IGNORECASE)).first
    done.click()
    undo = page.get_by_role("button", name=re.compile("Undo", re.IGNORECASE)).first
    expect(undo).to_be_visible()
    undo.click()
    expect(undo).to_be_hidden()


def test_a_leader_sorts_the_team_by_a_column_and_the_address_says_so(opened: Open):
    page = opened(HENRIK)
    page.locator("main th a").first.click()
    page.wait_for_url("**sort=*")
    assert "Astrid Lindqvist" in _text(page)


def test_an_executive_goes_from_the_scorecard_to_a_kpi_and_back(opened: Open, stand: Stand):
    page = opened(NAOMI, "/scorecard")
    page.locator("main a[href^='/kpis/']").first.click()
    page.wait_for_url("**/kpis/*")
    expect(page.locator("main h1")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/scorecard*")


def test_an_analyst_reads_a_definition_and_splits_a_kpi(opened: Open, stand: Stand):
    page = opened(TOMASZ, "/kpis/win_rate")
    assert "won" in _text(page).lower()
    visit(page, f"{stand.url}/kpis/win_rate?split=rep")
    assert "Noor Haddad" in _text(page)


def test_an_admin_sees_people_and_no_numbers(opened: Open, stand: Stand):
    page = opened(RUTH, "/admin")
    assert NAOMI in _text(page)
    refused = page.context.request.get(stand.url + "/kpis/win_rate")
    assert refused.status == 403


def test_a_link_of_an_executive_shows_a_rep_only_what_a_rep_may_see(opened: Open, stand: Stand):
    shared = "/kpis/win_rate?split=rep"
    theirs, mine = _text(opened(NAOMI, shared)), _text(opened(NOOR, shared))
    assert sum(name in theirs for name in SELLERS) > 5
    assert [name for name in SELLERS if name in mine and name != "Noor Haddad"] == []
    for address in ("/?home=executive", "/?team=team-nordics", "/kpis/win_rate?team=team-nordics"):
        answer = opened(NOOR).context.request.get(stand.url + address)
        assert answer.status < 500
        assert "Astrid Lindqvist" not in answer.text()


def test_an_owner_sees_their_kpi_of_every_team_and_of_another_kpi_who_answers_for_it(
    opened: Open, stand: Stand
):
    page = opened(f"dilara.aksoy@{_AT}", "/kpis/new_leads?team=team-nordics&period=2026-10")
    assert _NUMBER.search(page.locator(".kp-value").first.inner_text())
    assert "not open to you" not in _text(page)
    refused = page.context.request.get(stand.url + "/kpis/won_revenue")
    assert (refused.status, "For this one Naomi Adler answers" in refused.text()) == (403, True)


def test_a_leader_who_answers_for_a_kpi_sees_the_company_there_and_the_team_elsewhere(
    opened: Open, stand: Stand
):
    page = opened(f"katrin.vogel@{_AT}", "/kpis/win_rate?split=team")
    assert "Nordics" in page.locator("main").inner_text()
    visit(page, f"{stand.url}/kpis/won_revenue")
    assert "These are the numbers of DACH" in _text(page)


def test_the_other_company_is_nowhere(opened: Open, stand: Stand):
    page = opened("edda.ravn@ravenstack.example")
    for address in ("/", "/kpis/mrr", "/scorecard", "/?team=team-nordics"):
        assert "Kestrel" not in page.context.request.get(stand.url + address).text()
