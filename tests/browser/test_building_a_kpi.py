"""Who knows no SQL builds a KPI and proposes it; an analyst activates it; it has a number."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stand import Open, Stand, visit

pytestmark = pytest.mark.slow

_AT = "kestrel.example"
CHIEF, OWNER = f"naomi.adler@{_AT}", f"dilara.aksoy@{_AT}"
ANALYST = f"tomasz.zielinski@{_AT}"


def _pressed(page: Page, button: str) -> None:
    """Press a button that sends the form, and wait for the page that comes back."""
    with page.expect_navigation():
        page.locator(button).first.click()
    _settled(page)


def _chosen(page: Page, name: str, value: str) -> None:
    """Choose a value that changes the number: the form is sent at once."""
    with page.expect_navigation():
        page.locator(f"[name='{name}']").select_option(value)
    _settled(page)


def _settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator("main h1")).to_be_visible()


def _built(page: Page) -> None:
    """Build demos held per won deal."""
    _pressed(page, "[formaction$='/kind-ratio']")
    _chosen(page, "a_entity", "activity")
    _pressed(page, "[formaction$='/add-a']")
    _chosen(page, "a_f0_column", "kind")
    _chosen(page, "a_f0_value", "demo")
    _chosen(page, "b_entity", "opportunity")
    _pressed(page, "[formaction$='/add-b']")
    _chosen(page, "b_f0_column", "status")
    _chosen(page, "b_f0_value", "won")
    _chosen(page, "b_on", "closed_at")


def test_an_executive_builds_and_proposes_and_an_analyst_activates(opened: Open, stand: Stand):
    page = opened(CHIEF, "/kpis/new")
    _built(page)
    preview = page.locator("#preview")
    expect(preview.locator(".kb-col")).to_have_count(12)
    expect(preview).to_contain_text("kind = 'demo'")
    page.locator("[name=name]").fill("Demos held per won deal")
    page.locator("[name=question]").fill("How many demos does a won deal take?")
    for name, value in (("class", "quality"), ("stage", "sales"), ("department", "sales")):
        page.locator(f"[name={name}]").select_option(value)
    _pressed(page, "[formaction$='/propose']")
    assert page.locator("[name=name]").input_value() == "Demos held per won deal"
    expect(page.locator("main")).to_contain_text("Say why")
    page.locator("[name=reason]").fill("We want to know what a deal takes.")
    _pressed(page, "[formaction$='/propose']")
    expect(page.locator("main")).to_contain_text("Waits for an analyst")
    proposal = page.url.partition("?")[0].removeprefix(stand.url)

    analyst = opened(ANALYST, "/kpis/proposals")
    expect(analyst.locator("main")).to_contain_text("Demos held per won deal")
    visit(analyst, stand.url + proposal)
    _pressed(analyst, "#decide .btn-primary")
    expect(analyst.locator("main")).to_contain_text("its numbers are there")
    visit(analyst, f"{stand.url}/kpis/demos_held_per_won_deal")
    value = analyst.locator(".kp-value").first
    expect(value).to_have_text(re.compile(r"\d"))


def test_an_owner_builds_without_the_number_and_reads_why(opened: Open):
    page = opened(OWNER, "/kpis/new")
    _built(page)
    expect(page.locator("main")).to_contain_text("An analyst sees what it gives")
    expect(page.locator("#preview .kb-col")).to_have_count(0)


def test_what_was_typed_before_the_script_ran_is_not_lost(opened: Open, stand: Stand):
    page = opened(OWNER, "/kpis/new")
    page.goto(f"{stand.url}/kpis/new", wait_until="commit")
    page.locator("[name=description]").fill("Typed at once.")
    _settled(page)
    page.wait_for_timeout(500)
    assert page.locator("[name=description]").input_value() == "Typed at once."
