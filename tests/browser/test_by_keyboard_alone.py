"""Without a mouse: the focus is seen, and is nowhere lost when something is drawn anew."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import PLACES
from tests.browser.stand import Open, follow

pytestmark = pytest.mark.slow

_AT = "kestrel.example"
NOOR, HENRIK, NAOMI = f"noor.haddad@{_AT}", f"henrik.dahl@{_AT}", f"naomi.adler@{_AT}"
KATRIN = f"katrin.vogel@{_AT}"


def _press(page: Page, selector: str, key: str = "Enter") -> None:
    page.locator(selector).first.focus()
    page.keyboard.press(key)


def test_another_page_begins_at_its_heading(opened: Open):
    page = opened(NAOMI)
    _press(page, ".side a[href='/scorecard']")
    expect(page.locator("main h1")).to_have_text("Scorecard")
    expect(page.locator("main h1")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("win rate")
    expect(page.locator("a.pal-row").first).to_contain_text("Win rate")
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("Win rate")
    expect(page.locator("main h1")).to_be_focused()
    expect(page).to_have_title(re.compile("^Win rate · "))


def test_a_menu_has_the_focus_again_when_its_choice_is_drawn(opened: Open):
    page = opened(NAOMI, "/scorecard")
    menu = page.locator("main details.menu").filter(has_text="Period")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.locator("a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("period="))
    expect(menu.locator("summary")).to_be_focused()
    assert menu.get_attribute("open") is None


def test_a_menu_that_is_left_closes(opened: Open):
    page = opened(NAOMI, "/scorecard")
    _press(page, "main details.menu summary")
    expect(page.locator("main details.menu[open]")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("main details.menu[open]")).to_have_count(0)


def test_a_table_that_is_sorted_keeps_its_heading_focused(opened: Open):
    page = opened(HENRIK)
    _press(page, "main .th-sort >> nth=2")
    page.wait_for_url(re.compile("sort="))
    expect(page.locator("main .th-sort").nth(2)).to_be_focused()


def test_a_task_that_is_done_leaves_the_focus_on_its_undo(opened: Open):
    page = opened(NOOR)
    _press(page, ".tk-circle:not([disabled])")
    expect(page.locator(".tk-undo:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".tk-circle:focus")).to_have_count(1)


def test_a_target_is_set_from_its_row_and_back(opened: Open):
    page = opened(NAOMI, "/targets")
    row = page.locator("a.btn", has_text="Change").nth(1)
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#target-value")).to_be_focused()
    _press(page, "#form a:has-text('Cancel')")
    expect(page.locator("#form")).to_have_count(0)
    expect(row).to_be_focused()


def test_an_inbox_goes_on_with_the_next_item(opened: Open):
    page = opened(KATRIN, "/inbox")
    before = page.locator("main form button:has-text('Acknowledge')").count()
    with page.expect_navigation():
        _press(page, "main form button:has-text('Acknowledge')")
    expect(page.locator("main form button:has-text('Acknowledge')")).to_have_count(before - 1)
    expect(page.locator("main form button:has-text('Acknowledge')").first).to_be_focused()


def test_a_meeting_tells_each_screen(opened: Open):
    place = next(each for each in PLACES if each.name == "review-meeting")
    page = opened(place.email, place.path)
    follow(page, place)
    before = page.locator("main h1").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("main h1")).not_to_have_text(before)
    expect(page.locator("main h1")).to_be_focused()


_HIDDEN = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    if (at === document.body || !box.height) { return ''; }
    const over = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
    return over && (at.contains(over) || over.contains(at)) ? '' : at.outerHTML.slice(0, 120);
}"""


def test_no_bar_lies_over_what_has_the_focus(opened: Open):
    place = next(each for each in PLACES if each.name == "review-shared")
    page = opened(place.email, place.path)
    follow(page, place)
    page.locator("main textarea").first.focus()
    covered = []
    for _ in range(24):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(_HIDDEN))
    assert not any(covered)


def test_the_builder_waits_until_the_arrow_keys_rest(opened: Open):
    page = opened(NAOMI, "/kpis/new")
    page.locator("#kb-a_entity").focus()
    with page.expect_navigation():
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
    records = page.locator("#kb-a_entity")
    expect(records).to_be_focused()
    assert records.locator("option:checked").evaluate("each => each.index") == 2
    assert page.locator(".kb-kind[aria-pressed=true]").count() == 1
