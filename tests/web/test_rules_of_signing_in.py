"""A company asks its roles for a second factor, and an administrator helps who has lost one."""

import uuid

import pytest

from portal.models.audit import newest
from portal.services import password_links
from portal.services.auditing import Trace
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.factors import Authenticator, codes_of, second_step, secret_of, send, set_up
from tests.web.test_administration import admin, office, person_id
from tests.web.test_administration import send as change

__all__ = ["admin", "office"]


@pytest.fixture
def asked_of_reps(office):
    answer = change(office, "/admin/sign-in/need/rep")
    assert (answer.status_code, answer.location) == (303, "/admin/sign-in?done=factor_roles")
    return office


def test_who_needs_one_and_has_none_sets_it_up_at_the_door(asked_of_reps, joined, ann, clock):
    browser = new_browser(joined)
    offered = browser.sign_in(ann, next="/things/a")
    assert "Your company asks your roles for one" in offered.text
    assert browser.get("/things/a").status_code == 302
    held = Authenticator(secret_of(offered), clock)
    wrong = send(browser, offered, "/login", code="000000", next="/things/a")
    assert (wrong.status_code, secret_of(wrong)) == (401, held.secret)
    shown = send(browser, wrong, "/login", code=held.code(), next="/things/a")
    assert len(codes_of(shown)) == 10
    assert 'href="/things/a"' in shown.text
    assert browser.get("/things/a").status_code == 200
    clock.pass_by(minutes=2)
    assert second_step(new_browser(joined), ann, held.code()).status_code == 303


def test_who_needs_it_can_not_turn_it_off(asked_of_reps, joined, ann, clock):
    browser = new_browser(joined)
    offered = browser.sign_in(ann)
    held = Authenticator(secret_of(offered), clock)
    send(browser, offered, "/login", code=held.code())
    page = browser.get("/account").text
    assert "so it stays on" in page
    assert "/account/factor/off" not in page
    refused = browser.post("/account/factor/off", {}, page="/account")
    assert refused.status_code == 400
    assert "It stays on" in refused.text


def test_roles_that_are_not_asked_sign_in_as_before(asked_of_reps, joined, database, tenant):
    email = f"lead-{uuid.uuid4().hex[:8]}@example.org"
    portals.add_person(database, tenant, email, "leader")
    assert new_browser(joined).sign_in(email).status_code == 303


def test_the_rule_is_shown_taken_back_and_written_down(
    asked_of_reps, joined, ann, database, tenant
):
    page = asked_of_reps.get("/admin/sign-in").text
    assert "/admin/sign-in/spare/rep" in page
    assert "/admin/sign-in/need/leader" in page
    assert change(asked_of_reps, "/admin/sign-in/spare/rep").status_code == 303
    assert new_browser(joined).sign_in(ann).status_code == 303
    assert change(asked_of_reps, "/admin/sign-in/need/king").status_code == 400
    assert change(asked_of_reps, "/admin/sign-in/forget/rep").status_code in (404, 405)
    with database.session(tenant) as session:
        told = [row for row in session.scalars(newest(20)) if row.event == "settings.changed"]
    # Both stand at one moment of the clock of this test, in any order.
    assert sorted(row.detail["after"] for row in told) == [[], ["rep"]]


def test_an_administrator_resets_it_and_every_session_ends(
    office, inside, joined, ann, database, tenant, clock
):
    held, codes = set_up(inside, clock)
    person = person_id(database, tenant, ann)
    assert f"/admin/people/{person}/reset" in office.get("/admin").text
    reset = change(office, f"/admin/people/{person}/reset")
    assert (reset.status_code, reset.location) == (303, "/admin?done=reset")
    assert inside.get("/things/a").status_code == 302
    assert new_browser(joined).sign_in(ann).status_code == 303
    with database.session(tenant) as session:
        assert "factor.reset" in [row.event for row in session.scalars(newest(20))]
    again = new_browser(joined)
    again.sign_in(ann)
    set_up(again, clock)
    assert second_step(new_browser(joined), ann, codes[0]).status_code == 401, "spent with the old"
    assert second_step(new_browser(joined), ann, held.code()).status_code == 401


def test_nobody_else_s_can_be_reset_nor_one_s_own(
    office, inside, admin, database, tenant, new_tenant
):
    other = new_tenant()
    portals.add_person(database, other, "bob@other.example", "rep")
    for person in (person_id(database, other, "bob@other.example"), uuid.uuid4(), "x"):
        assert change(office, f"/admin/people/{person}/reset").status_code == 400
    own = person_id(database, tenant, admin)
    assert change(office, f"/admin/people/{own}/reset").status_code == 400
    inside.get("/things/a")
    assert inside.post(f"/admin/people/{own}/reset", {}, page="/account").status_code == 403


def test_a_reset_link_for_the_password_does_not_pass_the_second_factor(
    inside, joined, ann, database, tenant, clock
):
    held, _ = set_up(inside, clock)
    (letter,) = password_links.forgotten(database, ann, "https://x", Trace(clock(), ip="10.1.1.1"))
    link = letter.text.partition("#")[2].split()[0]
    fresh = "a fresh horse with a fresh battery"
    password_links.choose(database, link, fresh, Trace(clock(), ip="10.1.1.1"))
    browser = new_browser(joined)
    assert 'name="code"' in browser.sign_in(ann, fresh).text
    assert browser.get("/things/a").status_code == 302
    assert second_step(new_browser(joined), ann, held.code()).status_code == 401
    asked = browser.sign_in(ann, fresh)
    assert send(browser, asked, "/login", code=held.code()).status_code == 303


def test_the_operator_helps_the_last_administrator(portal, tmp_path):
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    assert (
        portal("user", "add", "--tenant", "acme", "ann@example.org", "--role", "admin").status == 0
    )
    said = portal("user", "reset-sign-in", "--tenant", "acme", "ann@example.org")
    assert said.status == 0
    assert "password alone" in said.out
    assert portal("user", "reset-sign-in", "--tenant", "acme", "bob@example.org").status == 2


def test_the_operator_reads_how_a_person_without_a_password_gets_in(portal, tmp_path):
    portal("tenant", "create", "acme", "--name", "Acme")
    asked = ("user", "add", "--tenant", "acme", "--role", "rep")
    assert "link in a mail" in portal(*asked, "ann@example.org").out
    assert "link in a mail" not in portal(*asked, "bob@example.org", "--format", "json").out
