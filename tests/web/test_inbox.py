"""The inbox by HTTP: one's own items, plain forms, and a question that keeps nobody signed in."""

import uuid

import pytest

from portal.models import digests as wishes
from portal.models import inbox as questions
from portal.models import people
from portal.models.inbox import Kind
from portal.services import inbox
from portal.services.inbox import NewItem
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import START
from tests.web.test_administration import admin, office
from tests.web.test_viewing import looking, press

__all__ = ["admin", "looking", "office"]
XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture
def told(database, tenant, ann):
    """Tell Ann something; return the item's id."""

    def tell(subject="Win rate: now off target", slot="one", person=ann):
        with database.session(tenant) as session:
            who = session.scalars(people.by_email(person)).one().id
            new = NewItem(who, Kind.STATUS, subject, "/kpis?q=win_rate", slot, START)
            inbox.post(session, [new])
            rows = session.scalars(questions.of_person(who, START, 9))
            return next(str(row.id) for row in rows if row.slot == slot)

    return tell


def row_of(database, tenant, item):
    with database.session(tenant) as session:
        return session.scalars(questions.some_held([uuid.UUID(item)])).one()


def test_the_bell_counts_what_is_unread(inside, told):
    assert 'aria-label="Inbox, nothing unread"' in inside.get("/account").text
    told()
    page = inside.get("/account").text
    assert 'aria-label="Inbox, 1 unread"' in page
    assert 'data-count="1"' in page


def test_what_people_typed_is_text_on_the_page(inside, told):
    told(XSS)
    page = inside.get("/inbox").text
    assert XSS not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_following_an_item_marks_it_as_read_and_leads_on(inside, told, database, tenant):
    item = told()
    gone = inside.get(f"/inbox/{item}")
    assert (gone.status_code, gone.location) == (303, "/kpis?q=win_rate")
    assert row_of(database, tenant, item).read_at is not None


def test_an_item_is_acknowledged_put_off_and_all_are_read(inside, told, database, tenant):
    item = told()
    back = inside.post(f"/inbox/{item}/acknowledge?show=all&kind=status", {}, page="/inbox")
    assert (back.status_code, back.location) == (303, "/inbox?show=all&kind=status")
    assert row_of(database, tenant, item).acknowledged_at is not None
    other = told("Another", "two")
    assert inside.post(f"/inbox/{other}/later/week", {}, page="/inbox").status_code == 303
    assert row_of(database, tenant, other).snoozed_until is not None
    last = told("The last", "three")
    assert inside.post("/inbox/read", {}, page="/inbox").location == "/inbox"
    assert row_of(database, tenant, last).read_at is not None


@pytest.mark.parametrize("path", ["/acknowledge", "/later/week", "/later/never", ""])
def test_another_persons_item_is_not_found(joined, told, database, tenant, path):
    item, email = told(), f"eve-{uuid.uuid4().hex[:8]}@example.org"
    portals.add_person(database, tenant, email, "executive")
    eve = new_browser(joined)
    eve.sign_in(email)
    if path:
        asked = eve.post(f"/inbox/{item}{path}", {}, page="/account")
    else:
        asked = eve.get(f"/inbox/{item}")
    assert asked.status_code == 404
    row = row_of(database, tenant, item)
    assert (row.read_at, row.acknowledged_at, row.snoozed_until) == (None, None, None)


def test_a_form_without_its_token_is_refused(inside, told, database, tenant):
    item = told()
    asked = inside.client.post(f"/inbox/{item}/acknowledge", base_url=portals.BASE)
    assert asked.status_code == 400
    assert row_of(database, tenant, item).acknowledged_at is None


def test_who_looks_as_somebody_else_acknowledges_nothing(looking, told, database, tenant):
    item = told()
    looking.get("/inbox")
    for path in (f"/inbox/{item}/acknowledge", f"/inbox/{item}/later/week", "/inbox/read"):
        assert press(looking, path).status_code == 403
    assert looking.get(f"/inbox/{item}").status_code == 303
    assert row_of(database, tenant, item).read_at is None


def test_back_is_to_the_inbox_whatever_the_address_says(inside, told):
    told()
    back = inside.post("/inbox/read?show=//evil.example&next=//evil.example", {}, page="/inbox")
    assert back.location == "/inbox?show=%2F%2Fevil.example"
    assert inside.get(back.location).status_code == 404


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(inside, clock):
    for _ in range(6):
        clock.pass_by(minutes=6)
        answer = inside.get("/fresh")
    assert answer.status_code == 302
    assert inside.get("/things/a").status_code == 302


def test_a_person_who_works_stays_signed_in_beside_it(inside, clock):
    for _ in range(6):
        clock.pass_by(minutes=6)
        assert inside.get("/fresh").json == {"unread": 0, "version": ""}
        assert inside.get("/things/a").status_code == 200


SETTINGS = {
    "rhythm": "weekly",
    "weekday": "4",
    "hour": "16",
    "timezone": "America/New_York",
    "quiet_from": "18",
    "quiet_until": "8",
}


def test_how_one_is_told_is_kept_and_shown(inside, database, tenant, ann):
    kept = inside.post("/account/digest", SETTINGS, page="/account")
    assert (kept.status_code, kept.location) == (303, "/account?done=digest#digest")
    with database.session(tenant) as session:
        who = session.scalars(people.by_email(ann)).one().id
        row = session.scalars(wishes.setting_of(who)).one()
        assert (row.rhythm, row.weekday, row.hour) == ("weekly", 4, 16)
        assert (row.timezone, row.quiet_from, row.quiet_until) == ("America/New_York", 18, 8)
    assert "One mail on Fridays from 16:00 (America/New York)" in inside.get("/account").text
    off = SETTINGS | {"rhythm": "off", "timezone": "", "quiet_from": "", "quiet_until": ""}
    assert inside.post("/account/digest", off, page="/account").status_code == 303
    assert "No mail is sent." in inside.get("/account").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rhythm": "hourly"}, "no such rhythm"),
        ({"weekday": "7"}, "no such weekday"),
        ({"hour": "24"}, "no such hour"),
        ({"hour": "-1"}, "no such hour"),
        ({"hour": "٣"}, "no such hour"),
        ({"hour": "20"}, "one of your quiet hours"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"quiet_until": ""}, "a beginning and an end"),
        ({"quiet_until": "18"}, "a beginning and an end"),
    ],
)
def test_what_can_not_be_chosen_is_refused(inside, database, tenant, wrong, said):
    refused = inside.post("/account/digest", SETTINGS | wrong, page="/account")
    assert refused.status_code == 400
    assert said in refused.text
    with database.session(tenant) as session:
        assert session.scalars(wishes.settings()).all() == []
