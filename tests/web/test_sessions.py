"""A session is a row of the server's: when that ends, what a browser kept is good for nothing."""

import re

import pytest

from portal.models import people, sign_ins
from portal.security.passwords import hashed
from portal.security.tokens import new_token, read_token
from portal.services import signing_in
from portal.services.auditing import Event
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import BASE, Browser

COOKIE = "portal"


def _twin(joined, browser: Browser) -> Browser:
    """Another browser with a copy of the cookies, as a thief would have it."""
    copy = new_browser(joined)
    kept = browser.client.get_cookie(COOKIE, domain="127.0.0.1")
    copy.client.set_cookie(COOKIE, kept.value, domain="127.0.0.1")
    return copy


def _is_in(browser: Browser) -> bool:
    return browser.get("/things/a").status_code == 200


def test_signing_out_ends_the_session_also_for_a_copied_cookie(joined, inside):
    copy = _twin(joined, inside)
    assert _is_in(copy)
    answer = inside.sign_out()
    assert (answer.status_code, answer.location) == (303, "/login")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not _is_in(copy)
    assert not _is_in(inside)
    assert copy.call({"output": "out.children"}).status_code == 401


def test_another_process_knows_at_once_that_a_session_ended(
    joined, database, tmp_path, clock, inside
):
    other = portals.make(database, tmp_path, clock)
    copy = _twin(other, inside)
    assert _is_in(copy)
    inside.sign_out()
    assert not _is_in(copy)


def test_signing_out_needs_a_post_with_a_token(inside):
    assert inside.get("/logout").status_code == 404
    assert inside.client.post("/logout", base_url=BASE).status_code == 400
    assert _is_in(inside)


def test_a_session_lies_idle_for_half_an_hour_at_most(inside, clock):
    clock.pass_by(minutes=29)
    assert _is_in(inside)
    clock.pass_by(minutes=29)
    assert _is_in(inside)
    clock.pass_by(minutes=30)
    assert not _is_in(inside)


def test_a_session_is_twelve_hours_long_however_busy(inside, clock):
    for _ in range(12 * 3 - 1):
        clock.pass_by(minutes=20)
        assert _is_in(inside)
    clock.pass_by(minutes=20)
    assert not _is_in(inside)


@pytest.mark.parametrize(
    "change",
    [
        {"password_hash": hashed("another password of hers")},
        {"roles": ["rep", "admin"]},
        {"roles": ["leader"]},
        {"disabled_at": portals.START},
        {"email": "somebody.else@example.org"},
    ],
    ids=["password", "more roles", "other roles", "disabled", "address"],
)
def test_changed_rights_end_every_session(joined, inside, database, tenant, ann, change):
    copy = _twin(joined, inside)
    with database.session(tenant) as session:
        row = session.scalars(people.by_email(ann)).one()
        for name, value in change.items():
            setattr(row, name, value)
    assert not _is_in(inside)
    assert not _is_in(copy)


def test_a_new_name_or_team_holds_at_the_next_request_of_the_same_session(
    joined, inside, database, tenant, ann
):
    with database.session(tenant) as session:
        session.scalars(people.by_email(ann)).one().name = "Ann of the North"
    assert "Ann of the North" in inside.get("/things/a").text


def test_all_sessions_of_a_person_can_be_ended(joined, database, tenant, ann, clock):
    browsers = [new_browser(joined) for _ in range(3)]
    for each in browsers:
        each.sign_in(ann)
    with database.session(tenant) as session:
        person = session.scalars(people.by_email(ann)).one().id
        assert signing_in.end_all(session, person, Event.PERSON_CHANGED, clock()) == 3
    assert not any(_is_in(each) for each in browsers)


def test_signing_in_makes_a_new_session_whatever_was_planted(
    joined, browser, ann, database, tenant
):
    attacker = new_browser(joined)
    attacker.get("/login")
    planted = attacker.client.get_cookie(COOKIE, domain="127.0.0.1").value
    browser.client.set_cookie(COOKIE, planted, domain="127.0.0.1")
    browser.sign_in(ann)
    assert _is_in(browser)
    assert browser.client.get_cookie(COOKIE, domain="127.0.0.1").value != planted
    assert not _is_in(attacker)


def test_twenty_sign_ins_are_twenty_sessions(joined, ann, database, tenant):
    for _ in range(4):
        new_browser(joined).sign_in(ann)
    with database.session(tenant) as session:
        person = session.scalars(people.by_email(ann)).one().id
        rows = session.scalars(sign_ins.open_of(person)).all()
    assert len({row.token_hash for row in rows}) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", row.token_hash) for row in rows)


@pytest.mark.parametrize("flip", [0, 10, 40, -1])
def test_a_cookie_with_one_character_changed_is_nobody_s(joined, inside, flip):
    kept = inside.client.get_cookie(COOKIE, domain="127.0.0.1").value
    at = flip % len(kept)
    forged = kept[:at] + ("A" if kept[at] != "A" else "B") + kept[at + 1 :]
    thief = new_browser(joined)
    thief.client.set_cookie(COOKIE, forged, domain="127.0.0.1")
    # The last character of base64 may hold bits that nobody reads.
    assert not _is_in(thief) or flip == -1


def test_a_session_of_one_tenant_is_not_found_in_another(joined, inside, new_tenant, clock):
    with joined.server.test_request_context(base_url=BASE):
        mine = inside.client.get_cookie(COOKIE, domain="127.0.0.1").value
        found = joined.server.session_interface.get_signing_serializer(joined.server).loads(mine)
    token = read_token(found["_user_id"])
    database = joined.edge.database
    assert signing_in.resume(database, token, clock()) is not None
    foreign = read_token(f"{new_tenant()}.{token.secret}")
    assert signing_in.resume(database, foreign, clock()) is None
    assert signing_in.resume(database, new_token(token.tenant), clock()) is None


@pytest.mark.parametrize(
    "text",
    ["", "acme", "acme.", ".x", "~door." + "a" * 43, "Acme." + "a" * 43, "a" * 9_000, "a.\0"],
)
def test_what_has_not_the_form_of_a_token_is_none(text):
    assert read_token(text) is None


def test_what_the_browser_keeps_can_t_be_read_by_scripts_or_sent_by_other_sites(browser, ann):
    kept = browser.sign_in(ann).headers.getlist("Set-Cookie")
    (cookie,) = [each for each in kept if each.startswith("portal=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


def test_over_https_cookies_are_secure_and_bound_to_the_host(database, tmp_path, clock, ann):
    made = portals.make(database, tmp_path, clock, url="https://kpi.example.org")
    client = made.server.test_client()
    base = "https://kpi.example.org"
    page = client.get("/login", base_url=base)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    answer = client.post(
        "/login",
        base_url=base,
        data={"csrf_token": token, "email": ann, "password": portals.PASSWORD},
        headers={"Referer": f"{base}/login"},
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 303
    assert [each for each in cookies if each.startswith("__Host-portal=") and "Secure" in each]
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    page = client.get("/things/a", base_url=base)
    assert [each for each in page.headers.getlist("Set-Cookie") if each.startswith("__Host-csrf=")]
