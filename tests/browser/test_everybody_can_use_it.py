"""Every page, light and dark, wide and narrow: axe finds nothing, and nothing goes wrong unseen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.places import PLACES, Place
from tests.browser.stand import NARROW, WIDE, Open

_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for each in found.response["violations"]
        for node in each["nodes"][:4]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_axe_finds_nothing(opened: Open, place: Place, size: tuple[int, int], theme: str):
    page = opened(place.email, place.path, size, theme)
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert _violations(page) == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_phone_need_not_be_moved_sideways(opened: Open, place: Place):
    page = opened(place.email, place.path, NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
