"""Who answers for a KPI sees that one, in its scopes and its days, and no other; at every door."""

from datetime import timedelta

import pytest

from portal.models.ownership import Help
from tests.access.firm import NORTH, RATE, TODAY, WON
from tests.attacks.crawling import text_of

DAY = timedelta(days=1)
WHOLE, NORTHS = "€1,800", "€400"
"""The won revenue of March of the company, and of April of the north with what is below it."""
MARCH, APRIL = "period=2017-03", "period=2017-04"
REFUSED, OPEN = 403, 200


def doors(kpi):
    """Every address that tells the numbers of one KPI: its page, its records and its files."""
    page, files = f"/kpis/{kpi}", f"/export/kpis/{kpi}"
    return [
        *(f"{page}?{MARCH}{more}" for more in ("", "&records=all", "&split=rep", "&split=team")),
        *(f"{files}/{part}.{kind}?{MARCH}&records=all&split=rep"
          for part in ("trend", "split", "records") for kind in ("csv", "xlsx")),
    ]  # fmt: skip


def statuses(firm, who, kpi):
    return {firm.ask(who, path).status_code for path in doors(kpi)}


def page(firm, who, kpi=WON, query=MARCH):
    answer = firm.ask(who, f"/kpis/{kpi}?{query}")
    return answer.status_code, answer.text


def test_an_owner_sees_their_kpi_at_every_door_and_another_at_none(firm):
    owner = firm.add("owner")
    firm.own(WON, owner)
    assert statuses(firm, owner, WON) == {OPEN}
    assert statuses(firm, owner, RATE) == {REFUSED}
    assert WHOLE in page(firm, owner)[1]
    assert "o3" in text_of(firm.ask(owner, doors(WON)[-2]))


def test_an_owner_of_the_company_sees_every_team_and_person_of_that_kpi(firm):
    owner = firm.add("owner")
    firm.own(WON, owner)
    for scope in ("team=south", "team=ne", "owner=bob"):
        status, text = page(firm, owner, WON, f"{MARCH}&{scope}")
        assert (status, "not open to you" in text) == (OPEN, False), scope
        assert page(firm, owner, RATE, f"{MARCH}&{scope}")[0] == REFUSED


def test_an_owner_without_a_kpi_sees_no_number_and_reads_what_to_do(firm):
    owner = firm.add("owner")
    for path in (*doors(WON), *doors(RATE), "/scorecard", "/journey", "/kpis", "/targets"):
        assert firm.ask(owner, path).status_code == REFUSED, path
    for path in ("/", "/?home=owner", "/kpis", "/?home=service"):
        told = firm.ask(owner, path).text
        assert "Nobody has made you the owner of a KPI yet" in told, path
        assert "€" not in told, path


def test_a_leader_who_answers_for_a_kpi_of_the_company_sees_all_of_it_and_the_team_of_the_rest(
    firm,
):
    leader, other = firm.add("leader", team="north"), firm.add("leader", team="north")
    firm.own(WON, leader)
    assert WHOLE in page(firm, leader)[1]
    assert WHOLE not in page(firm, other)[1]
    status, told = page(firm, leader, WON, f"{APRIL}&team=north")
    assert (status, NORTHS in told) == (OPEN, True)
    for who in (leader, other):
        assert "numbers of north: what is open" in page(firm, who, RATE)[1].casefold()
        told = text_of(firm.ask(who, f"/export/kpis/{RATE}/split.csv?{MARCH}&split=rep"))
        assert "bob" not in told.casefold()
    assert "bob" in text_of(firm.ask(leader, doors(WON)[6])).casefold()
    south = page(firm, leader, RATE, f"{MARCH}&team=south")[1]
    assert "The link asks for numbers that are not open to you" in south
    assert "The link asks" not in page(firm, leader, WON, f"{MARCH}&team=south")[1]


def test_a_rep_who_answers_for_a_kpi_sees_all_of_it_and_their_own_of_the_rest(firm):
    rep, other = (
        firm.add("rep", user="ann", team="north"),
        firm.add("rep", user="ann", team="north"),
    )
    firm.own(WON, rep)
    assert WHOLE in page(firm, rep)[1]
    assert WHOLE not in page(firm, other)[1]
    assert {WHOLE in text_of(firm.ask(rep, path)) for path in ("/scorecard", "/journey")} == {False}


def test_an_owner_of_a_teams_kpi_sees_that_team_and_those_below_it_only(firm):
    owner = firm.add("owner")
    firm.own(WON, owner, NORTH)
    status, told = page(firm, owner, WON, APRIL)
    assert (status, NORTHS in told) == (OPEN, True)
    assert WHOLE not in page(firm, owner)[1]
    for scope, is_theirs in (("team=ne", True), ("owner=cid", True), ("owner=bob", False),
                             ("team=south", False)):  # fmt: skip
        told = page(firm, owner, WON, f"{APRIL}&{scope}")[1]
        assert ("The link asks for numbers that are not open to you" not in told) is is_theirs, (
            scope
        )
    records = text_of(firm.ask(owner, f"/export/kpis/{WON}/records.csv?{MARCH}&records=all"))
    assert "o3" not in records
    firm.own(WON, None, NORTH)
    assert statuses(firm, owner, WON) == {REFUSED}


def test_a_cover_sees_it_from_the_first_day_to_the_last_and_not_before_or_after(firm):
    owner, cover = firm.add("owner"), firm.add("owner")
    firm.own(RATE, owner)
    firm.help(RATE, cover, Help.COVER, TODAY + DAY, TODAY + 2 * DAY)
    seen = []
    for _ in range(4):
        seen.append(page(firm, cover, RATE)[0])
        firm.clock.pass_by(days=1)
        firm.browsers.clear()
    assert seen == [REFUSED, OPEN, OPEN, REFUSED]


def test_an_updater_and_a_co_owner_see_it_and_a_stranger_to_it_does_not(firm):
    owner, updater, co_owner, stranger = (firm.add("owner") for _ in range(4))
    firm.own(RATE, owner)
    firm.help(RATE, updater, Help.UPDATER, TODAY, None)
    firm.share(RATE, owner, co_owner)
    told = [page(firm, who, RATE)[0] for who in (owner, updater, co_owner, stranger)]
    assert told == [OPEN, OPEN, OPEN, REFUSED]


def test_what_ends_is_over_at_the_next_request_of_the_same_session(firm):
    owner, next_one = firm.add("owner"), firm.add("owner")
    firm.own(WON, owner)
    assert (page(firm, owner)[0], page(firm, next_one)[0]) == (OPEN, REFUSED)
    firm.own(WON, next_one)
    assert (page(firm, owner)[0], page(firm, next_one)[0]) == (REFUSED, OPEN)
    assert statuses(firm, owner, WON) == {REFUSED}


def test_an_ownership_that_begins_tomorrow_opens_nothing_today(firm):
    owner = firm.add("owner")
    firm.own(WON, owner, since=TODAY + DAY)
    assert page(firm, owner)[0] == REFUSED
    firm.clock.pass_by(days=1)
    firm.browsers.clear()
    assert page(firm, owner)[0] == OPEN
    firm.clock.at -= DAY


def test_an_administrator_gets_nothing_from_answering_for_a_kpi(firm):
    admin = firm.add("admin")
    firm.own(WON, admin)
    assert statuses(firm, admin, WON) == {REFUSED}
    both = firm.add("admin", "owner")
    firm.own(WON, both)
    assert statuses(firm, both, WON) == {OPEN}


@pytest.mark.parametrize("role", ["executive", "analyst"])
def test_an_executive_and_an_analyst_see_every_kpi_without_answering_for_any(firm, role):
    who = firm.add(role)
    assert statuses(firm, who, WON) | statuses(firm, who, RATE) == {OPEN}


def test_an_administrator_who_looks_as_an_owner_sees_what_the_owner_sees(firm):
    admin, owner = firm.add("admin"), firm.add("owner")
    firm.own(WON, owner)
    firm.ask(admin, "/admin")
    path = f"/admin/people/{firm.ids[owner]}/view"
    started = firm.browsers[admin].post(path, {}, page="/admin")
    assert started.status_code == 303
    assert (page(firm, admin)[0], page(firm, admin, RATE)[0]) == (OPEN, REFUSED)
