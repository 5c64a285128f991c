"""Every page, light and dark, wide and narrow: axe finds nothing, and nothing goes wrong unseen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.places import PLACES, Place
from tests.browser.stand import NARROW, WIDE, Open, follow

pytestmark = pytest.mark.slow

_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules that can tell the dark page from the light one: nothing else in it changes."""


def _violations(page: Page, rules: dict[str, object]) -> list[str]:
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for each in found.response["violations"]
        for node in each["nodes"][:4]
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_axe_finds_nothing_and_nothing_lies_outside(
    opened: Open, place: Place, size: tuple[int, int]
):
    page = opened(place.email, place.path, size)
    follow(page, place)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator("html").get_attribute("data-bs-theme") == "light"
    assert _violations(page, _RULES) == []
    _darken(page)
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert _violations(page, _OF_COLOURS) == []


def _darken(page: Page) -> None:
    """Switch to dark as a person does; a form without the switch comes as the cookie says."""
    switch = page.locator("[data-theme-toggle]")
    if switch.count():
        switch.click()
        page.mouse.move(0, 0)
        return
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
    page.reload()
