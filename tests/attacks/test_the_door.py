"""The door gives nothing away: not who is known, not whom a link was for, not when it is broken."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from portal.models import people, sign_ins
from portal.services import password_links, throttling
from portal.services.auditing import Trace
from portal.web.afterwards import AFTERWARDS
from tests.web.conftest import new_browser
from tests.web.portals import BASE

ALIKE = ("{}\u0307", "\u212a{}", "{}\u200b", "\uff41{}", "{}.", "{}%", "_{}", "{}\t", "{} x")
"""Addresses that look like one, or that a database might take for one."""


def test_twenty_at_once_get_twenty_sessions_of_their_own(own, database):
    def enter(_) -> str:
        browser = new_browser(own.joined)
        assert browser.sign_in(own.email("owner"), own.password).status_code == 303
        return browser.client.get_cookie("portal", domain="127.0.0.1").value

    # Fewer at a time than are free: a try counts until it was a right one.
    with ThreadPoolExecutor(4) as pool:
        cookies = list(pool.map(enter, range(20)))
    assert len(set(cookies)) == 20
    with database.session(own.tenant) as session:
        person = session.scalars(people.by_email(own.email("owner"))).one().id
        hashes = [row.token_hash for row in session.scalars(sign_ins.open_of(person))]
    assert len(set(hashes)) == len(hashes) >= 20


@pytest.mark.parametrize("form", ALIKE)
def test_an_address_that_only_looks_like_somebody_s_is_nobody_s(own, form):
    alike = form.format(own.email("rep"))
    refused = new_browser(own.joined).sign_in(alike, own.password)
    assert refused.status_code == 401 or alike.strip() == own.email("rep")


def test_a_mail_goes_to_the_address_that_is_kept_and_not_to_the_one_that_was_typed(own, database):
    typed = own.email("rep").upper()
    trace = Trace(own.joined.edge.now(), ip="10.77.1.1")
    letters = password_links.forgotten(database, typed, "https://kpi.example.org", trace)
    assert letters
    assert {each.to for each in letters} == {own.email("rep")}


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}], ids=str
)
def test_a_link_in_a_mail_leads_to_the_portal_whatever_host_was_asked(own, desk, headers):
    browser = new_browser(own.joined)
    page = browser.get("/login/forgotten")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    data = {"csrf_token": token, "email": own.email("owner")}
    answer = browser.client.post("/login/forgotten", base_url=BASE, data=data, headers=headers)
    assert answer.status_code in (200, 400)
    AFTERWARDS.wait()
    folder = desk.home / "mail"
    mails = [file.read_text("utf-8", "replace") for file in folder.glob("*.eml")]
    assert not [mail for mail in mails if "evil.example" in mail]


def test_asking_for_a_link_tells_nobody_who_is_known(own):
    answers = []
    for email in (own.email("rep"), "nobody-at-all@example.org", "no address", ""):
        browser = new_browser(own.joined)
        answer = browser.post("/login/forgotten", {"email": email}, page="/login/forgotten")
        told = re.sub(r'value="[^"]*"', "", answer.text)
        answers.append((answer.status_code, told))
    assert len(set(answers)) == 1


def test_a_name_with_line_breaks_adds_no_header_to_a_mail(own, database):
    trace = Trace(own.joined.edge.now(), ip="10.77.1.2")
    typed = f"{own.email('rep')}\r\nBcc: evil@example.org"
    assert password_links.forgotten(database, typed, "https://x", trace) == ()


def test_where_tries_can_not_be_counted_nobody_gets_in_and_pages_are_still_read(own, monkeypatch):
    inside = own.browser("executive")

    def broken(*_: object) -> None:
        raise OperationalError("x", {}, Exception("CANARY"))

    monkeypatch.setattr(throttling, "take", broken)
    refused = new_browser(own.joined).sign_in(own.email("rep"), own.password)
    assert refused.status_code == 503
    assert "CANARY" not in refused.text
    assert inside.get("/account").status_code == 200


@pytest.mark.parametrize(
    "cookie", ["", "x", "null", "a" * 3_900, "eyJfdXNlcl9pZCI6bnVsbH0.x.y", "\u00e9", "..."]
)
def test_a_cookie_that_is_none_of_ours_is_nobody_s(own, cookie):
    browser = new_browser(own.joined)
    browser.client.set_cookie("portal", cookie, domain="127.0.0.1")
    answer = browser.get("/kpis")
    assert answer.status_code in (302, 400, 431)


@pytest.mark.parametrize(
    "password", ["x" * 1_000_000, "\0" * 20, "\u0301" * 128, "\U0001f4a9" * 64]
)
def test_an_odd_password_is_only_wrong(own, password):
    refused = new_browser(own.joined).sign_in(own.email("rep"), password)
    assert refused.status_code in (401, 413)


@pytest.mark.parametrize("name", ["Upgrade", "X-HTTP-Method-Override", "X-Original-URL", "Range"])
def test_a_header_opens_no_other_door(own, name):
    told = {"Upgrade": "websocket", "X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/admin"}
    browser = own.browser("executive")
    answer = browser.client.get(
        "/kpis", base_url=BASE, headers={name: told.get(name, "bytes=0-1"), "Connection": "Upgrade"}
    )
    assert answer.status_code in (200, 400)
    assert "/admin/people" not in answer.text
