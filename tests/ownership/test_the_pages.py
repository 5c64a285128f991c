"""The framework's pages and forms: who reads, who changes, what was typed is only ever text."""

import re

import pytest

from portal.services import goal_changes, goals, ownership
from portal.services.ownership_changes import OwnerChange, set_owner
from tests.ownership.company import TODAY, TRACE
from tests.ownership.forms import FORMS, PAGES, goal_fields, shared
from tests.ownership.test_shares import LEADS
from tests.web import portals


@pytest.mark.parametrize("name", ["chief", "analyst", "katrin", "dilara", "noor"])
@pytest.mark.parametrize("path", PAGES)
def test_everybody_with_numbers_reads_the_pages(enter, name, path):
    answer = enter(name).get(path)
    assert answer.status_code == 200
    changes = re.findall(
        r'href="/framework/(?:goals|kpis|handover)|action="/framework/goals', answer.text
    )
    assert bool(changes) == (name in ("chief", "analyst"))


def test_an_administrator_without_numbers_reads_none_of_them(enter):
    browser = enter("ruth")
    assert {browser.get(path).status_code for path in (*PAGES, *FORMS)} == {403}


@pytest.mark.parametrize("name", ["katrin", "dilara", "noor", "ruth"])
def test_who_may_not_change_the_framework_opens_and_sends_no_form(enter, name, company):
    browser = enter(name)
    for path in FORMS:
        assert browser.get(path).status_code == 403, path
        assert browser.post(path, goal_fields(), page="/account").status_code == 403, path
    assert browser.post("/framework/goals/default", {}, page="/account").status_code == 403
    with company.desk() as desk:
        assert goals.own_goals(desk.session) == ()


def test_a_form_without_its_token_changes_nothing(chief, company):
    answer = chief.client.post(
        "/framework/goals/new", base_url=portals.BASE, data=goal_fields(), headers=chief.headers
    )
    assert answer.status_code in (400, 403)
    with company.desk() as desk:
        assert goals.own_goals(desk.session) == ()


def test_a_goal_is_made_changed_and_ended(chief, company):
    new = "/framework/goals/new"
    made = chief.post(new, goal_fields(), page=new)
    assert (made.status_code, made.location) == (303, "/framework?done=goal")
    page = chief.get("/framework?done=goal").text
    assert "Win more" in page
    assert "The goal was saved" in page
    with company.desk() as desk:
        goal = goals.own_goals(desk.session)[0]
    place = f"/framework/goals/{goal.id}"
    form = chief.get(place).text
    assert re.search(r'<option value="win_rate" selected>', form)
    again = goal_fields(name="Win larger", revision="1")
    assert chief.post(place, again, page=place).status_code == 303
    stale = chief.post(place, goal_fields(name="Mine", revision="1"), page=place)
    assert stale.status_code == 400
    assert "Somebody changed the goal" in stale.text
    assert 'value="Mine"' in stale.text
    ended = chief.post(f"{place}/end", {"revision": "2"}, page=place)
    assert ended.location == "/framework?done=ended"
    assert "No goal at present" in chief.get("/framework").text


def test_what_was_typed_stays_where_it_is_refused(chief):
    new = "/framework/goals/new"
    answer = chief.post(new, goal_fields(name="Keep me", weight=["900", ""]), page=new)
    assert answer.status_code == 400
    assert "A weight is a whole number from 1 to 100" in answer.text
    assert 'value="Keep me"' in answer.text
    assert 'value="900"' in answer.text


def test_the_default_goals_become_ones_own(chief, company):
    assert "Make them our own" in chief.get("/framework").text
    answer = chief.post("/framework/goals/default", {}, page="/framework/goals/new")
    assert answer.location == "/framework?done=default"
    assert "Make them our own" not in chief.get("/framework").text


def test_an_owner_a_cover_and_shares_are_set_and_told(chief, company):
    owner = "/framework/kpis/win_rate/owner"
    person = str(company.ids["dilara"])
    sent = {"owner": person, "from_day": "2026-11-01", "reason": "New in the role"}
    assert chief.post(owner, sent, page=owner).location == "/framework/owners?done=owner"
    assert chief.post(owner, sent, page=owner).location == "/framework/owners?done=unchanged"
    cover = {"kind": "cover", "person": str(company.ids["katrin"])}
    cover |= {"from_day": "2026-11-20", "last_day": "2026-11-30"}
    done = chief.post("/framework/kpis/win_rate/help", cover, page=owner)
    assert done.location == "/framework/owners?done=help"
    page = chief.get("/framework/owners").text
    assert "covered by Katrin until 30" in page
    back = re.search(r'action="(/framework/helps/[^"]+)"', page)[1]
    assert chief.post(back, {}, page=owner).status_code == 303
    assert chief.post(back, {}, page=owner).status_code == 404
    assert "covered by" not in chief.get("/framework/owners").text
    assert "New in the role" in chief.get(owner).text


def split_fields(company, *percents):
    people = [str(company.ids[name]) for name in ("dilara", "katrin")]
    return {
        "component": ["Lead quality", "Follow-up", ""],
        "person": [*people, ""],
        "percent": [*percents, ""],
        "responsibility": ["Attract fitting leads.", "Work them.", ""],
        "input": ["qualification_rate", "", ""],
    }


def test_shares_that_are_not_100_are_refused_and_stay_typed(chief, company):
    with company.desk() as desk:
        set_owner(desk, OwnerChange(LEADS, company.ids["dilara"], TODAY), TRACE)
    place = f"/framework/kpis/{LEADS}/shares"
    answer = chief.post(place, split_fields(company, "60", "30"), page=place)
    assert answer.status_code == 400
    assert "add up to 90 %" in answer.text
    assert "Attract fitting leads." in answer.text
    done = chief.post(place, split_fields(company, "60", "40"), page=place)
    assert done.location == "/framework/owners?done=shares"
    page = chief.get("/framework/owners").text
    assert "60\N{NO-BREAK SPACE}%" in page
    assert page.count("Not acknowledged yet") == 2
    assert "2 shares wait for a word" in page
    assert "This share is mine" not in page


def test_a_co_owner_finds_the_button_for_their_own_share(enter, company, database):
    browser = enter("dilara")
    with company.desk() as desk:
        people = ownership.everybody(desk.session)
    me = next(one.id for one in people.values() if one.email.startswith("in-dilara"))
    company.ids["katrin"] = me
    shared(company)
    page = browser.get("/framework/owners").text
    mine = re.findall(r'action="(/framework/shares/[^"]+)"', page)
    assert len(mine) == 1
    assert browser.post(mine[0], {}, page="/account").status_code in (303, 400)
    token = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"', page
    )
    data = {"csrf_token": next(one for one in token.groups() if one)}
    answer = browser.client.post(mine[0], base_url=portals.BASE, data=data)
    assert answer.location == "/framework/owners?done=acknowledged"
    with company.desk() as desk:
        found = ownership.owners(desk.session, [LEADS], desk.today)[LEADS]
    assert [one.acknowledged_at is not None for one in found.shares] == [False, True]


def test_a_kpi_is_adopted_and_retired_with_its_reason(chief):
    place = "/framework/kpis/calls_made/life"
    sent = {"to": "active", "reason": "We coach by it."}
    done = chief.post(place, sent, page=place)
    assert done.location == "/framework/catalogue?done=life&search=calls_made"
    assert "We coach by it." in chief.get(done.location).text
    sent = {"to": "retired", "reason": "Rushed calls.", "successor": "call_connect_rate"}
    sent |= {"parallel_until": "2027-01-31"}
    assert chief.post(place, sent, page=place).status_code == 303
    page = chief.get("/framework/catalogue?life=retired").text
    assert "Followed by Call connect rate" in page
    beside = re.search(r'href="([^"]+)"[^>]*>Old and new side by side', page)[1]
    assert "Calls made and Call connect rate" in chief.get(beside.replace("&amp;", "&")).text
    assert "Rushed calls" in chief.get("/framework/kpis/calls_made/life").text
    assert re.search(r"1 of \d+ KPIs", page)
    refused = chief.post(place, {"to": "retired", "reason": "Again."}, page=place)
    assert refused.status_code == 400


def test_everything_is_handed_over_by_the_form(chief, company):
    shared(company)
    place = "/framework/handover"
    assert chief.post(place, {"leaving": "", "taking": ""}, page=place).status_code == 400
    sent = {"leaving": str(company.ids["dilara"]), "taking": str(company.ids["noor"])}
    assert chief.post(place, sent, page=place).location == "/framework/owners?done=over"
    page = chief.get("/framework/owners").text
    assert "Accountable: Noor" in page


def test_the_catalogue_is_searched_narrowed_and_compared(enter):
    browser = enter("noor")
    found = browser.get("/framework/catalogue?search=win+rate&stage=sales").text
    assert re.search(r"\d+ of \d+ KPIs, 1 in use", found)
    assert "Win rate by value" in found
    two = browser.get("/framework/catalogue?compare=win_rate,win_rate_value,nothing").text
    assert "Win rate and Win rate by value" in two
    assert "Made by records of" in two
    none = browser.get("/framework/catalogue?search=zzz&life=bogus").text
    assert "Nothing found" in none


def test_goals_that_were_taken_over_are_read_by_the_scorecard(company):
    with company.desk() as desk:
        goal_changes.take_default(desk, TRACE)
        assert not goals.goals(desk.session, desk.catalogue, TODAY)[0].default
