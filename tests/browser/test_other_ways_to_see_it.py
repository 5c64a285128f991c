"""Large, spaced, in a person's own colours, on paper: nothing is cut, nothing goes missing."""

import pytest

from tests.browser.places import PLACES, Place
from tests.browser.stand import Open, follow

pytestmark = pytest.mark.slow

_NAOMI = "naomi.adler@kestrel.example"
_KEPT = (
    "leader-home",
    "kpi",
    "kpi-of-a-rep",
    "scorecard",
    "review",
    "actions-that-worked",
    "journey",
)
_SOME = [place for place in PLACES if place.name in _KEPT]
_SPACING = """
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
"""
_CUT = """() => [...document.querySelectorAll('.kc-title')]
    .filter(each => each.scrollHeight > each.clientHeight + 2).map(each => each.textContent)"""


@pytest.mark.parametrize("place", _SOME, ids=lambda place: place.name)
def test_a_page_at_400_per_cent_goes_down_and_never_sideways(opened: Open, place: Place):
    page = opened(place.email, place.path)
    follow(page, place)
    page.set_viewport_size({"width": 320, "height": 256})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "static"


@pytest.mark.parametrize("place", _SOME, ids=lambda place: place.name)
def test_spaced_text_has_room(opened: Open, place: Place):
    page = opened(place.email, place.path)
    follow(page, place)
    page.evaluate(_SPACING)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert page.evaluate(_CUT) == []


_UNSEEN = """() => [...document.querySelectorAll('.i, .bl-fill, .fu-fill, .mv-piece:not(.mv-nobody), .kp-at')]
    .filter(each => each.checkVisibility() && each.getClientRects().length)
    .filter(each => {
        const own = getComputedStyle(each).backgroundColor;
        let around = each.parentElement;
        const clear = at => /^rgba\\(.*, 0\\)$/.test(getComputedStyle(at).backgroundColor);
        while (around.parentElement && clear(around)) { around = around.parentElement; }
        return clear(each) || own === getComputedStyle(around).backgroundColor;
    }).map(each => each.className)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_persons_own_colours_keep_icons_and_drawings(opened: Open, theme: str):
    page = opened(_NAOMI, "/kpis/win_rate", theme=theme)
    page.emulate_media(forced_colors="active", color_scheme="dark" if theme == "dark" else "light")
    page.wait_for_timeout(300)
    assert page.evaluate(_UNSEEN) == []
    chosen, other = page.locator("main .seg.on").first, page.locator("main .seg:not(.on)").first
    colour = "at => getComputedStyle(at).backgroundColor"
    assert chosen.evaluate(colour) != other.evaluate(colour)


def test_paper_is_light_and_a_chart_is_on_it_whole(opened: Open):
    page = opened(_NAOMI, theme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate(
        """() => [...document.querySelectorAll('.main-svg')].every(
            each => each.getAttribute('viewBox')
                && each.getBoundingClientRect().right <= each.closest('.card').getBoundingClientRect().right)"""
    )
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_a_printed_scorecard_has_all_its_columns(opened: Open):
    page = opened(_NAOMI, "/scorecard")
    page.set_viewport_size({"width": 1030, "height": 720})
    page.emulate_media(media="print")
    page.wait_for_timeout(200)
    assert page.evaluate(
        """() => [...document.querySelectorAll('.sc-table .tb')].every(
            each => each.getBoundingClientRect().right <= each.closest('.card').getBoundingClientRect().right)"""
    )
