"""A page comes ready, and Dash takes its place without anybody noticing."""

from playwright.sync_api import Page, Route, expect

from tests.browser.stand import Open, Stand

HENRIK, DILARA = "henrik.dahl@kestrel.example", "dilara.aksoy@kestrel.example"
_TAKEN = "() => !document.getElementById('first')"
_LOADING = """() => { window.loading = 0; new MutationObserver(() => {
    const at = document.getElementById('react-entry-point');
    if (at && at.checkVisibility() && /Loading/.test(at.innerText)) window.loading += 1;
}).observe(document, {childList: true, subtree: true}); }"""


def _held(page: Page, url: str) -> list[Route]:
    """Go to an address whose layout Dash does not get yet."""
    held: list[Route] = []
    page.route("**/_dash-layout", lambda route: held.append(route))  # noqa: PLW0108 - no built-in method
    page.add_init_script(f"({_LOADING})()")
    page.goto(url, wait_until="load")
    while not held:
        page.wait_for_timeout(20)
    return held


def test_numbers_stand_from_the_first_moment_to_the_last(opened: Open, stand: Stand):
    page = opened(HENRIK)
    held = _held(page, f"{stand.url}/")
    shown = page.locator(".kc-value").all_inner_texts()
    assert len(shown) >= 3
    assert page.locator("main").count() == 1
    held[0].continue_()
    page.wait_for_function(_TAKEN)
    assert page.locator(".kc-value").all_inner_texts() == shown
    assert page.evaluate("window.loading") == 0


def test_what_was_opened_typed_and_focused_stays_so(opened: Open, stand: Stand):
    page = opened(DILARA)
    held = _held(page, f"{stand.url}/kpis/new")
    field = page.locator("main form[data-kb] input[type=text]").first
    field.fill("Calls that lead to something")
    menu = page.locator("details.menu").last
    menu.evaluate("each => { each.open = true; }")
    field.focus()
    held[0].continue_()
    page.wait_for_function(_TAKEN)
    expect(field).to_have_value("Calls that lead to something")
    expect(field).to_be_focused()
    expect(menu).to_have_attribute("open", "")


def test_a_link_leads_on_before_dash_has_come_and_after(opened: Open, stand: Stand):
    page = opened(HENRIK)
    _held(page, f"{stand.url}/")
    page.locator("aside a", has_text="Scorecard").click()
    page.wait_for_url("**/scorecard")
    page.unroute("**/_dash-layout")
    page.reload()
    page.wait_for_function(_TAKEN)
    page.evaluate("window.stayed = true")
    page.locator("aside a", has_text="Journey").click()
    page.wait_for_url("**/journey")
    expect(page.locator("main h1")).to_contain_text("journey")
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.locator("main h1")).to_contain_text("corecard")


def test_a_choice_keeps_the_place_on_the_page(opened: Open):
    page = opened(HENRIK)
    page.locator("main .card").last.scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    assert before > 100
    page.locator("main table th a").nth(2).click()
    page.wait_for_function("() => location.search.includes('sort')")
    page.wait_for_function("""() => !document.querySelector('[data-dash-is-loading="true"]')""")
    assert abs(page.evaluate("window.scrollY") - before) < 40


def test_a_point_of_the_trend_leads_to_the_records_behind_it(opened: Open):
    page = opened("tomasz.zielinski@kestrel.example", "/kpis/win_rate?period=2026-10")
    graph = page.locator(".leads").first
    points = graph.locator(".scatterlayer .points path")
    box = points.nth(3).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("() => !location.search.includes('2026-10')")
    assert "records=all" in page.url
    expect(page.locator("main")).to_contain_text("Records behind")
    expect(page.locator("main table").last.locator("tbody tr").first).to_be_visible()
