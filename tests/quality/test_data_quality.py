"""The page of data quality tells what the pages of the KPIs tell, of what is open, and no more."""

import re
from collections import Counter

import pytest
from sqlalchemy import event

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Grain
from layouts.html_text import html
from layouts.pages import quality as layout
from portal.errors import BadInputError
from portal.security.roles import Role
from portal.services import confidence, kpi_trend, quality_levels
from portal.services.addresses import read_query
from portal.services.desks import NoReachError, open_desk, view_of
from portal.services.kpi_sights import sight_of
from portal.services.refreshing import refresh
from portal.tenancy.keys import TenantKey
from tests.kpis.desk import a_deal, a_person, a_team
from tests.quality.conftest import NOW, QualityPlace

KEPT, OLD = "2017-03", "2016-10"
FEW = ("won_revenue", "win_rate", "new_leads", "lead_response_hours", "pipeline_value", "mrr")


def on_its_page(place, desk, href):
    """Return what the page that a link leads to says of the confidence in a KPI."""
    path, _, rest = href.partition("#")[0].partition("?")
    sight = sight_of(desk, path.removeprefix("/kpis/"), read_query(rest))
    return confidence.of_sight(place.workshop, sight, kpi_trend.points_of(sight), None)


def actor_of(place, role, user, team, owner):
    """Return who looks; the owner is a fixture of its own."""
    return owner if role is Role.OWNER else place.actor(role, user, team)


@pytest.mark.parametrize(
    ("role", "user", "team"),
    [
        (Role.EXECUTIVE, None, None),
        (Role.LEADER, "ann", "north"),
        (Role.REP, "ann", "north"),
        (Role.REP, "bob", "south"),
        (Role.OWNER, None, None),
    ],
)
def test_every_level_and_reason_is_that_of_the_kpis_own_page(place, owner, role, user, team):
    actor = actor_of(place, role, user, team, owner)
    page = place.page(actor)
    with place.database.session(place.tenant) as session:
        desk = open_desk(session, actor, NOW)
        told = Counter()
        for row in page.kpis.rows:
            own = on_its_page(place, desk, row.href)
            assert (row.bars, row.word) == (own.bars, own.word), row.name
            assert row.bars == 3 or row.reason == own.grounds[0].text, row.name
            told[row.word] += 1
    assert {cell.word: int(cell.count) for cell in page.levels} == dict.fromkeys(
        ("High", "Medium", "Low", "Cannot tell"), 0
    ) | told


def test_a_month_that_no_refresh_looked_through_is_looked_through_as_the_kpis_pages_do(
    place, executive
):
    with place.database.session(place.tenant) as session:
        desk = open_desk(session, executive, NOW)
        view = view_of(desk, {"period": OLD}, Grain.MONTH)
        kpis = [desk.catalogue[KpiKey(key)] for key in FEW if key in desk.catalogue]
        found = quality_levels.lines(place.workshop, desk, kpis, view.who, view.last)
        assert len(found) == len(kpis)
        for line in found:
            href = f"/kpis/{line.kpi.key}?period={line.period.label}"
            assert int(line.level) == on_its_page(place, desk, href).bars, line.kpi.key


def test_what_is_amiss_names_the_kpis_that_it_holds_back(place, executive):
    page = place.page(executive)
    told = {row.title: row for row in page.causes.data}
    amount = told["Amount missing in opportunities"]
    assert amount.status.word == "Low"
    assert any(choice.text == "Won revenue" for choice in amount.held)
    assert "opportunities that could count" in amount.said
    assert {
        "Deals in a stage without a meaning",
        "Open deals past their close date",
        "Rows of opportunities that could not be read",
        "Opportunities in no period, for want of Closed at",
    } <= set(told)
    ranks = [row.status.word for row in page.causes.data if row.status.word != "Cannot tell"]
    assert ranks == sorted(ranks, key=["Low", "Medium", "High"].index)


def test_the_finding_counts_what_the_list_shows(place, executive):
    page = place.page(executive)
    low = place.page(executive, {"of": "all", "level": "low"})
    count, total = re.match(r"(\d+) of (\d+) KPIs", page.finding.fact).groups()
    assert (int(count), int(total)) == (len(low.kpis.rows), len(page.kpis.rows))
    assert {row.word for row in low.kpis.rows} == {"Low"}
    assert [cell.chosen for cell in low.levels] == [False, False, True, False]
    most = re.search(r"for (\d+) of them: ", page.finding.cause)
    assert 0 < int(most[1]) <= int(count)


def test_kpis_whose_records_were_never_loaded_wait_for_those_records(place, executive):
    """The reason that is kept names the records as the tables do; pages name them in words."""
    page = place.page(executive)
    tickets = next(row for row in page.causes.data if row.title == "Tickets never loaded")
    assert (tickets.status.word, tickets.said) == ("Cannot tell", "No tickets were ever loaded.")
    assert tickets.held
    assert not any("(ticket)" in row.reason for row in page.kpis.rows)


def test_closed_periods_that_moved_count_as_they_do_on_the_kpis_page(place, executive):
    page = place.page(executive)
    moved = next(
        row for row in page.causes.numbers if row.title == "Closed periods that moved later"
    )
    assert "New leads" in {choice.text for choice in moved.held}


def test_an_earlier_month_agrees_too(place, executive):
    page = place.page(executive, {"of": "all", "show": "all", "period": "2017-02"})
    with place.database.session(place.tenant) as session:
        desk = open_desk(session, executive, NOW)
        for row in page.kpis.rows[::5]:
            assert "period=2017-02" in row.href or "period=2017-Q1" in row.href
            assert row.bars == on_its_page(place, desk, row.href).bars, row.name


def test_a_reps_gaps_are_their_own(place, ann, bob):
    missing = "Amount missing in opportunities"
    assert missing in {row.title for row in place.page(ann).causes.data}
    assert missing not in {row.title for row in place.page(bob).causes.data}


def test_who_does_not_see_the_company_reads_no_figure_of_it(place, executive, ann, owner):
    whole = {row.title: row.said for row in place.page(executive).causes.data}
    assert "1 row of opportunities" in whole["Rows of opportunities that could not be read"]
    assert place.page(executive).sources[0].unread == "1"
    for actor in (ann, owner):
        page = place.page(actor)
        veiled = {
            row.title: row.said
            for row in page.causes.data
            if "could not be read" in row.title or "without an owner" in row.title
        }
        assert veiled
        assert not re.search(r"\d", " ".join(veiled.values()))
        (source,) = page.sources
        assert (source.unread, source.stages) == ("some", "some")


def test_leads_of_nobody_hold_back_a_rep_and_not_the_company(place, executive, ann):
    nobodys = "Leads without an owner"
    assert nobodys in {row.title for row in place.page(ann).causes.data}
    assert nobodys not in {row.title for row in place.page(executive).causes.data}


def test_an_owner_sees_the_kpi_that_they_answer_for_and_no_other(place, owner):
    page = place.page(owner)
    assert [row.name for row in page.kpis.rows] == ["Won revenue"]
    held = {choice.text for row in (*page.causes.data, *page.causes.numbers) for choice in row.held}
    assert held <= {"Won revenue"}
    assert "more KPIs are not yours to see" in page.head.sub
    assert sum(int(cell.count) for cell in page.levels) == 1


def test_the_address_narrows_and_sorts(place, executive):
    sales = place.page(executive, {"of": "all", "department": "sales", "show": "all"})
    every = place.page(executive)
    assert 0 < len(sales.kpis.rows) < len(every.kpis.rows)
    by_name = place.page(executive, {"of": "all", "show": "all", "sort": "-name"})
    names = [row.name.casefold() for row in by_name.kpis.rows]
    assert names == sorted(names, reverse=True)
    short = place.page(executive, {"of": "all"})
    assert len(short.kpis.rows) < len(every.kpis.rows)
    assert f"Show all {len(every.kpis.rows)} KPIs" == short.kpis.more.text


@pytest.mark.parametrize("period", ["2017-04", "2031-01", "yesterday", "2017-13"])
def test_a_period_that_has_no_final_numbers_is_refused(place, executive, period):
    with pytest.raises(BadInputError):
        place.page(executive, {"period": period})


def test_words_that_the_page_does_not_know_are_left_out(place, executive):
    odd = place.page(executive, {"of": "x", "level": "<b>", "department": "0", "sort": "id"})
    plain = place.page(executive, {})
    assert (odd.finding, odd.levels, odd.kpis) == (plain.finding, plain.levels, plain.kpis)


def test_another_team_is_not_there_for_a_rep(place, ann):
    with pytest.raises(NoReachError):
        place.page(ann, {"team": "south"})


def test_a_company_without_data_is_told_why_and_what_to_do(database, workshop, new_tenant):
    empty = QualityPlace(new_tenant(), database, workshop)
    page = empty.page(empty.actor(Role.EXECUTIVE))
    assert (page.finding, page.empty.title) == (None, "No numbers yet")
    assert "No numbers yet" in html(layout.draw(page))


def test_where_nothing_is_amiss_it_says_what_was_looked_at(place, bob):
    page = place.page(bob, {"of": "all", "period": "2017-02"})
    if not page.causes.data:
        assert page.causes.nothing
    drawn = html(layout.draw(place.page(bob)))
    assert "What is amiss" in drawn


def test_the_page_asks_the_same_few_questions_however_many_kpis_there_are(place, executive):
    asked = []
    place.page(executive)
    hear = lambda *told: asked.append(told[2])  # noqa: E731 - what is heard
    event.listen(place.database.engine, "before_cursor_execute", hear)
    try:
        assert len(place.page(executive).kpis.rows) > 90
    finally:
        event.remove(place.database.engine, "before_cursor_execute", hear)
    assert len(asked) <= 12


def test_amounts_in_another_currency_are_told_with_their_source(desk, database, workshop):
    """They count as if they were in the company's: somebody has to see that."""
    tenant = TenantKey(desk.tenant("--currency", "EUR"))
    mixed = [
        a_deal("e1", currency="EUR"),
        a_deal("u1", currency="USD"),
        a_deal("g1", currency="gbp"),
    ]
    crm = {"team": [a_team("north")], "user": [a_person("ann", "north")], "opportunity": mixed}
    desk.bring(tenant, crm, "--as-of", "2017-04-12")
    refresh(workshop, tenant, NOW, back=2)
    found = QualityPlace(tenant, database, workshop)
    (source,) = found.page(found.actor(Role.EXECUTIVE)).sources
    assert source.foreign == "2"
