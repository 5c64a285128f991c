"""People change their own password and way of writing numbers, and nobody else's."""

import pytest

from portal.models import people
from tests.web.conftest import new_browser
from tests.web.portals import PASSWORD

NEW_PASSWORD = "another horse with another battery"


def change(browser, old=PASSWORD, new=NEW_PASSWORD, again=None):
    fields = {"old": old, "new": new, "again": again or new}
    return browser.post("/account/password", fields, page="/account")


def test_a_new_password_ends_every_session_and_is_asked_for(joined, inside, ann):
    other = new_browser(joined)
    other.sign_in(ann)
    changed = change(inside)
    assert (changed.status_code, changed.location) == (303, "/login?chosen=1")
    assert inside.get("/things/a").status_code == 302
    assert other.get("/things/a").status_code == 302
    assert inside.sign_in(ann, PASSWORD).status_code == 401
    assert inside.sign_in(ann, NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong wrong wrong", NEW_PASSWORD, None, "present password is not right"),
        (PASSWORD, NEW_PASSWORD, "something else entirely", "differ"),
        (PASSWORD, "short", None, "12 to 128"),
        (PASSWORD, PASSWORD, None, "Choose another"),
    ],
)
def test_a_password_that_can_not_be_is_refused_and_nothing_changes(
    inside, joined, ann, old, new, again, said
):
    refused = change(inside, old, new, again)
    assert refused.status_code == 400
    assert said in refused.text
    assert inside.get("/things/a").status_code == 200
    assert new_browser(joined).sign_in(ann, PASSWORD).status_code == 303


def test_a_way_of_writing_is_kept_and_an_unknown_one_refused(inside, database, tenant, ann):
    kept = inside.post("/account/locale/de", {}, page="/account")
    assert (kept.status_code, kept.location) == (303, "/account?done=locale")
    assert inside.post("/account/locale/xx", {}, page="/account").status_code == 400
    with database.session(tenant) as session:
        assert session.scalars(people.by_email(ann)).one().locale == "de"
