"""A KPI of one person of the CRM has an owner of its own: searched for, set, told, written down."""

import re

import pytest

from kpi_engine.definitions.kinds import KpiKey
from portal.errors import BadInputError
from portal.models import audit
from portal.models.observations import ScopeKind
from portal.services import owner_scopes, ownership, ownership_changes, rosters
from portal.services.form_parts import Whose, scope
from portal.services.numbers import TENANT, Who
from portal.services.ownership_changes import OwnerChange
from portal.services.rosters import Member, Roster, Team
from portal.services.typed_words import NotThereError, RefusedFieldError
from tests.ownership.company import TODAY, TRACE

WIN, ROI = KpiKey("win_rate"), KpiKey("campaign_roi")
PLACE = f"/framework/kpis/{WIN}/owner"
ANN, TWIN, OTHER = "crm\x1fann", "crm\x1f7", "old\x1f7"
NORTH = "crm\x1fnorth"


def staffed(company, more=()):
    """Let the CRM know a team and its people; id 7 is somebody's in two sources."""
    people = [
        Member(ANN, "ann", "Ann Able", NORTH, active=True),
        Member("crm\x1fbob", "bob", "Bob <b>Bold</b>", NORTH, active=True),
        Member("crm\x1fgone", "gone", "Ann Gone", NORTH, active=False),
        Member(TWIN, "7", "Tilda Twin", NORTH, active=True),
        Member(OTHER, "7", "Tom Twin", None, active=True),
        *more,
    ]
    north = Team(NORTH, "north", "North", None)
    with company.database.session(company.tenant) as session:
        rosters.keep(session, Roster({NORTH: north}, {one.key: one for one in people}))


def found(company, find, kpi=WIN, chosen=TENANT):
    with company.desk() as desk:
        return owner_scopes.people(desk, kpi, chosen, find)


def owners(company, who):
    with company.desk() as desk:
        told = ownership.owners(desk.session, [WIN], desk.today, who).get(WIN)
        return None if told is None else told.accountable.name


def sent(company, name="katrin", **more):
    person = str(company.ids[name]) if name in company.ids else name
    return {"owner": person, "from_day": "2026-11-01", "reason": "Coaches her.", **more}


def links(page):
    """Return the scopes that a form leads to: names by address."""
    told = re.findall(rf'<a href="{PLACE}([^"]*)"([^>]*)>([^<]*)</a>', page)
    return {name: (href.replace("&amp;", "&"), "current" in more) for href, more, name in told}


@pytest.mark.parametrize(
    ("find", "names"),
    [
        ("ann", ["Ann Able, North"]),
        (" ABLE ", ["Ann Able, North"]),
        ("twin", ["Tilda Twin, North", "Tom Twin"]),
        ("<b>", ["Bob <b>Bold</b>, North"]),
        ("gone", []),
        ("%", []),
        ("zzz", []),
    ],
)
def test_people_are_found_by_a_part_of_the_name_those_who_left_are_not(company, find, names):
    staffed(company)
    told = found(company, find)
    assert [one.text for one in told.found] == names
    assert bool(told.told) is (not names)


def test_many_people_are_not_listed_but_told_to_be_searched_for(company):
    more = [
        Member(f"crm\x1fx{at}", f"x{at}", f"Xaver {at:03}", NORTH, active=True) for at in range(500)
    ]
    staffed(company, more)
    assert found(company, "").found == ()
    told = found(company, "xaver")
    assert (len(told.found), told.told) == (owner_scopes.MOST, "488 more. Type more of the name.")


def test_a_kpi_that_is_not_told_by_person_offers_no_person_and_takes_none(company):
    staffed(company)
    assert found(company, "ann", ROI) is None
    change = OwnerChange(ROI, company.ids["katrin"], TODAY, who=Who(ScopeKind.OWNER, ANN))
    with company.desk() as desk, pytest.raises(BadInputError, match="no number of one person"):
        ownership_changes.set_owner(desk, change, TRACE)
    team = OwnerChange(ROI, company.ids["katrin"], TODAY, who=Who(ScopeKind.TEAM, NORTH))
    with company.desk() as desk:
        assert ownership_changes.set_owner(desk, team, TRACE)


def test_an_id_that_two_sources_have_is_told_apart_and_never_guessed(company):
    staffed(company)
    told = {one.text: one.href for one in found(company, "twin").found}
    assert told["Tom Twin"] == f"{PLACE}?owner=old%2F7"
    with company.desk() as desk:
        assert scope(desk, Whose(owner="old/7")) == Who(ScopeKind.OWNER, OTHER)
        assert scope(desk, Whose(owner="crm/7")) == Who(ScopeKind.OWNER, TWIN)
        for word in ("7", "nobody", "crm/nobody", "north", "old\x1f", "../7"):
            with pytest.raises(NotThereError):
                scope(desk, Whose(owner=word))


def test_an_owner_of_one_person_is_searched_for_set_told_and_written_down(chief, company):
    staffed(company)
    page = chief.get(f"{PLACE}?find=ann").text
    assert "One person&#39;s own number" in page
    href, current = links(page)["Ann Able, North"]
    assert (href, current) == ("?owner=ann", False)
    place = PLACE + href
    assert links(chief.get(place).text)["Ann Able, North"][1]
    done = chief.post(place, sent(company), page=place)
    assert done.location == "/framework/owners?done=owner"
    assert owners(company, Who(ScopeKind.OWNER, ANN)) == "Katrin"
    assert owners(company, TENANT) is None
    assert owners(company, Who(ScopeKind.TEAM, NORTH)) is None
    page = chief.get("/framework/owners").text
    assert "Ann Able" in page
    assert f"{PLACE}?owner=ann" in page
    assert "Ann Able, North" in links(chief.get(PLACE).text)
    with company.database.session(company.tenant) as session:
        told = [row.detail for row in session.scalars(audit.newest(20)) if "owner" in row.detail]
    assert told[0]["scope"] == "owner crm/ann"


def test_one_person_has_one_owner_a_day_and_a_cover_and_shares_of_its_own(chief, company):
    staffed(company)
    place = f"{PLACE}?owner=ann"
    chief.post(place, sent(company), page=place)
    chief.post(place, sent(company, "dilara"), page=place)
    assert owners(company, Who(ScopeKind.OWNER, ANN)) == "Dilara"
    cover = {"kind": "cover", "person": str(company.ids["katrin"]), "from_day": "2026-11-20"}
    help_place = f"/framework/kpis/{WIN}/help?owner=ann"
    assert f'action="{help_place}"' in chief.get(place).text
    done = chief.post(help_place, {**cover, "last_day": "2026-11-30"}, page=place)
    assert done.status_code == 303
    assert "covered by Katrin" in chief.get("/framework/owners").text
    assert "Ann Able" in chief.get(f"/framework/kpis/{WIN}/shares?owner=ann").text


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("owner", "nonsense", "Choose a person."),
        ("owner", "00000000-0000-0000-0000-000000000001", "There is no such person"),
        ("from_day", "31.12.2026", "The first day is no day."),
        ("reason", "x" * 1001, "longer than 1,000 characters"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(
    chief, company, field, value, why
):
    staffed(company)
    place = f"{PLACE}?owner=ann"
    answer = chief.post(place, sent(company, **{field: value}), page=place)
    assert answer.status_code == 400
    assert re.search(rf'role="alert" id="{field}-refused"[^>]*>[^<]*{re.escape(why)}', answer.text)
    assert re.search(rf'id="{field}"[^>]*aria-describedby="{field}-refused"', answer.text)
    assert answer.text.count("aria-invalid") == 1
    if field != "reason":
        assert 'value="Coaches her."' in answer.text
    if field != "owner":
        assert re.search(rf'value="{company.ids["katrin"]}" selected', answer.text)
    assert "Ann Able" in answer.text
    assert owners(company, Who(ScopeKind.OWNER, ANN)) is None


def test_a_refused_cover_says_beside_its_field_why_and_keeps_its_days(chief, company):
    staffed(company)
    place, to = f"{PLACE}?owner=ann", f"/framework/kpis/{WIN}/help?owner=ann"
    chief.post(place, sent(company), page=place)
    cover = {"kind": "cover", "person": str(company.ids["dilara"]), "from_day": "2026-12-24"}
    answer = chief.post(to, {**cover, "last_day": ""}, page=place)
    assert answer.status_code == 400
    assert re.search(r'id="last_day-refused"[^>]*>A cover ends', answer.text)
    assert 'id="help_from" name="from_day" type="date" required value="2026-12-24"' in answer.text


def test_an_owner_whose_account_is_shut_is_refused_beside_the_field(company):
    staffed(company)
    company.shut("katrin")
    change = OwnerChange(WIN, company.ids["katrin"], TODAY, who=Who(ScopeKind.OWNER, ANN))
    with company.desk() as desk, pytest.raises(RefusedFieldError, match="is shut") as refused:
        ownership_changes.set_owner(desk, change, TRACE)
    assert refused.value.field == "owner"


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *(("chief", True), ("analyst", True)),
        *(("katrin", False), ("dilara", False), ("noor", False), ("ruth", False)),
    ],
)
@pytest.mark.parametrize("whose", ["", "?team=north", "?owner=ann", "?find=ann"])
def test_who_may_change_the_framework_sets_an_owner_of_each_scope_and_nobody_else(
    enter, company, name, may, whose
):
    staffed(company)
    browser = enter(name)
    place = PLACE + whose
    page = browser.get(place)
    assert page.status_code == (200 if may else 403)
    assert ("Ann Able" in page.text) is (may and whose in {"?owner=ann", "?find=ann"})
    answer = browser.post(place, sent(company), page=place if may else "/account")
    assert answer.status_code == (303 if may else 403)
    scopes = {
        "?team=north": Who(ScopeKind.TEAM, NORTH),
        "?owner=ann": Who(ScopeKind.OWNER, ANN),
    }
    assert owners(company, scopes.get(whose, TENANT)) == ("Katrin" if may else None)


@pytest.mark.parametrize("word", ["zoe", "crm/zoe", "nobody", "%00", "' OR 1=1", "a" * 500])
def test_another_tenants_person_and_nobody_are_told_alike(enter, company, rival, word):
    staffed(company)
    staffed(rival, [Member("crm\x1fzoe", "zoe", "Zoe Zest", NORTH, active=True)])
    browser = enter("chief")
    place = f"{PLACE}?owner={word}"
    assert browser.get(place).status_code == 404
    assert browser.post(place, sent(company), page=PLACE).status_code == 404
    assert "Zoe" not in browser.get(f"{PLACE}?find=zoe").text
    with rival.desk() as desk:
        assert ownership.everything(desk.session, desk.today) == ()


def test_another_tenants_account_is_not_made_an_owner(chief, company, rival):
    staffed(company)
    place = f"{PLACE}?owner=ann"
    answer = chief.post(place, sent(rival), page=place)
    assert (answer.status_code, "There is no such person" in answer.text) == (400, True)
    assert owners(company, Who(ScopeKind.OWNER, ANN)) is None


def test_what_somebody_who_left_owns_for_one_person_leads_to_that_very_form(chief, company):
    staffed(company)
    place = f"{PLACE}?owner=ann"
    chief.post(place, sent(company), page=place)
    company.shut("katrin")
    page = chief.get("/framework/owners").text
    assert re.search(rf'href="{re.escape(place)}"[^>]*>Win rate, Ann Able<', page)
