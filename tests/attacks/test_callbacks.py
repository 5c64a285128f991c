"""A callback is an address that takes anything: each is sent what no page sends, by everybody."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from layouts import ids
from portal.models import people
from portal.services import signing_in
from portal.services.auditing import Event
from tests.attacks.companies import MARKS
from tests.attacks.crawling import callbacks, text_of
from tests.attacks.test_two_companies import _put
from tests.attacks.texts import VALUES
from tests.homes.company import SECRET
from tests.homes.conftest import NOW
from tests.web.conftest import new_browser
from tests.web.portals import UPDATE

RAW = {
    "an endless number": b'{"output":"x","inputs":[{"value":1e99999}]}',
    "NaN": b'{"output":NaN}',
    "Infinity": b'{"output":Infinity}',
    "a key twice": b'{"output":"a","output":"b"}',
    "half a letter": b'{"output":"\\ud800"}',
    "UTF-16": '{"output":"x"}'.encode("utf-16"),
    "UTF-7": b"+AHsAIgBv-",
    "a mark in front": b"\xef\xbb\xbf{}",
    "no text": bytes(range(256)),
    "200,000 deep": b"[" * 200_000,
    "an empty body": b"",
    "null": b"null",
    "a list": b"[]",
    "a word": b'"x"',
    "nothing in it": b"{}",
    "a prototype": b'{"__proto__":{"admin":true},"constructor":{}}',
}


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:40])
@pytest.mark.parametrize("part", ["inputs", "state"])
def test_any_value_in_any_place_is_answered_or_refused(own, value, part):
    browser = own.browser("everything")
    for name, body in callbacks(own.joined):
        if not body[part]:
            continue
        answer = browser.call(_put(body, part, value))
        assert answer.status_code < 500, (name, answer.text[:200])
        assert MARKS["b"] not in text_of(answer)
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_a_body_that_no_browser_of_ours_writes_is_refused(own, raw):
    assert own.browser("executive").call(raw).status_code in (400, 413)


@pytest.mark.parametrize("size", [1_000_001, 20_000_000])
def test_a_body_that_is_too_large_is_refused(own, size):
    assert own.browser("executive").call(b'{"output":"' + b"x" * size).status_code == 413


def test_nobody_who_has_not_signed_in_is_answered(own):
    stranger = new_browser(own.joined)
    asked = 0
    for name, body in callbacks(own.joined):
        assert stranger.call(body).status_code in (400, 401), name
        asked += 1
    assert asked >= 5


@pytest.mark.parametrize(
    "path", ["/admin", "//admin", "/admin/", "/admin/..;/", "/%61dmin", "/admin/audit", "/./admin"]
)
@pytest.mark.parametrize("role", ["rep", "analyst"])
def test_the_page_of_another_role_is_not_drawn_by_asking_for_its_address(own, role, path):
    answer = own.browser(role).call(_routed(own.joined, path))
    assert answer.status_code < 500
    assert "/admin/people" not in text_of(answer)
    assert own.email("admin") not in text_of(answer)
    boss = own.browser("admin").call(_routed(own.joined, "/admin"))
    assert "/admin/people" in text_of(boss), "who may does get it, or this test finds nothing"


@pytest.mark.parametrize("path", ["/", "/?home=executive", "/scorecard", "/kpis/win_rate"])
def test_what_an_executive_s_browser_sent_shows_a_rep_only_their_own(own, path):
    body = _routed(own.joined, path)
    whole = own.browser("executive").call(body)
    part = own.browser("rep").call(body)
    assert whole.status_code == part.status_code == 200
    assert SECRET not in text_of(part)
    assert "Cid" not in text_of(part)
    assert whole.text != part.text


def test_a_hundred_at_once_are_all_answered(own):
    body = _routed(own.joined, "/kpis")
    browser = own.browser("executive")
    token = browser.client.get_cookie("csrf", domain="127.0.0.1").decoded_value
    cookie = browser.client.get_cookie("portal", domain="127.0.0.1").value

    def call(_) -> int:
        one = new_browser(own.joined)
        one.client.set_cookie("csrf", token, domain="127.0.0.1")
        one.client.set_cookie("portal", cookie, domain="127.0.0.1")
        return one.call(body).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(call, range(100))) == {200}


def test_who_is_shut_out_with_an_open_page_is_answered_no_more(own, database):
    browser = own.fresh("owner")
    body = _routed(own.joined, "/kpis")
    assert browser.call(body).status_code == 200
    _set(database, own, "owner", disabled_at=NOW)
    try:
        assert browser.call(body).status_code == 401
    finally:
        _set(database, own, "owner", disabled_at=None)


def test_a_role_that_is_taken_holds_for_the_next_callback(own, database):
    browser = own.fresh("analyst")
    body = _routed(own.joined, "/kpis")
    assert browser.call(body).status_code == 200
    _set(database, own, "analyst", roles=["rep"])
    try:
        assert browser.call(body).status_code == 401
    finally:
        _set(database, own, "analyst", roles=["analyst"])
        own.browsers.pop("analyst")


def test_an_ended_session_is_ended_for_callbacks_too(own, database):
    browser = own.fresh("leader")
    body = _routed(own.joined, "/kpis")
    assert browser.call(body).status_code == 200
    with database.session(own.tenant) as session:
        person = session.scalars(people.by_email(own.email("leader"))).one().id
        signing_in.end_all(session, person, Event.SIGNED_OUT, NOW)
    assert browser.call(body).status_code == 401
    own.browsers.pop("leader")


@pytest.mark.parametrize("query", ["cacheKey=1", "job=1", "cancelJob=1", "oldJob=1", "a=b"])
def test_nothing_behind_the_address_steers_it(own, query):
    body = _routed(own.joined, "/")
    answer = own.browser("executive").call(body, path=f"{UPDATE}?{query}")
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_there_is_no_server_of_tools(own, method):
    said = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call"})
    browser = own.browser("executive")
    answer = browser.client.open(
        "/_mcp", method=method, base_url="http://127.0.0.1:8050", data=said
    )
    assert answer.status_code in (400, 404, 405)


def _set(database, company, role, **fields) -> None:
    with database.session(company.tenant) as session:
        row = session.scalars(people.by_email(company.email(role))).one()
        for name, told in fields.items():
            setattr(row, name, told)


def _routed(joined, path: str) -> dict:
    """Return the body by which the browser asks for the page at an address."""
    body = next(body for _, body in callbacks(joined) if _asks_url(body))
    place, _, query = path.partition("?")
    given = {"pathname": place, "search": f"?{query}" if query else "", "href": path}

    def one(wire: dict) -> dict:
        return {**wire, "value": given.get(wire["property"])} if wire["id"] == ids.URL else wire

    return {**body, **{part: [one(each) for each in body[part]] for part in ("inputs", "state")}}


def _asks_url(body: dict) -> bool:
    wires = [each for each in body["inputs"] if isinstance(each, dict)]
    outputs = body["outputs"] if isinstance(body["outputs"], list) else [body["outputs"]]
    return any(each["id"] == ids.URL for each in wires) and any(
        each["id"] == ids.PAGE for each in outputs
    )
