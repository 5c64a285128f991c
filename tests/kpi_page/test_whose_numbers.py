"""A link shows whoever opens it what they may see, and says whose numbers these are."""

from dataclasses import replace
from datetime import date

import pytest

from kpi_engine.errors import UnknownKpiError
from kpi_engine.reading import Reading, State
from layouts.html_text import html
from layouts.pages import kpi as layout
from portal.errors import BadInputError
from portal.security.roles import Role
from portal.services import numbers
from portal.services.desks import NoReachError, open_desk
from portal.services.kpi_sights import sight_of
from tests.kpi_page.conftest import NOW

MARCH = {"period": "2017-03", "records": "all"}


def names(page):
    """The deals that the page lists, by their ids."""
    return {row.key for row in page.records.rows}


def test_an_executive_sees_the_whole_company(place, executive):
    page = place.page(executive, "won_revenue", MARCH)
    assert (page.cells[0].value, page.notice) == ("€1,800", "")
    assert names(page) == {"o3", "o6"}


def test_a_rep_who_opens_an_executives_link_sees_only_their_own(place, ann):
    page = place.page(ann, "won_revenue", {"period": "2017-02", "records": "all"})
    assert (page.cells[0].value, names(page)) == ("€100", {"o1"})
    assert "Ann" in page.notice
    nothing = place.page(ann, "won_revenue", MARCH)
    assert (nothing.cells[0].value, names(nothing)) == ("", set())


@pytest.mark.parametrize("word", ["south", "nowhere", "ne"])
def test_a_rep_who_names_another_team_is_told_whose_numbers_come_instead(place, ann, word):
    """Whether the team exists is not told to who may not see it."""
    page = place.page(ann, "won_revenue", {"team": word, "period": "2017-02"})
    assert page.notice == (
        "The link asks for numbers that are not open to you. These are the numbers of Ann."
    )
    assert page.cells[0].value == "€100"


def test_a_leader_sees_the_team_and_those_below_it(place, leader):
    page = place.page(leader, "won_revenue", {"period": "2017-04", "records": "all"})
    assert (page.cells[0].value, names(page)) == ("€400", {"o4"})
    below = place.page(leader, "won_revenue", {**MARCH, "team": "ne", "period": "2017-04"})
    assert names(below) == {"o4"}


def test_a_group_of_a_split_does_not_widen_the_reach(place, ann):
    query = {**MARCH, "split": "rep", "group": "is:bob"}
    assert names(place.page(ann, "won_revenue", query)) == set()


def test_a_group_lists_its_own_records(place, executive):
    query = {**MARCH, "split": "rep", "group": "is:bob"}
    assert names(place.page(executive, "won_revenue", query)) == {"o3"}


def test_who_is_tied_to_nobody_is_told_so(place):
    with pytest.raises(NoReachError, match="tied to no team"):
        place.page(place.actor(Role.REP), "won_revenue")


@pytest.mark.parametrize("period", ["2017-99", "soon", "2999-01", "2017-03-05", "2017-W09"])
def test_a_period_that_cannot_be_shown_is_refused_with_a_reason(place, executive, period):
    with pytest.raises(BadInputError):
        place.page(executive, "won_revenue", {"period": period})


def test_an_unknown_kpi_names_the_nearest(place, executive):
    with pytest.raises(UnknownKpiError, match="won_revenue"):
        place.page(executive, "won_revenu")


@pytest.mark.parametrize(
    "query",
    [
        {"split": "nothing"},
        {"split": "rep", "group": "x"},
        {"records": "nothing", "part": "nothing", "page": "-1"},
        {"records": "all", "page": "99999999999"},
        {"definition": "nothing"},
    ],
)
def test_a_word_that_means_nothing_leaves_the_page_standing(place, executive, query):
    page = place.page(executive, "win_rate", {"period": "2017-03", **query})
    assert "Win rate" in html(layout.draw(page))


def test_every_tab_of_the_definition_is_drawn(place, executive):
    for tab in ("words", "sql", "versions", "data"):
        page = place.page(executive, "win_rate", {"period": "2017-03", "definition": tab})
        assert page.definition.tab == tab
    sql = place.page(executive, "win_rate", {"definition": "sql"}).definition.sql
    assert all("SELECT" in text and "/" not in text.partition("read_parquet")[2] for text in sql)


def test_a_cohort_that_still_runs_opens_at_the_last_one_that_may_be_told(
    place, executive, monkeypatch
):
    """A page of reasons why there is no number is no answer, as long as an older one is there."""
    series = numbers.series

    def still_runs(*asked):
        found = series(*asked)
        return {kpi: (*points[:-1], waiting(points[-1])) for kpi, points in found.items()}

    monkeypatch.setattr(numbers, "series", still_runs)
    with place.database.session(executive.tenant) as session:
        desk = open_desk(session, executive, NOW)
        assert sight_of(desk, "won_deals", {}).period.start == date(2017, 3, 1)
        assert sight_of(desk, "won_deals", {"period": "2017-04"}).period.start == date(2017, 4, 1)


def waiting(point):
    """Return a point whose cohort's window has not passed."""
    return replace(point, reading=Reading(None, State.IMMATURE, "not yet", 1))


def test_who_may_set_the_target_of_what_is_looked_at_is_led_there(place, executive, leader, ann):
    def links(actor):
        page = place.page(actor, "won_revenue", {"period": "2017-04"})
        return [one.href for one in page.head.actions if one.text == "Set the target"]

    assert links(executive) == ["/targets?kpi=won_revenue&grain=month"]
    assert links(leader) == ["/targets?kpi=won_revenue&team=north&grain=month"]
    assert links(ann) == []


def test_none_of_those_that_count_is_not_none_at_all(place, ann):
    """A rep who lost a deal in March read that there were no opportunities then."""
    cell = place.page(ann, "won_revenue", {"period": "2017-03"}).cells[0]
    assert cell.absence.replace("\u00a0", " ") == "no opportunities that count in March 2017"
