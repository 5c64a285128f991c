"""What somebody answers for opens exactly that KPI, in exactly its scopes, on exactly its days."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Grain
from portal.errors import DeniedError
from portal.models.observations import ScopeKind
from portal.models.ownership import Help
from portal.security.reach import NOTHING, Reach, Scopes, reach_of, scopes_of
from portal.security.roles import Role
from portal.services import (
    goals,
    ownership,
    ownership_changes,
    reaches,
    rosters,
    shares,
    target_page,
)
from portal.services.desks import NoReachError, view_of, widest_of
from portal.services.numbers import TENANT, Who
from portal.services.ownership_changes import NewHelp, OwnerChange
from portal.services.rosters import Member, Roster, Team
from portal.services.shares import NewShare, NewSplit
from portal.services.target_page import Typed
from tests.ownership.company import TODAY, TRACE

WIN, WON, RESPONSE = KpiKey("win_rate"), KpiKey("won_revenue"), KpiKey("lead_response_hours")
DAY = timedelta(days=1)
ROSTER = Roster(
    {
        key: Team(key, key, key.title(), parent)
        for key, parent in (("all", None), ("north", "all"), ("ne", "north"), ("south", "all"))
    },
    {
        key: Member(key, key, key.title(), team, active=True)
        for key, team in (("ann", "north"), ("cid", "ne"), ("bob", "south"))
    },
)
NORTH, NE, SOUTH = (Who(ScopeKind.TEAM, key) for key in ("north", "ne", "south"))
ANN, BOB = (Who(ScopeKind.OWNER, key) for key in ("ann", "bob"))


@pytest.fixture
def company(company):
    """The company with two teams."""
    with company.desk() as desk:
        rosters.keep(desk.session, ROSTER)
    return company


def own(company, kpi, name, since=TODAY, who=TENANT):
    person = None if name is None else company.ids[name]
    with company.desk() as desk:
        ownership_changes.set_owner(desk, OwnerChange(kpi, person, since, who=who), TRACE)


def reach(company, name, day=TODAY, **more):
    with company.desk() as desk:
        found = reaches.reach(desk.session, company.actor(name, **more), day)
        return Reach(found.by_role, found.median_of, dict(found.answers))


def test_the_one_statement_says_what_all_of_ownership_says_of_each_person_and_day(company):
    own(company, WIN, "dilara", TODAY - 9 * DAY)
    own(company, WIN, "katrin", TODAY - 5 * DAY)
    own(company, WIN, "noor", TODAY - 5 * DAY)
    own(company, WIN, None, TODAY + 2 * DAY)
    own(company, WIN, "katrin", TODAY, NORTH)
    own(company, WON, "dilara")
    own(company, RESPONSE, "dilara")
    with company.desk() as desk:
        for who, kind, last in (("katrin", Help.COVER, 3), ("chief", Help.UPDATER, None)):
            until = None if last is None else TODAY + last * DAY
            new = NewHelp(WON, kind, company.ids[who], TODAY + DAY, until)
            ownership_changes.add_help(desk, new, TRACE)
        for pair in (("dilara", "katrin"), ("dilara", "noor")):
            parts = tuple(
                NewShare(f"Part {one}", company.ids[one], Decimal(50), "Do it.") for one in pair
            )
            shares.set_shares(desk, NewSplit(RESPONSE, parts), TRACE)
    found = 0
    with company.desk() as desk:
        for name, person in company.ids.items():
            for day in (TODAY + at * DAY for at in range(-10, 6)):
                told = ownership.owned_by(desk.session, person, day)
                places = [(str(one.kpi), one.who.kind.value, one.who.id) for one in told]
                actor = company.actor(name)
                answers = dict(reaches.reach(desk.session, actor, day).answers)
                reads = Role.ADMIN not in actor.roles and not actor.roles & {
                    *(Role.EXECUTIVE, Role.ANALYST),
                }
                assert answers == (reaches.by_kpi(places, ROSTER) if reads else {}), (name, day)
                found += len(answers)
    assert found > 20


def test_nothing_is_open_where_nothing_is_given():
    for kind in ("tenant", "team", "owner", "", "unknown"):
        assert not NOTHING.sees("win_rate", kind, "north")
        assert not NOTHING.spans(kind, "north")
        assert not NOTHING.touches(kind, "north")
    assert not Reach(answers={"win_rate": Scopes(everything=True)}).sees("win_rate", "unknown", "")


def test_the_company_opens_every_scope_of_that_kpi_and_spans_none(company):
    own(company, WIN, "dilara")
    found = reach(company, "dilara")
    for who in (TENANT, NORTH, NE, SOUTH, ANN, BOB):
        assert found.sees(WIN, who.kind, who.id)
        assert not found.sees(WON, who.kind, who.id)
        assert found.touches(who.kind, who.id)
        assert not found.spans(who.kind, who.id)
    assert not found.everything


def test_a_team_opens_itself_those_below_and_their_people_and_nothing_beside_or_above(company):
    own(company, WIN, "dilara", who=NORTH)
    found = reach(company, "dilara")
    cid = Who(ScopeKind.OWNER, "cid")
    told = {who: found.sees(WIN, who.kind, who.id) for who in (NORTH, NE, ANN, cid)}
    assert set(told.values()) == {True}
    shut = [TENANT, SOUTH, BOB, Who(ScopeKind.TEAM, "all")]
    assert not any(found.sees(WIN, who.kind, who.id) for who in shut)


def test_two_scopes_of_one_kpi_add_up():
    both = reaches.by_kpi([("k", "team", "ne"), ("k", "owner", "bob")], ROSTER)["k"]
    assert both == Scopes(teams=frozenset({"ne"}), owners=frozenset({"cid", "bob"}))
    assert scopes_of("nothing", "x", ROSTER) == Scopes()


def test_the_role_alone_opens_nothing_and_what_is_owned_comes_beside_what_other_roles_give(company):
    assert reach(company, "dilara") == NOTHING
    own(company, WIN, "katrin")
    found = reach(company, "katrin", team_id="north")
    assert found.spans("team", "north")
    assert found.sees(WON, "team", "ne")
    assert found.sees(WIN, "tenant", "")
    assert not found.sees(WON, "tenant", "")
    assert not found.sees(WON, "team", "south")


def test_whoever_sees_everything_is_asked_about_no_ownership(company):
    own(company, WIN, "chief")
    asked = []
    with company.desk() as desk:
        listen = lambda *told: asked.append(told[2])  # noqa: E731 - what is heard
        engine = desk.session.get_bind()
        event.listen(engine, "before_cursor_execute", listen)
        for name in ("chief", "analyst", "ruth"):
            found = reaches.reach(desk.session, company.actor(name), TODAY)
            assert found.sees(WIN, "tenant", "") is (name != "ruth")
        told = [one for one in asked if "kpi_owner" in one]
        lead = reaches.reach(desk.session, company.actor("katrin", team_id="north"), TODAY)
        assert lead.spans("team", "north")
        assert lead.sees(WIN, "team", "north")
        assert told == [one for one in asked if "kpi_owner" in one] == []
        assert not lead.sees(WIN, "team", "south")
        assert not lead.sees(WON, "tenant", "")
        event.remove(engine, "before_cursor_execute", listen)
    assert sum("kpi_owner" in one for one in asked) == 1


def test_a_page_of_several_kpis_shows_what_roles_give_before_what_is_owned(company):
    own(company, WIN, "katrin")
    own(company, WIN, "dilara", who=NORTH)
    with company.desk("katrin", team_id="north") as desk:
        assert view_of(desk, {}, Grain.MONTH).who == NORTH
        assert (widest_of(desk, WIN), widest_of(desk, WON)) == (TENANT, NORTH)
    with company.desk("dilara") as desk:
        view = view_of(desk, {}, Grain.MONTH)
        assert (view.who, view.name, view.team) == (NORTH, "North", "north")
        assert view_of(desk, {"team": "ne"}, Grain.MONTH).who == NE
        with pytest.raises(NoReachError, match="no team of that name"):
            view_of(desk, {"team": "south"}, Grain.MONTH)
        with pytest.raises(NoReachError, match="Nobody answers for this one yet"):
            widest_of(desk, WON)


def test_a_target_is_set_by_whoever_answers_for_the_kpi_and_by_no_other_owner(company):
    own(company, WIN, "dilara")
    with company.desk("dilara") as desk:
        assert "Saved" in target_page.put(desk, {}, Typed(WIN, "30"))
        with pytest.raises(DeniedError, match="not yours"):
            target_page.put(desk, {}, Typed(WON, "100"))
        listed = {row.name for row in target_page.read(desk, {}).rows}
        named = {
            desk.catalogue[one.kpi].name: one.kpi
            for goal in goals.goals(desk.session, desk.catalogue, desk.today)
            for one in goal.supports
        }
    assert {named[name] for name in listed} == {WIN}


def test_a_leader_who_answers_for_a_kpi_of_the_company_sets_its_target_there(company):
    own(company, WIN, "katrin")
    with company.desk("katrin", team_id="north") as desk:
        assert "Whole company" in target_page.put(desk, {"kpi": WIN}, Typed(WIN, "30"))
        assert "North" in target_page.put(desk, {}, Typed(WON, "100"))
        with pytest.raises(DeniedError):
            target_page.put(desk, {"kpi": WIN}, Typed(WON, "100"))


def test_a_reach_made_without_ownership_has_none():
    actor = type("Actor", (), {"roles": frozenset({Role.OWNER}), "crm_user_id": None})()
    assert reach_of(actor, ROSTER) == NOTHING
