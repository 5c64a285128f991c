"""An administrator looks as somebody else: sees what they see, changes nothing, leaves a trace."""

import uuid

import pytest

from portal.models.audit import newest
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.test_administration import admin, office, person_id, send

__all__ = ["admin", "office"]


@pytest.fixture
def looking(office, database, tenant, ann):
    """The administrator's browser, looking as Ann."""
    begun = send(office, f"/admin/people/{person_id(database, tenant, ann)}/view")
    assert (begun.status_code, begun.location) == (303, "/")
    return office


def press(browser, path):
    token = browser.client.get_cookie("csrf", domain="127.0.0.1").decoded_value
    return browser.client.post(path, base_url=portals.BASE, data={"csrf_token": token})


def test_the_pages_are_those_of_the_other_and_say_so(looking, ann):
    page = looking.get("/things/a")
    assert f"This is a of {ann}" in page.text
    assert f"You are looking as {ann}" in page.text
    assert looking.get("/admin").status_code == 403


def test_nothing_can_be_changed_meanwhile(looking, database, tenant, ann):
    looking.get("/things/a")
    for path in (
        "/account/locale/de",
        f"/admin/people/{person_id(database, tenant, ann)}/give/admin",
        f"/admin/people/{person_id(database, tenant, ann)}/view",
    ):
        assert press(looking, path).status_code == 403, path


def test_it_ends_when_stopped_and_both_ends_are_written_down(looking, database, tenant, admin, ann):
    looking.get("/things/a")
    assert press(looking, "/viewing/stop").status_code == 303
    page = looking.get("/admin")
    assert page.status_code == 200
    assert "You are looking as" not in page.text
    with database.session(tenant) as session:
        told = [(row.event, row.person_id, row.viewed_by) for row in session.scalars(newest(50))]
    mine = person_id(database, tenant, admin)
    assert ("viewing.started", mine, None) in told
    assert ("viewing.ended", person_id(database, tenant, ann), mine) in told


def test_it_ends_with_the_right_to_it_and_with_the_other_s_account(
    looking, joined, database, tenant, ann
):
    second = f"root-{uuid.uuid4().hex[:8]}@example.org"
    portals.add_person(database, tenant, second, "admin")
    other = new_browser(joined)
    other.sign_in(second)
    send(other, f"/admin/people/{person_id(database, tenant, ann)}/shut")
    page = looking.get("/admin")
    assert page.status_code == 200
    assert "You are looking as" not in page.text


@pytest.mark.parametrize("person", ["x", "0f8fad5b-d9cb-469f-a165-70867728950e"])
def test_nobody_else_s_people_and_nobody_at_all_can_be_looked_as(office, person):
    refused = send(office, f"/admin/people/{person}/view")
    assert refused.status_code == 400
    assert "no such person" in refused.text


def test_a_rep_may_not(inside, database, tenant, admin):
    assert press(
        inside, f"/admin/people/{person_id(database, tenant, admin)}/view"
    ).status_code == (403)
