"""Who signs in gets a session of their own, and who does not learns nothing."""

import hashlib
import re
from base64 import b64encode
from statistics import median
from time import process_time

import pytest

from portal.models import people
from portal.models.audit import newest
from portal.security.passwords import hashed, is_outdated, matches
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import BASE, PASSWORD


def test_who_is_not_signed_in_is_sent_to_the_form_and_a_script_is_told(browser):
    assert browser.get("/").location == "/login"
    assert browser.get("/things/a?period=2026-Q3").location == (
        "/login?next=%2Fthings%2Fa%3Fperiod%3D2026-Q3"
    )
    for path in ("/_dash-layout", "/_dash-dependencies"):
        assert browser.get(path).status_code == 401
    assert browser.call({"output": "out.children"}).status_code == 401


def test_the_right_password_leads_on_and_the_page_is_there(browser, ann):
    answer = browser.sign_in(ann, next="/things/a")
    assert (answer.status_code, answer.location) == (303, "/things/a")
    page = browser.get("/things/a")
    assert page.status_code == 200
    assert f"This is a of {ann}" in page.text


def test_an_address_may_be_capitalised_and_have_blanks_around(browser, ann):
    assert browser.sign_in(f" {ann.upper()} ").status_code == 303


@pytest.mark.parametrize(
    "password", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 5_000, "\0", "\uffff"]
)
def test_a_wrong_password_is_refused_without_saying_which_was_wrong(browser, ann, password):
    refused = browser.sign_in(ann, password)
    unknown = browser.sign_in("nobody-at-all@example.org", password)
    assert refused.status_code == unknown.status_code == 401
    assert "don&#39;t belong together" in refused.text
    assert _told(refused) == _told(unknown)
    assert browser.get("/things/a").status_code == 302


@pytest.mark.parametrize("email", ["", "a\0b@example.org", "' OR 1=1 --", "x" * 9_000, "é@ü.de"])
def test_whatever_is_typed_as_an_address_is_only_unknown(browser, email):
    assert browser.sign_in(email).status_code == 401


def test_unknown_and_known_addresses_take_as_long(browser, ann, clock):
    def spent(email: str) -> float:
        clock.pass_by(hours=1)
        before = process_time()
        browser.sign_in(email, "wrong wrong wrong")
        return process_time() - before

    spent(ann), spent("nobody@example.org")
    # By turns, and in time of this process: what else the machine does falls on both alike.
    pairs = [(spent(ann), spent("nobody@example.org")) for _ in range(15)]
    known, unknown = (median(each) for each in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2


def test_the_form_is_refused_without_its_token(browser, ann):
    answer = browser.client.post("/login", base_url=BASE, data={"email": ann, "password": PASSWORD})
    assert answer.status_code == 400
    assert browser.get("/things/a").status_code == 302


def test_a_token_of_another_session_is_refused(browser, joined, ann):
    other = new_browser(joined).get("/login").text
    foreign = re.search(r'name="csrf_token" value="([^"]+)"', other)[1]
    browser.get("/login")
    answer = browser.client.post(
        "/login",
        base_url=BASE,
        data={"csrf_token": foreign, "email": ann, "password": PASSWORD},
    )
    assert answer.status_code == 400


def test_who_is_in_two_companies_is_asked_which(joined, browser, database, new_tenant, clock):
    first, second = new_tenant(), new_tenant()
    email = f"both-{first}@example.org"
    for tenant, name in ((first, "Kestrel"), (second, "Heron")):
        portals.add_person(database, tenant, email, "rep")
        portals.rename(database, tenant, name)
    asked = browser.sign_in(email, next="/things/b")
    assert asked.status_code == 200
    assert "Kestrel" in asked.text
    assert "Heron" in asked.text
    assert browser.get("/things/a").status_code == 302, "the first step alone opens nothing"
    browser.sign_in(email)
    chosen = _choose(browser, email, second)
    assert chosen.status_code == 303
    assert "Heron" in browser.get("/things/a").text

    late = new_browser(joined)
    late.sign_in(email)
    clock.pass_by(minutes=6)
    assert _choose(late, email, first, again=False).status_code == 401


def test_a_company_that_was_not_offered_can_t_be_chosen(browser, database, new_tenant, ann):
    first, second, third = new_tenant(), new_tenant(), new_tenant()
    email = f"both-{first}@example.org"
    for tenant in (first, second):
        portals.add_person(database, tenant, email, "rep")
    portals.add_person(database, third, f"c-{third}@example.org", "rep")
    assert _choose(browser, email, third).status_code == 401


def test_a_disabled_person_is_refused_like_anybody(browser, database, tenant, ann, clock):
    with database.session(tenant) as session:
        session.scalars(people.by_email(ann)).one().disabled_at = clock()
    refused = browser.sign_in(ann)
    assert refused.status_code == 401
    assert "don&#39;t belong together" in refused.text


def test_a_hash_of_an_earlier_release_is_known_and_made_anew(browser, database, tenant, ann):
    old = _scrypt(PASSWORD)
    with database.session(tenant) as session:
        session.scalars(people.by_email(ann)).one().password_hash = old
    assert is_outdated(old)
    assert browser.sign_in(ann).status_code == 303
    with database.session(tenant) as session:
        kept = session.scalars(people.by_email(ann)).one().password_hash
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not is_outdated(kept)
    assert matches(PASSWORD, kept)


def test_a_hash_is_new_each_time_and_nothing_of_the_password_is_cut_off():
    assert hashed(PASSWORD) != hashed(PASSWORD)
    long = "é" * 128
    assert matches(long, hashed(long))
    assert not matches(long[:-1], hashed(long))


def test_what_was_done_at_the_door_is_written_down(browser, database, tenant, ann):
    browser.sign_in(ann, "wrong wrong wrong")
    browser.sign_in(ann)
    browser.get("/things/a")
    browser.sign_out()
    with database.session(tenant) as session:
        rows = session.scalars(newest(10)).all()
        events = {row.event for row in rows}
        assert events == {"sign_in.failed", "signed_in", "signed_out"}
        assert all(row.request_id and row.ip.startswith("10.") for row in rows)
        assert ann not in str([row.detail for row in rows])


def _told(answer) -> str:
    """What a refusal says, without what is new each time or was typed."""
    text = re.sub(r'value="[^"]*"', "", answer.text)
    return re.sub(r" autofocus", "", text)


def _choose(browser, email, tenant, *, again=True):
    page = browser.sign_in(email).text if again else browser.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return browser.client.post(
        "/login/company", base_url=BASE, data={"csrf_token": token, "tenant": tenant}
    )


def _scrypt(password: str) -> str:
    salt = b"salt" * 4
    key = hashlib.scrypt(password.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=32)
    return f"scrypt$14$8$1${b64encode(salt).decode()}${b64encode(key).decode()}"
