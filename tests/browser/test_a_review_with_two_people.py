"""A review in two windows at once: nothing is lost, both texts are shown, and an owner disagrees."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stand import Open, People, Stand, Watch, visit

pytestmark = pytest.mark.slow

_AT = "kestrel.example"
DILARA, KATRIN, NAOMI = f"dilara.aksoy@{_AT}", f"katrin.vogel@{_AT}", f"naomi.adler@{_AT}"
_WORDS = "#review-field-words"
_SHARED = "lead_to_opportunity_rate"


@pytest.fixture
def review(opened: Open) -> str:
    """The address of the demo's open review."""
    page = opened(DILARA, "/reviews")
    found = page.locator("a.rv-card").first.get_attribute("href")
    assert found is not None
    return found


def _saved(page: Page, version: str = r"\d+") -> None:
    expect(page.locator("#review-saved")).to_contain_text(re.compile(f"version {version}"))
    expect(page.locator("#review-saved")).to_have_attribute("data-saving", "")


def test_two_windows_on_one_answer_lose_nothing(opened: Open, review: str):
    path = f"{review}?kpi=new_leads"
    one, two = opened(DILARA, path), opened(DILARA, path)
    one.fill(_WORDS, "Written in the first window.")
    _saved(one)
    two.click("[data-review-pick=confidence][data-value=high]")
    _saved(two)
    expect(two.locator("#review-clash")).to_be_empty()
    two.fill(_WORDS, "Written in the second window.")
    clash = two.locator("#review-clash")
    expect(clash).to_contain_text("Two of you wrote this")
    expect(clash).to_contain_text("Written in the first window.")
    expect(clash).to_contain_text("Written in the second window.")
    one.reload()
    expect(one.locator(_WORDS)).to_have_value("Written in the first window.")
    expect(one.locator("[data-review-pick=confidence][data-value=high]")).to_have_attribute(
        "aria-pressed", "true"
    )
    two.click("[data-review-take=words][data-which=mine]")
    _saved(two)
    expect(clash).to_be_empty()
    one.reload()
    expect(one.locator(_WORDS)).to_have_value("Written in the second window.")


def test_the_page_counts_the_questions_that_are_answered_as_they_are(opened: Open, review: str):
    page = opened(DILARA, f"{review}?kpi=cost_per_qualified_lead")
    told = page.locator("#questions .pn-right")
    expect(told).to_have_text("0 of 4 answered")
    page.click("[data-review-pick=relevant][data-value=yes]")
    page.click("[data-review-pick=used][data-value=no]")
    expect(told).to_have_text("2 of 4 answered")
    page.click("[data-review-pick=used][data-value=no]")
    expect(told).to_have_text("1 of 4 answered")


def test_a_co_owner_says_another_word_and_the_owner_submits_with_it(opened: Open, review: str):
    katrin = opened(KATRIN, f"{review}?kpi={_SHARED}")
    assert katrin.locator(_WORDS).count() == 0
    katrin.fill("[data-review-say=speak] textarea", "It is the split that I doubt.")
    katrin.click("[data-review-about=split]")
    katrin.click("[data-review-move=disagree]")
    # The field that it was typed into holds the words before they are said.
    expect(katrin.locator("#words")).to_contain_text("Disagrees: split")
    expect(katrin.locator("#words")).to_contain_text("It is the split that I doubt.")
    dilara = opened(DILARA, f"{review}?kpi={_SHARED}")
    expect(dilara.locator("#words")).to_contain_text("Disagrees: split")
    dilara.click("[data-review-move=submit]")
    expect(dilara.locator("#review-bar")).to_contain_text("Take back")
    naomi = opened(NAOMI, f"{review}?kpi={_SHARED}")
    naomi.fill("[data-review-say=settle] textarea", "Looked at again in January.")
    naomi.click("[data-review-move=settle]")
    expect(naomi.locator("#words")).to_contain_text("Looked at again in January.")
    naomi.click("#review-bar [data-review-move=approve]")
    expect(naomi.locator("#review-bar")).to_contain_text("Naomi approved")


def test_arrows_turn_the_meeting_and_notes_of_others_come_in(opened: Open, review: str):
    naomi = opened(NAOMI, f"{review}/meeting?kpi={_SHARED}")
    dilara = opened(DILARA, f"{review}/meeting?kpi={_SHARED}")
    dilara.fill("#meeting-note", "Written by Dilara <b>live</b>.")
    dilara.click("#meeting-send")
    expect(naomi.locator("#meeting-notes")).to_contain_text("Written by Dilara <b>live</b>.")
    expect(naomi.locator("#meeting-notes")).to_contain_text("Dilara is reading")
    before = naomi.locator("h1").inner_text()
    naomi.locator("h1").click()
    naomi.keyboard.press("ArrowRight")
    expect(naomi.locator("h1")).not_to_have_text(before)


def test_a_review_that_was_signed_off_is_read_and_not_written(opened: Open):
    page = opened(DILARA, "/reviews")
    href = page.locator("#past a.tb-link").first.get_attribute("href")
    visit(page, page.url.replace("/reviews", "") + f"{href}?kpi={_SHARED}")
    assert page.locator("textarea").count() == 0
    expect(page.locator("main")).to_contain_text("Signed off by Naomi Adler")
    expect(page.locator("#words")).to_contain_text("settled it")


def test_what_is_typed_after_the_session_ended_is_kept_and_saved_once_signed_in(
    people: People, review: str, stand: Stand
):
    path = f"{review}?kpi=cost_per_qualified_lead"
    # The refusal is what is asked for: no other page may be refused anything.
    context, page = people.window(DILARA, Watch(stand.host))
    visit(page, stand.url + path)
    context.clear_cookies()
    page.fill(_WORDS, "Typed after the session ended.")
    expect(page.locator("[data-review-unsaved=ended]")).to_be_visible()
    expect(page.locator("#review-saved")).to_have_attribute("data-saving", "failed")
    expect(page.locator(_WORDS)).to_have_value("Typed after the session ended.")
    page.on("dialog", lambda asked: asked.accept())
    page.goto(f"{stand.url}{path}")
    page.fill("input[name=email]", DILARA)
    page.fill("input[name=password]", stand.passwords[DILARA])
    page.click("button[type=submit]")
    expect(page.locator(_WORDS)).to_have_value("Typed after the session ended.")
    _saved(page)
    page.reload()
    expect(page.locator(_WORDS)).to_have_value("Typed after the session ended.")
    context.close()


def test_what_stands_out_in_nothing_is_approved_in_one_press(opened: Open, review: str):
    page = opened(NAOMI, review)
    page.get_by_text("Look at them together").click()
    names = page.locator(".rv-together .rv-name").all_inner_texts()
    assert len(names) > 1
    page.get_by_role("button", name=f"Approve these {len(names)}").click()
    expect(page.locator("#review-bar")).to_contain_text("Approved. What is left stands first.")
    done = page.locator(".rv-rail > div", has=page.get_by_role("heading", name="Done"))
    for name in names:
        expect(done).to_contain_text(name)
    expect(page.get_by_text("Look at them together")).to_have_count(0)
