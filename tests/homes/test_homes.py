"""Each home has the numbers of whoever asks, adds up, and says in words what it has not."""

import dataclasses
import json

import pytest

from layouts.pages import leader_home as leader_page
from layouts.pages import rep_home as rep_page
from portal.errors import BadInputError
from portal.security.roles import Role
from portal.services import auditing, leader_home, rep_home
from portal.services.auditing import Event, Trace
from portal.services.desks import NoReachError
from tests.homes.company import SECRET
from tests.homes.conftest import NOW, Place


def _rep(place: Place, user: str | None = "ann", **query: str):
    actor = place.actor(Role.REP, user)
    with place.database.session(place.tenant) as session:
        return rep_home.read(session, place.workshop, actor, NOW, query)


def _leader(place: Place, of: str | None = "all", role: Role = Role.LEADER, **query: str):
    actor = place.actor(role, None, of)
    with place.database.session(place.tenant) as session:
        return leader_home.read(session, place.workshop, actor, NOW, query)


def _text(component) -> str:
    return json.dumps(component.to_plotly_json(), default=lambda one: one.to_plotly_json())


def test_a_rep_sees_the_own_deals_tasks_and_quota(place):
    home = _rep(place)
    assert [row.account for row in home.deals.rows] == ["Acme"]
    assert home.deals.rows[0].flag.word.startswith("Stalled")
    assert [row.title for group in home.tasks.groups for row in group.rows] == ["Task of ann"]
    (quarter,) = [bar for bar in home.targets.bars if bar.name.startswith("Q2")]
    assert (quarter.won, quarter.of, quarter.share) == ("€300", "€500", "60\N{NO-BREAK SPACE}%")


def test_nothing_of_a_colleague_stands_on_a_reps_page(place):
    drawn = _text(rep_page.draw(_rep(place)))
    assert SECRET not in drawn
    assert "Task of cid" not in drawn
    assert SECRET in _text(rep_page.draw(_rep(place, "cid")))


@pytest.mark.parametrize("user", [None, "nobody"])
def test_who_is_nobody_in_the_crm_sees_nothing_and_is_told_why(place, user):
    home = _rep(place, user)
    assert home.deals is None
    assert "tied to nobody" in home.empty
    assert "Acme" not in _text(rep_page.draw(home))


def test_a_leader_sees_the_team_and_those_below_and_no_other(place):
    everything = _leader(place)
    assert {row.name for row in everything.team.rows if row.person} == {"Ann", "Bob", "Cid"}
    north = _leader(place, "north")
    assert {row.name for row in north.team.rows if row.person} == {"Ann", "Bob"}
    assert SECRET not in _text(leader_page.draw(north))
    assert [row[2] for row in north.fall.table if row[0].startswith("Open on")] == ["600"]


def test_a_card_leads_to_the_very_number_that_stands_on_it(place):
    """Whoever answers for a KPI sees the company on its page, where nothing else is asked for."""
    assert {("team=north" in card.href) for card in _leader(place, "north").cards} == {True}
    assert {("owner=ann" in card.href) for card in _rep(place).cards} == {True}


@pytest.mark.parametrize("team", ["south", "all", "no such team"])
def test_a_team_in_the_address_opens_no_other_team(place, team):
    with pytest.raises(NoReachError, match="no team of that name"):
        _leader(place, "north", team=team)


@pytest.mark.parametrize("team", [None, "no such team"])
def test_a_leader_without_a_team_sees_nothing_and_is_told_why(place, team):
    home = _leader(place, team)
    assert home.team is None
    assert "tied to no team" in home.empty


def test_the_waterfall_of_the_page_adds_up_as_it_is_read(place):
    rows = {name: int(amount.replace("\N{MINUS SIGN}", "-").replace(",", ""))
            for name, _, amount, _ in _leader(place).fall.table}  # fmt: skip
    *parts, now = rows.values()
    assert sum(parts) == now
    # o2 was due in the quarter and won in it; o3 was put off; o1 and o4 still stand there.
    assert (rows["Won"], rows["Slipped out"], rows["Open now"]) == (-300, -200, 500)


def test_a_total_is_the_sum_of_what_stands_under_it(place):
    """A rep's deals are the leader's rows: one world."""
    amounts = [_rep(place, user).deals.total[1] for user in ("ann", "bob", "cid")]
    assert amounts == ["€100", "€200", "€400"]


def test_the_table_sorts_by_what_the_address_says(place):
    def people(**query: str) -> list[str]:
        return [row.name for row in _leader(place, **query).team.rows if row.person]

    assert people(sort="name") == ["Ann", "Bob", "Cid"]
    assert people(sort="-name") == ["Cid", "Bob", "Ann"]
    assert people()[0] == "Ann"
    assert people(sort="drop table") == people()


@pytest.mark.parametrize("period", ["2019-Q1", "1800-Q1", "soon", "2017-Q9"])
def test_a_period_that_there_is_not_is_refused_in_words(place, period):
    with pytest.raises(BadInputError):
        _leader(place, period=period)


def test_an_earlier_quarter_is_told_as_of_its_end(place):
    home = _leader(place, period="2017-Q1")
    assert "ended" in home.head.sub
    assert home.forecast.pill is None


def test_without_any_data_each_panel_says_what_is_missing(empty):
    home = _leader(empty, of=None, role=Role.EXECUTIVE)
    assert home.fall.empty
    assert home.funnel.empty
    assert home.forecast.empty
    assert home.team.empty
    drawn = _text(leader_page.draw(home))
    assert "ever loaded" in drawn
    assert "NaN" not in drawn


def _mark(place: Place, user: str, token: str, *, done: bool):
    actor = place.actor(Role.REP, user)
    with place.database.session(place.tenant) as session:
        trace = Trace(NOW)
        return rep_home.mark_task(session, place.workshop, actor, trace, token, done=done)


def _tokens(place: Place, user: str) -> list[tuple[str, str]]:
    groups = _rep(place, user).tasks.groups
    return [(row.token, row.done) for group in groups for row in group.rows]


def test_a_task_is_done_and_taken_back(place):
    ((token, done),) = _tokens(place, "ann")
    assert not done
    _mark(place, "ann", token, done=True)
    assert _tokens(place, "ann") == [(token, "Done 12:00")]
    _mark(place, "ann", token, done=False)
    assert _tokens(place, "ann") == [(token, "")]
    with place.database.session(place.tenant) as session:
        noted = {row.object for row in auditing.read(session) if row.event == Event.TASK_COMPLETED}
    assert noted == {"crm/tann"}


def test_what_is_done_counts_no_account_as_open(place):
    ((token, _),) = _tokens(place, "ann")
    assert _rep(place).tasks.sub == "1 open task at 1 account, most urgent first."
    _mark(place, "ann", token, done=True)
    assert _rep(place).tasks.sub == "All that was due is done."


def test_a_short_day_lies_in_a_row_and_a_long_one_beside_the_others(place):
    home = _rep(place)
    assert "day-short" in _text(rep_page.draw(home))
    (group,) = home.tasks.groups
    long = dataclasses.replace(home.tasks, groups=(group,) * 8)
    assert "day-short" not in _text(rep_page.draw(dataclasses.replace(home, tasks=long)))


@pytest.mark.parametrize("token", ["", "0" * 24, "of a colleague"])
def test_a_task_of_somebody_else_cannot_be_marked(place, token):
    ((theirs, _),) = _tokens(place, "cid")
    with pytest.raises(BadInputError, match="none of yours"):
        _mark(place, "ann", theirs if token == "of a colleague" else token, done=True)
    assert _tokens(place, "cid") == [(theirs, "")]
