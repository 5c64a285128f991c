"""The inbox in a browser: items are followed, acknowledged and put off; newer numbers are told."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stand import Open, Stand, visit

BEN = "ben.achterberg@kestrel.example"
RAFAEL = "rafael.montes@kestrel.example"
_MINUTE = 61_000


def _unread(page: Page) -> int:
    label = page.locator("#bell").get_attribute("aria-label") or ""
    found = re.search(r"(\d+) unread", label)
    return int(found[1]) if found else 0


def test_an_owner_follows_an_item_to_the_number_and_it_is_read(opened: Open, stand: Stand):
    page = opened(BEN, "/inbox")
    before = _unread(page)
    assert before > 2
    page.locator(".ib-title", has_text="Complaints: now off target").click()
    page.wait_for_url("**/kpis/complaints**")
    assert "Complaints" in page.locator("main h1").inner_text()
    assert _unread(page) == before - 1


def test_an_owner_acknowledges_one_item_and_puts_another_off(opened: Open, stand: Stand):
    page = opened(BEN, "/inbox")
    rows = page.locator(".ib-row")
    count = rows.count()
    rows.last.get_by_role("button", name=re.compile("^Acknowledge ")).click()
    expect(rows).to_have_count(count - 1)
    first = rows.first
    title = first.locator(".ib-title").inner_text().splitlines()[0]
    first.locator("summary").click()
    first.get_by_role("button", name=re.compile("Tomorrow")).click()
    expect(rows).to_have_count(count - 2)
    visit(page, f"{stand.url}/inbox?show=later")
    assert title in page.locator("main").inner_text()
    assert "Put off to" in page.locator("main").inner_text()


def test_a_leader_is_told_of_their_own_team_only(opened: Open):
    page = opened(RAFAEL, "/inbox?show=all")
    told = page.locator("main").inner_text()
    assert "South" in told
    for other in ("DACH", "Nordics", "UK & Ireland"):
        assert other not in told


def test_a_page_that_is_looked_at_tells_of_newer_numbers(opened: Open, stand: Stand):
    page = opened(BEN, "/scorecard")
    page.clock.install()
    visit(page, f"{stand.url}/scorecard")
    asked: list[str] = []
    page.route("**/fresh", lambda route: (asked.append("asked"), _answer(route))[0])
    page.clock.run_for(_MINUTE)
    expect(page.get_by_text("New numbers are here.")).to_be_visible()
    assert asked
    assert page.locator("#bell").get_attribute("aria-label") == "Inbox, 42 unread"
    page.unroute("**/fresh")
    page.get_by_role("button", name="Show them").click()
    expect(page.get_by_text("New numbers are here.")).to_be_hidden()


def test_a_page_whose_numbers_are_the_newest_says_nothing(opened: Open, stand: Stand):
    page = opened(BEN, "/scorecard")
    page.clock.install()
    visit(page, f"{stand.url}/scorecard")
    with page.expect_response("**/fresh") as told:
        page.clock.run_for(_MINUTE)
    assert told.value.json()["version"] == page.locator("#fresh").get_attribute("data-seen")
    expect(page.get_by_text("New numbers are here.")).to_be_hidden()


def test_a_tab_that_nobody_sees_asks_nothing(opened: Open, stand: Stand):
    page = opened(BEN, "/scorecard")
    page.clock.install()
    page.add_init_script(
        "Object.defineProperty(document, 'visibilityState', {get: () => window.seen || 'hidden'})"
    )
    visit(page, f"{stand.url}/scorecard")
    asked: list[str] = []
    page.route("**/fresh", lambda route: (asked.append("asked"), _answer(route))[0])
    page.clock.run_for(10 * _MINUTE)
    assert asked == []
    page.evaluate("window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("New numbers are here.")).to_be_visible()
    assert asked == ["asked"]


def _answer(route) -> None:
    route.fulfill(json={"version": "newer", "unread": 42})
