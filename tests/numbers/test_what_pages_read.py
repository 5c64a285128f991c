"""Pages read what was observed: closed periods, the open one so far, and why there is nothing."""

from datetime import date, timedelta

import pytest

from kpi_engine.periods import Grain
from kpi_engine.reading import Absence, State
from portal.models.observations import ScopeKind
from portal.models.open_readings import Compare, OpenReading
from portal.services import numbers, source_ages, tenants
from portal.services.engines import calendar_of
from portal.services.numbers import TENANT
from portal.services.refreshing import refresh
from tests.kpis.desk import a_deal, a_person
from tests.numbers.conftest import NOW
from tests.numbers.places import owner, team

TODAY = date(2017, 4, 12)


@pytest.fixture
def months(session, calendar):
    def ask(kpi, who=TENANT, last=date(2017, 3, 1), count=3):
        period = calendar.holding(last, Grain.MONTH)
        return numbers.series(session, calendar, [kpi], Grain.MONTH, who, period, count)[kpi]

    return ask


@pytest.fixture
def so_far(session, calendar):
    def ask(kpi, who=TENANT, grain=Grain.MONTH, today=TODAY):
        return numbers.to_date(session, calendar, [kpi], grain, who, today)[kpi]

    return ask


def test_a_series_is_oldest_first_and_has_as_many_points_as_asked(months):
    found = months("won_revenue", count=14)
    assert [point.period.label for point in found][:2] == ["2016-02", "2016-03"]
    assert len(found) == 14
    assert [point.reading.value for point in found[-2:]] == [20, 1007]


def test_each_number_is_that_of_the_command(desk, company, months):
    rows = desk.values(
        company,
        "--kpi",
        "win_rate",
        "--from",
        "2017-02-01",
        "--to",
        "2017-04-01",
        "--today",
        "2017-04-12",
    )
    assert [point.reading.value for point in months("win_rate", count=2)] == [
        row["value"] for row in rows
    ]


def test_what_was_never_taken_is_absent_and_not_0(months):
    first = months("won_revenue", count=40)[0]
    assert (first.reading.value, first.reading.state) == (None, State.ABSENT)
    assert first.reading.reason == numbers.NEVER_TAKEN


def test_who_has_no_records_is_absent_and_not_0(months):
    assert months("won_revenue", owner("nobody"))[-1].reading.reason == Absence.NO_ROWS.value


def test_a_rep_has_their_own_number_and_nobody_elses(months):
    assert [point.reading.value for point in months("won_revenue", owner("ann"), count=1)] == [7]
    assert [point.reading.value for point in months("won_revenue", owner("bob"), count=1)] == [1000]


def test_a_team_has_the_number_of_those_below_it(months):
    assert months("won_revenue", team("north"), count=2)[0].reading.value == 20
    assert months("won_revenue", team("ne"), count=2)[0].reading.value == 20


def test_the_open_period_at_the_end_of_a_series_is_what_it_is_so_far(months):
    last = months("won_revenue", last=TODAY)[-1]
    assert (last.period.label, last.reading.value) == ("2017-04", 10)
    assert last.reading.state is State.SO_FAR


def test_so_far_is_beside_the_same_elapsed_part_of_earlier_periods(so_far):
    found = so_far("won_revenue")
    assert (found.so_far.value, found.previous.value, found.last_year.value) == (10, 7, 3)
    assert found.previous_days == (date(2017, 3, 1), date(2017, 3, 13))
    assert found.last_year_days == (date(2016, 4, 1), date(2016, 4, 13))
    assert found.read_on == TODAY


def test_a_stock_is_compared_as_it_stood_on_the_same_day(so_far):
    found = so_far("pipeline_value")
    # On 12 March a deal of 40 stood open beside the three that were closed later.
    assert found.so_far.value == 120
    assert found.previous.value == 40 + 10 + 1000 + 5


def test_a_ratio_is_compared_from_its_parts(so_far):
    found = so_far("win_rate")
    assert (found.so_far.value, found.so_far.over, found.so_far.under) == (0.5, 1, 2)
    assert (found.previous.value, found.previous.n) == (1, 1)


def test_no_open_number_is_final(session):

    rows = session.query(OpenReading).all()
    assert len(rows) > 100
    assert not [row for row in rows if row.compare == Compare.SO_FAR and row.state == "final"]


def test_a_plan_of_a_whole_period_is_not_compared_with_a_part(so_far):
    found = so_far("quota_attainment")
    assert found.so_far.value is not None
    assert found.previous.value is None
    assert found.last_year.value is None


def test_a_day_after_the_refresh_the_same_period_still_tells_up_to_which_day(so_far):
    found = so_far("won_revenue", today=TODAY + timedelta(days=1))
    assert (found.so_far.value, found.read_on) == (10, TODAY)


def test_a_month_after_the_refresh_nothing_is_told_of_the_new_period(so_far):
    found = so_far("won_revenue", today=date(2017, 5, 1))
    assert (found.so_far.value, found.so_far.state, found.read_on) == (None, State.ABSENT, None)


def test_across_has_every_team_and_every_owner_with_a_number(session, calendar):
    march = calendar.holding(date(2017, 3, 1), Grain.MONTH)
    found = numbers.across(session, calendar, ["won_revenue"], march, ScopeKind.OWNER)
    told = {key: point.reading.value for key, point in found["won_revenue"].items()}
    assert told["crm\x1fann"] == 7
    assert told["crm\x1fbob"] == 1000
    april = calendar.holding(TODAY, Grain.MONTH)
    found = numbers.across(session, calendar, ["won_revenue"], april, ScopeKind.OWNER)
    assert found["won_revenue"]["crm\x1fann"].reading.value == 10


def test_the_latest_period_is_the_last_closed_one_that_facts_reach(session, calendar):
    def latest(grain, today):
        return numbers.latest(session, calendar, grain, today).label

    assert latest(Grain.MONTH, TODAY) == "2017-03"
    assert latest(Grain.QUARTER, TODAY) == "2017-Q1"
    assert latest(Grain.MONTH, date(2026, 1, 1)) == "2017-04"
    assert numbers.runs_on(session, calendar, Grain.MONTH, TODAY)
    assert not numbers.runs_on(session, calendar, Grain.MONTH, date(2026, 1, 1))


def test_the_age_of_a_source_is_told(session):
    (found,) = source_ages.sources(session, NOW)
    assert (found.source, found.age, found.stale) == ("crm", timedelta(hours=17), False)
    assert source_ages.sources(session, NOW + timedelta(days=2))[0].stale


def test_a_restated_number_tells_what_was_known_first(desk, workshop, database):

    key = desk.tenant()
    people = {"user": [a_person("ann")]}
    desk.bring(
        key, {**people, "opportunity": [a_deal("a", closed="2017-03-05")]}, "--as-of", "2017-04-02"
    )
    refresh(workshop, key, NOW)
    desk.bring(
        key, {"opportunity": [a_deal("a", amount=25, closed="2017-03-05")]}, "--as-of", "2017-04-05"
    )
    done = refresh(workshop, key, NOW)
    assert done.restated > 0
    with database.session(key) as session:
        calendar = calendar_of(tenants.get(session))
        march = calendar.holding(date(2017, 3, 1), Grain.MONTH)
        (point,) = numbers.series(
            session, calendar, ["won_revenue"], Grain.MONTH, TENANT, march, 1
        )["won_revenue"]
    assert (point.reading.value, point.first, point.restated) == (25, 10, True)


def test_a_team_without_what_was_never_loaded_says_so_as_the_company_does(months, so_far):
    """It read that there were none in March, where nobody had ever loaded any."""
    whole = months("website_visits")[-1].reading.reason
    assert whole == f"{Absence.NOT_LOADED.value} (touch)"
    for who in (team("north"), owner("ann")):
        assert months("website_visits", who)[-1].reading.reason == whole
        assert so_far("website_visits", who).so_far.reason == whole
