"""An administrator changes who may do what in their own company, and nobody else's."""

import re
import uuid

import pytest

from portal.models import people
from portal.models.audit import newest
from portal.services import account_words, auditing, tenants
from portal.services.auditing import Event, Trace
from portal.services.rosters import Roster, Team
from portal.services.tenants import Profile
from portal.tenancy.keys import TenantKey
from tests.web import portals
from tests.web.conftest import new_browser
from tests.web.portals import PASSWORD, START

NEW_PASSWORD = "another horse with another battery"


@pytest.fixture
def admin(database, tenant) -> str:
    email = f"root-{uuid.uuid4().hex[:8]}@example.org"
    portals.add_person(database, tenant, email, "admin")
    return email


@pytest.fixture
def office(joined, admin):
    """The administrator's browser."""
    browser = new_browser(joined)
    assert browser.sign_in(admin).status_code == 303
    return browser


def send(browser, path, **fields):
    return browser.post(path, fields, page="/admin/people/new")


def person_id(database, tenant, email) -> uuid.UUID:
    with database.session(tenant) as session:
        return session.scalars(people.by_email(email)).one().id


def events(database, tenant) -> list[str]:
    with database.session(tenant) as session:
        return [row.event for row in session.scalars(newest(50))]


def test_a_person_is_added_and_listed(office, database, tenant):
    added = send(
        office, "/admin/people/new", email="new@example.org", name="Nia <b>New</b>", role="leader"
    )
    assert (added.status_code, added.location) == (303, "/admin?done=added")
    page = office.get("/admin").text
    assert "new@example.org" in page
    assert "Nia &lt;b&gt;New&lt;/b&gt;" in page
    assert "<b>New" not in page
    assert "person.added" in events(database, tenant)


@pytest.mark.parametrize(
    ("email", "role", "said"),
    [
        ("no address", "rep", "e-mail"),
        ("new@example.org", "king", "king"),
        ("new@example.org", "", "role"),
    ],
)
def test_a_person_who_can_not_be_added_is_refused_and_nothing_typed_is_lost(
    office, email, role, said
):
    fields = {"email": email, "name": "Nia New", **({"role": role} if role else {})}
    refused = send(office, "/admin/people/new", **fields)
    assert refused.status_code == 400
    assert said in refused.text
    assert 'role="alert" tabindex="-1" autofocus' in refused.text  # the keyboard begins there
    assert 'value="Nia New"' in refused.text
    assert f'value="{email}"' in refused.text


def test_a_changed_role_ends_the_sessions_and_holds_at_once(office, joined, database, tenant, ann):
    rep = new_browser(joined)
    rep.sign_in(ann)
    assert rep.get("/admin").status_code == 403
    person = person_id(database, tenant, ann)
    given = send(office, f"/admin/people/{person}/give/admin")
    assert (given.status_code, given.location) == (303, "/admin?done=roles")
    assert rep.get("/things/a").status_code == 302
    rep.sign_in(ann)
    assert rep.get("/admin").status_code == 200


def test_the_last_administrator_and_the_last_role_stay(office, database, tenant, admin, ann):
    own = person_id(database, tenant, admin)
    refused = send(office, f"/admin/people/{own}/drop/admin")
    assert refused.status_code == 400
    send(office, f"/admin/people/{own}/give/rep")
    assert office.get("/admin").status_code == 302
    assert office.sign_in(admin).status_code == 303
    refused = send(office, f"/admin/people/{own}/drop/admin")
    assert refused.status_code == 400
    assert "Somebody has to administer" in refused.text
    only = send(office, f"/admin/people/{person_id(database, tenant, ann)}/drop/rep")
    assert only.status_code == 400
    assert "needs a role" in only.text


def test_a_shut_account_signs_in_no_more_until_it_is_open_again(
    office, joined, database, tenant, ann, admin
):
    person = person_id(database, tenant, ann)
    rep = new_browser(joined)
    rep.sign_in(ann)
    assert send(office, f"/admin/people/{person}/shut").status_code == 303
    assert rep.get("/things/a").status_code == 302
    assert rep.sign_in(ann).status_code == 401
    assert send(office, f"/admin/people/{person}/open").status_code == 303
    assert rep.sign_in(ann).status_code == 303
    own = send(office, f"/admin/people/{person_id(database, tenant, admin)}/shut")
    assert own.status_code == 400


@pytest.mark.parametrize("what", ["give/admin", "drop/rep", "shut", "open", "invite"])
def test_somebody_of_another_company_is_nobody(office, database, what):
    other = TenantKey(f"other-{uuid.uuid4().hex[:8]}")
    with database.session(other) as session:
        tenants.create(session, Profile("Other"), START)
    portals.add_person(database, other, "bob@other.example", "rep")
    theirs = person_id(database, other, "bob@other.example")
    for person in (theirs, uuid.uuid4(), "1 OR 1=1", ":id"):
        refused = send(office, f"/admin/people/{person}/{what}")
        assert refused.status_code == 400
        assert "There is no such person" in refused.text
        assert "bob" not in refused.text
    with database.session(other) as session:
        row = session.scalars(people.by_id(theirs)).one()
        assert (row.roles, row.disabled_at) == (["rep"], None)


def test_a_rep_may_do_none_of_it_and_a_form_without_its_token_nothing(
    inside, office, database, tenant, ann
):
    person = person_id(database, tenant, ann)
    for path in ("/admin", "/admin/audit", "/admin/people/new"):
        assert inside.get(path).status_code == 403
        assert office.get(path).status_code == 200
    token = {"csrf_token": inside.client.get_cookie("csrf", domain="127.0.0.1").decoded_value}
    path = f"/admin/people/{person}/give/admin"
    assert inside.client.post(path, base_url=portals.BASE, data=token).status_code == 403
    assert office.client.post(path, base_url=portals.BASE, data={}).status_code == 400
    assert office.get(path).status_code in (404, 405)


def test_the_audit_log_is_told_and_pages_back(office, database, tenant, ann):
    send(office, f"/admin/people/{person_id(database, tenant, ann)}/give/leader")
    page = office.get("/admin/audit").text
    assert "roles changed" in page
    assert "signed in" in page
    assert "Earlier events" in page
    assert office.get("/admin/audit?before=never").status_code in (400, 404)
    assert "Nothing earlier" in office.get("/admin/audit?before=2001-01-01").text


def letter(joined) -> str:
    """The secret in the newest mail of the folder."""
    files = sorted(
        (joined.edge.config.home / "mail").glob("*.eml"), key=lambda f: f.stat().st_mtime
    )
    text = files[-1].read_bytes().decode().replace("=\r\n", "")
    found = re.search(r"#([a-z0-9_.-]+\.[A-Za-z0-9_-]{43})", text)
    assert found is not None
    return found[1]


def choose(browser, link, password=NEW_PASSWORD, again=None):
    fields = {"link": link, "password": password, "again": again or password}
    return browser.post("/login/password", fields, page="/login/password")


def test_a_link_sets_a_password_once_and_ends_the_sessions(office, joined, database, tenant, ann):
    rep = new_browser(joined)
    rep.sign_in(ann)
    send(office, f"/admin/people/{person_id(database, tenant, ann)}/invite")
    secret = letter(joined)
    stranger = new_browser(joined)
    assert choose(stranger, secret, again="not the same at all").status_code == 400
    assert choose(stranger, secret, "short").status_code == 400
    assert choose(stranger, secret).status_code == 303
    assert rep.get("/things/a").status_code == 302
    assert stranger.get("/things/a").status_code == 302
    assert rep.sign_in(ann, PASSWORD).status_code == 401
    assert rep.sign_in(ann, NEW_PASSWORD).status_code == 303
    spent = choose(stranger, secret, "yet another horse and battery")
    assert spent.status_code == 400
    assert "works no more" in spent.text


def test_a_forgotten_password_is_chosen_anew_and_nobody_learns_who_has_an_account(
    joined, clock, ann
):
    asks = new_browser(joined)
    page = "/login/forgotten"
    known = asks.post(page, {"email": ann}, page=page)
    first = letter(joined)
    asks.post(page, {"email": ann}, page=page)
    second = letter(joined)
    unknown = asks.post(page, {"email": "nobody@example.org"}, page=page)
    assert known.status_code == unknown.status_code == 200
    assert re.sub(r'value="[^"]+"', "", known.text) == re.sub(r'value="[^"]+"', "", unknown.text)
    assert choose(asks, first).status_code == 400
    clock.pass_by(minutes=30)
    assert choose(asks, second).status_code == 400
    asks.post(page, {"email": ann}, page=page)
    assert choose(asks, letter(joined)).status_code == 303


def test_a_link_of_one_company_opens_nothing_in_another(joined, database, ann):
    asks = new_browser(joined)
    asks.post("/login/forgotten", {"email": ann}, page="/login/forgotten")
    secret = letter(joined).partition(".")[2]
    for link in (f"rival.{secret}", secret, "", "x" * 9_000, "a.b"):
        assert choose(asks, link).status_code == 400


def test_the_audit_log_tells_names_where_it_keeps_ids(office, database, tenant, ann):
    one = person_id(database, tenant, ann)
    with database.session(tenant) as session:
        shares = {
            "shares": [f"{one} 60 %"],
            "owner": str(one),
            "carried": False,
            "x": str(uuid.UUID(int=7)),
        }
        trace = Trace(START, "abc", "10.0.0.1")
        auditing.note(session, None, Event.SHARES_CHANGED, "win_rate", shares, trace=trace)
    page = office.get("/admin/audit").text
    assert "Win rate" in page
    assert f"carried over: no; owner: {ann}; shares: {ann} 60 %" in page
    assert str(uuid.UUID(int=7)) in page
    assert str(one) not in page.split("Win rate", 1)[1].split("</tr>", 1)[0]


def test_the_page_of_people_names_the_team_and_tells_one_without_a_name_by_its_id():
    row = people.Person(team_id="t-1", crm_user_id="u-1", email="a@example.org", roles=["rep"])
    team = Team("crm:t-1", "t-1", "Nordics", None)
    assert account_words.crm(row, Roster({team.key: team}, {})) == "Nordics, user u-1"
    assert account_words.crm(row, Roster({}, {})) == "Team t-1, user u-1"
    assert account_words.roles_alone(["leader", "owner"]) == "Leader, owner"
