"""The first HTML is the page itself, and Dash's layout is the same one, drawn once."""

import json
import re
from datetime import timedelta

import pytest
from dash import html

from callbacks import pages
from callbacks.handover import Address, Framed, Handover
from callbacks.page import Page
from portal.security.permissions import Permission
from portal.services.addresses import read_query
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import BASE, START


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """Each drawing of a page, by its path."""
    seen: list[str] = []

    def show(edge, actor, visit):
        seen.append(visit.path)
        return html.H1(f"{visit.path} {visit.query.get('period', '')} <b>&amp;</b>")

    listed = (*pages.PAGES, Page("/counted/<x>", Permission.KPI_READ, "Counted", show))
    monkeypatch.setattr(pages, "PAGES", listed)
    monkeypatch.setattr(pages, "_RULES", pages.rules(listed))
    return seen


def _layout(browser, path):
    return browser.get("/_dash-layout", Referer=f"{BASE}{path}")


def test_the_first_html_has_the_page_and_its_text_is_only_text(inside, drawn):
    page = inside.get("/counted/a?period=2026-Q3")
    assert "/counted/a 2026-Q3 &lt;b&gt;&amp;amp;&lt;/b&gt;" in page.text
    # A page about one thing of many is titled by its heading, which people may have written.
    titled = "/counted/a 2026-Q3 &lt;b&gt;&amp;amp;&lt;/b&gt; · Meridian"
    assert f"<title>{titled}</title>" in page.text


def test_the_layout_says_the_same_and_is_not_drawn_again(inside, drawn):
    inside.get("/counted/a?period=2026-Q3")
    layout = _layout(inside, "/counted/a?period=2026-Q3")
    assert drawn == ["/counted/a"]
    assert "/counted/a 2026-Q3 &lt;b&gt;&amp;amp;&lt;/b&gt;" in json.dumps(layout.json)
    url = layout.json["props"]["children"][0]["props"]
    assert (url["pathname"], url["search"]) == ("/counted/a", "?period=2026-Q3")


def test_a_page_is_handed_on_once_and_only_for_a_moment(inside, drawn, clock):
    inside.get("/counted/a")
    _layout(inside, "/counted/a")
    _layout(inside, "/counted/a")
    assert drawn == ["/counted/a"] * 2
    inside.get("/counted/a")
    clock.pass_by(seconds=11)
    _layout(inside, "/counted/a")
    assert drawn == ["/counted/a"] * 4


def test_another_address_or_session_gets_nothing_handed_on(joined, inside, drawn, ann):
    inside.get("/counted/a")
    _layout(inside, "/counted/a?period=2026-Q3")
    other = new_browser(joined)
    other.sign_in(ann)
    _layout(other, "/counted/a")
    assert drawn == ["/counted/a"] * 3


def test_what_is_kept_is_bounded_and_failures_are_not_kept():
    kept, actor = Handover(), portals.actor()
    for number in range(300):
        kept.keep(Address(actor, f"/{number}", "", "p"), Framed("x", html.Div()), START)
    assert len(kept._kept) == 32
    failed = Address(actor, "/failed", "", "p")
    kept.keep(failed, Framed("x", html.Div(), 500), START)
    assert kept.take(failed, START) is None
    assert kept.take(Address(actor, "/299", "", "p"), START + timedelta(seconds=1)) is not None
    kept.keep(
        Address(actor, "/new", "", "p"), Framed("x", html.Div()), START + timedelta(minutes=1)
    )
    assert len(kept._kept) == 1, "what nobody takes any more takes no memory"


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/things/a", "nonsense", "//x", "http://[::1"]
)
def test_a_layout_asked_for_from_elsewhere_is_the_first_page(inside, referer):
    answer = inside.get("/_dash-layout", Referer=referer)
    assert answer.status_code == 200
    assert answer.json["props"]["children"][0]["props"]["pathname"] == "/"


def test_a_page_that_is_not_one_s_own_says_so_and_shows_nothing(inside, database, tenant):
    page = inside.get("/locked")
    assert page.status_code == 403
    assert "This is for the role admin" in page.text
    assert ">Open<" not in page.text
    body = {
        "output": _name(inside),
        "outputs": [
            {"id": name, "property": kind}
            for name, kind in (
                *(("page", "children"), ("sidebar", "children"), ("tabs", "children")),
                *(("title", "data"), ("fresh", "data-seen")),
            )
        ],
        "inputs": [
            {"id": "url", "property": "pathname", "value": "/locked"},
            {"id": "url", "property": "search", "value": ""},
        ],
        "changedPropIds": ["url.pathname"],
    }
    answer = inside.call(body)
    assert "Open" not in answer.text
    for path in ("//locked", "/locked/..;/", "/%6cocked", "/./locked", "/LOCKED"):
        body["inputs"][0]["value"] = path
        assert "Open" not in inside.call(body).text
    body["inputs"][0]["value"] = "/things/b"
    assert "This is b of" in inside.call(body).text


def test_what_a_callback_takes_for_an_address_may_be_anything(inside):
    body = {
        "output": _name(inside),
        "outputs": [
            {"id": name, "property": kind}
            for name, kind in (
                *(("page", "children"), ("sidebar", "children"), ("tabs", "children")),
                *(("title", "data"), ("fresh", "data-seen")),
            )
        ],
        "inputs": [
            {"id": "url", "property": "pathname", "value": "/things/a"},
            {"id": "url", "property": "search", "value": ""},
        ],
        "changedPropIds": ["url.pathname"],
    }
    for value in (None, 5, [], {}, True, "", "x", "?", "/\\", "\u202e"):
        for at in (0, 1):
            changed = json.loads(json.dumps(body))
            changed["inputs"][at]["value"] = value
            assert inside.call(changed).status_code in {200, 400}, (at, value)


def test_a_query_is_bounded_and_the_last_of_a_name_counts():
    assert read_query("?a=1&a=2&b=") == {"a": "2"}
    assert len(read_query("&".join(f"n{each}=1" for each in range(99)))) == 20
    assert len(read_query(f"a={'x' * 9_000}")["a"]) == 200
    assert read_query("%ff=%fe&=&&;") == {"\ufffd": "\ufffd"}


def _name(browser) -> str:
    callbacks = browser.get("/_dash-dependencies").json
    (name,) = [
        each["output"]
        for each in callbacks
        if re.search(r"\.\.page\.children\.\.\.", each["output"])
    ]
    return name
