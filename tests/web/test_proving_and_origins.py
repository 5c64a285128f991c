"""Dangerous acts ask again who one is, and nothing is taken from another site."""

import re

import pytest

from portal.models import people
from portal.models.audit import newest
from portal.web import administration, factor
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.factors import HOME, press
from tests.web.portals import BASE, PASSWORD
from tests.web.test_administration import admin, office, person_id

__all__ = ["admin", "office"]


@pytest.fixture
def old(office, clock):
    """The administrator's browser, eleven minutes after the password was typed."""
    office.get("/admin")
    clock.pass_by(minutes=11)
    return office


def _proof(browser, asked, **fields):
    """Send the form of the page that asks, with what it carries."""
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))
    path = re.search(r'<form method="post" action="([^"]+)"', asked.text)[1]
    return browser.client.post(path, base_url=BASE, data={**hidden, **fields})


def test_who_proved_it_lately_is_not_asked(office, database, tenant, ann, clock):
    clock.pass_by(minutes=9)
    assert (
        press(office, f"/admin/people/{person_id(database, tenant, ann)}/shut").status_code == 303
    )


@pytest.mark.parametrize("act", ["give/leader", "drop/rep", "shut", "invite", "view", "reset"])
def test_after_ten_minutes_the_password_is_asked_for_and_then_it_is_done(
    old, act, database, tenant, ann
):
    path = f"/admin/people/{person_id(database, tenant, ann)}/{act}"
    if act == "drop/rep":
        press(old, path.replace("drop/rep", "give/leader"))
    asked = press(old, path)
    assert asked.status_code == 401
    assert "Is it you?" in asked.text
    wrong = _proof(old, asked, proof="wrong wrong wrong")
    assert wrong.status_code == 401
    assert "This is not your password" in wrong.text
    done = _proof(old, wrong, proof=PASSWORD)
    assert done.status_code in (303, 400), done.text
    with database.session(tenant) as session:
        assert "proven" in [row.event for row in session.scalars(newest(10))]


def test_it_then_holds_for_ten_minutes_in_this_session_only(
    old, joined, admin, database, tenant, ann, clock
):
    path = f"/admin/people/{person_id(database, tenant, ann)}"
    other = new_browser(joined)
    other.sign_in(admin)
    clock.pass_by(minutes=11)
    assert _proof(old, press(old, f"{path}/shut"), proof=PASSWORD).status_code == 303
    assert press(old, f"{path}/open").status_code == 303
    assert press(other, f"{path}/shut").status_code == 401
    clock.pass_by(minutes=10)
    assert press(old, f"{path}/shut").status_code == 401


def test_what_was_typed_into_the_form_is_not_lost(old, database, tenant):
    typed = {"email": "new@example.org", "name": 'Nia "New" <b>', "role": "leader"}
    asked = press(old, "/admin/people/new", **typed)
    assert asked.status_code == 401
    assert "Nia &#34;New&#34; &lt;b&gt;" in asked.text
    hidden = {**typed, "proof": PASSWORD}
    token = re.search(r'name="csrf_token" value="([^"]+)"', asked.text)[1]
    done = old.client.post("/admin/people/new", base_url=BASE, data={"csrf_token": token, **hidden})
    assert done.status_code == 303
    with database.session(tenant) as session:
        made = session.scalars(people.by_email("new@example.org")).one()
        assert (made.name, made.roles) == ('Nia "New" <b>', ["leader"])


@pytest.mark.parametrize("path", [HOME, f"{HOME}/off", f"{HOME}/codes"])
def test_one_s_own_second_factor_is_changed_by_who_it_is_only(inside, path, clock):
    clock.pass_by(minutes=11)
    asked = press(inside, path)
    assert asked.status_code == 401
    assert "Is it you?" in asked.text


def test_the_password_can_not_be_guessed_there(old, database, tenant, ann):
    path = f"/admin/people/{person_id(database, tenant, ann)}/shut"
    answers = [press(old, path, proof=f"guess {each}").status_code for each in range(7)]
    assert answers == [401] * 5 + [429] * 2
    with database.session(tenant) as session:
        assert session.scalars(people.by_email(ann)).one().disabled_at is None


def test_who_has_no_password_is_sent_to_the_provider_again(
    old, database, tenant, admin, monkeypatch, ann
):
    monkeypatch.setattr("portal.services.proving.has_password", lambda *_: False)
    asked = press(old, f"/admin/people/{person_id(database, tenant, ann)}/shut")
    assert asked.status_code == 401
    assert f"/login/provider?company={tenant}&amp;again=1" in asked.text


def test_every_act_that_changes_who_gets_in_is_on_the_list(joined):
    endpoints = {rule.endpoint for rule in joined.server.url_map.iter_rules()}
    dangerous = administration.DANGEROUS | factor.DANGEROUS
    assert dangerous <= endpoints
    changing = {name for name in endpoints if name.startswith(("people.", "factor."))}
    # Stopping to look takes rights away; a first code is worth nothing without the secret's page.
    assert changing - dangerous == {"people.stop_viewing", "factor.confirm"}


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:8051"},
    {"Origin": "http://127.0.0.1:8050.evil.example"},
    {"Origin": "http://127.0.0.1:8050@evil.example"},
    {"Origin": "https://127.0.0.1:8050"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_site_signs_nobody_in_or_out_and_changes_nothing(inside, joined, ann, headers):
    other = new_browser(joined)
    other.headers.update(headers)
    refused = other.sign_in(ann)
    assert refused.status_code == 403
    assert "another site" in refused.text
    assert other.get("/things/a").status_code == 302
    inside.get("/account")
    token = inside.client.get_cookie("csrf", domain="127.0.0.1").decoded_value
    for path in ("/logout", "/account/locale/de"):
        sent = inside.client.post(path, base_url=BASE, data={"csrf_token": token}, headers=headers)
        assert sent.status_code == 403, path
    assert inside.call({"output": "out.children"}, headers=headers).status_code == 403
    assert inside.get("/things/a", **headers).status_code == 200, "reading is not changing"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": BASE},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": BASE, "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_the_portal_s_own_pages_and_programs_are_taken(joined, ann, headers):
    browser = new_browser(joined)
    browser.headers.update(headers)
    assert browser.sign_in(ann).status_code == 303


@pytest.mark.parametrize("proxies", [0, 1])
def test_behind_a_proxy_that_speaks_https_the_portal_s_own_address_is_its_own(
    database, tmp_path, clock, ann, proxies
):
    made = portals.make(database, tmp_path, clock, url="https://kpi.example.org", proxies=proxies)
    client, base = made.server.test_client(), "https://kpi.example.org"
    page = client.get("/login", base_url=base)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    data = {"csrf_token": token, "email": ann, "password": PASSWORD}
    for origin, status in (("http://kpi.example.org", 403), (base, 303)):
        headers = {"Origin": origin, "Referer": f"{base}/login"}
        sent = client.post("/login", base_url=base, data=data, headers=headers)
        assert sent.status_code == status, origin
