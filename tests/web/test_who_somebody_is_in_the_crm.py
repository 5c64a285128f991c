"""An administrator says later who a person is in the CRM: it holds at once, and is written down."""

import uuid

import pytest

from portal.models.audit import newest
from portal.models.people import by_email
from portal.models.rosters import RosterMember, RosterTeam
from tests.web import portals
from tests.web.conftest import new_browser


@pytest.fixture
def office(joined, database, tenant):
    """An administrator's browser."""
    email = f"root-{uuid.uuid4().hex[:8]}@example.org"
    portals.add_person(database, tenant, email, "admin")
    browser = new_browser(joined)
    assert browser.sign_in(email).status_code == 303
    return browser


@pytest.fixture
def crm(database, tenant):
    """What the last load told of the CRM."""
    with database.session(tenant) as session:
        session.add(RosterTeam(key="crm\x1fn", id="n", name="North <b>"))
        session.add(
            RosterMember(key="crm\x1f7", id="7", name="Ann Able", team="crm\x1fn", active=True)
        )
        session.flush()


def person(database, tenant, email):
    with database.session(tenant) as session:
        row = session.scalars(by_email(email)).one()
        return row.id, (row.name, row.crm_user_id, row.team_id)


def place(database, tenant, email):
    return f"/admin/people/{person(database, tenant, email)[0]}/edit"


def send(office, path, **fields):
    return office.post(path, {"name": "Ann", "crm_user_id": "", "team_id": "", **fields}, page=path)


def test_a_person_is_tied_later_and_signs_in_again(office, joined, database, tenant, ann, crm):
    rep, path = new_browser(joined), place(database, tenant, ann)
    rep.sign_in(ann)
    form = office.get(path).text
    assert '<option value="7">Ann Able</option>' in form
    assert "North &lt;b&gt;" in form
    done = send(office, path, name="Ann Able", crm_user_id="7", team_id="n")
    assert (done.status_code, done.location) == (303, "/admin?done=changed")
    assert person(database, tenant, ann)[1] == ("Ann Able", "7", "n")
    assert rep.get("/things/a").status_code == 302
    with database.session(tenant) as session:
        events = session.scalars(newest(9)).all()
    (event,) = (one for one in events if one.event == "person.changed")
    assert event.detail["team"] == "- > n"


def test_an_empty_id_ties_to_nobody(office, database, tenant, ann, crm):
    path = place(database, tenant, ann)
    send(office, path, crm_user_id="7", team_id="n")
    send(office, path)
    assert person(database, tenant, ann)[1] == ("Ann", None, None)


def test_nothing_new_ends_no_session(office, joined, database, tenant, ann):
    path, rep = place(database, tenant, ann), new_browser(joined)
    send(office, path)
    rep.sign_in(ann)
    assert send(office, path).status_code == 303
    assert rep.get("/things/a").status_code != 302


@pytest.mark.parametrize(("field", "said"), [("crm_user_id", "No user"), ("team_id", "No team")])
def test_whom_the_crm_does_not_know_is_refused_and_what_was_typed_stays(
    office, database, tenant, ann, crm, field, said
):
    path = place(database, tenant, ann)
    before = person(database, tenant, ann)
    refused = send(office, path, **{"name": "Ann <i>", field: "nobody"})
    assert refused.status_code == 400
    assert said in refused.text
    assert 'value="nobody"' in refused.text
    assert "Ann &lt;i&gt;" in refused.text
    assert person(database, tenant, ann) == before


@pytest.mark.parametrize("wanted", ["x", str(uuid.UUID(int=7))])
def test_who_is_not_there_has_no_form(office, wanted):
    assert office.get(f"/admin/people/{wanted}/edit").status_code == 400
