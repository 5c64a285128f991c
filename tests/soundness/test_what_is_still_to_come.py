"""Coverage of a quarter that is over is no number of it, and no earlier one is made of hindsight.

Pages read "Pipeline coverage 0.0 %, off target" for every quarter that had ended: by then nothing
is open any more. An earlier quarter is told by the same day of it, as its deals stood then.

| deal | by 4 March | today, 1 June |
|---|---|---|
| a | 250, put off to June on 20 February | open 250, due in June |
| b | 400, due in March | open 500, put off to June on 10 March |
| c | won 200 on 15 February | the same |
| d | open 100, due in March | won on 20 March |
| e | open 50, due in March | lost on 30 March |
| f | not there yet | open 75, due in March, and past it |
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Absence, State
from portal.models.observations import ScopeKind
from portal.security.roles import Role
from portal.services import (
    coverage,
    kpi_list,
    kpi_page,
    leader_home,
    numbers,
    refreshing,
    statuses,
)
from portal.services.deal_book import DealBook
from portal.services.desks import open_desk
from portal.services.numbers import TENANT, Who
from portal.tenancy.keys import TenantKey
from tests.homes.company import STAGES
from tests.homes.makers import deal, step
from tests.kpis.desk import a_deal, a_person, a_team
from tests.kpis.place import Place, desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)
WHOLE, LEFT = KpiKey("pipeline_coverage"), KpiKey("pipeline_coverage_remaining")
Q1, Q2 = (Calendar().holding(date(2017, month, 1), Grain.QUARTER) for month in (1, 4))


def _change(key: str, moment: str, due: str, amount: int) -> dict:
    told = {"expected_close_on": due, "amount": amount, "changed_at": moment, "to_stage": "Find"}
    return {"id": f"{key}-{moment}", "opportunity_id": key, **told}


TABLES = {
    "team": [a_team("north")],
    "user": [a_person("ann", "north"), a_person("bob", "north")],
    "opportunity": [
        a_deal("a", "ann", "Find", 250, "", expected_close_on="2017-06-20"),
        a_deal("b", "ann", "Find", 500, "", expected_close_on="2017-06-10"),
        a_deal("c", "ann", "Won", 200, "2017-02-15", expected_close_on="2017-02-15"),
        a_deal("d", "bob", "Won", 100, "2017-03-20", expected_close_on="2017-03-20"),
        a_deal("e", "bob", "Lost", 50, "2017-03-30", expected_close_on="2017-03-30"),
        a_deal("f", "bob", "Find", 75, "", expected_close_on="2017-03-15")
        | {"created_at": "2017-03-10"},
    ],
    # Somebody did something lately: the facts have not ended.
    "activity": [{"id": "y", "kind": "call", "owner_id": "ann", "created_at": "2017-05-31"}],
    "stage_change": [
        _change("a", "2017-01-06", "2017-03-20", 300),
        _change("a", "2017-02-20", "2017-06-20", 250),
        _change("b", "2017-01-11", "2017-03-25", 400),
        _change("b", "2017-03-10", "2017-06-10", 500),
    ],
    "quota": [
        {
            "id": f"{owner}{month}",
            "owner_id": owner,
            "period_start_on": f"2017-{month}-01",
            "period_grain": "quarter",
            "amount": amount,
        }
        for owner in ("ann", "bob")
        for month, amount in (("01", 500), ("04", 750))
    ],
}


@pytest.fixture(scope="module")
def place(desk, database, workshop) -> Place:
    tenant = desk.tenant("--currency", "EUR")
    desk.bring(tenant, TABLES, "--as-of", "2017-06-01T10:00:00Z", stages=STAGES)
    refreshing.refresh(workshop, TenantKey(tenant), NOW, back=6)
    return Place(TenantKey(tenant), database, workshop)


@pytest.fixture
def seen(place):
    with place.database.session(place.tenant) as session:
        yield open_desk(session, place.actor(Role.EXECUTIVE), NOW)


def running(seen, key: KpiKey, who: Who = TENANT):
    series = numbers.series(seen.session, seen.calendar, (key,), Grain.QUARTER, who, Q2, 2)
    return series[key]


@pytest.mark.parametrize("key", [WHOLE, LEFT])
@pytest.mark.parametrize("who", [TENANT, Who(ScopeKind.OWNER, "crm\x1fann")])
def test_a_quarter_that_is_over_has_none_and_no_status(seen, key, who):
    over, now = running(seen, key, who)
    assert (over.period, over.reading.value) == (Q1, None)
    assert (over.reading.state, over.reading.reason) == (State.ABSENT, Absence.OVER.value)
    judged = statuses.judge(seen.catalogue[key], over.reading, None)
    assert (judged.status, judged.score) == (statuses.PERIOD_OVER, None)
    assert now.reading.state is State.SO_FAR
    assert now.reading.value is not None


def test_the_earlier_quarter_is_told_by_the_same_day_as_its_deals_stood(place, seen):
    open_ones = {key: running(seen, key)[-1] for key in (WHOLE, LEFT)}
    assert {key: one.reading.value for key, one in open_ones.items()} == {WHOLE: 0.5, LEFT: 0.5}
    found = coverage.by_day(seen, place.workshop, TENANT, open_ones)
    told = {
        key: [(one.period, one.reading.value) for one in points] for key, points in found.items()
    }
    # 400 + 100 + 50 stood open and were due, of a quota of 1,000, of which 200 were won by then.
    assert told == {WHOLE: [(Q1, 0.55)], LEFT: [(Q1, 550 / 800)]}


def test_one_persons_is_of_their_own_deals(place, seen):
    ann = Who(ScopeKind.OWNER, "crm\x1fann")
    found = coverage.by_day(seen, place.workshop, ann, {WHOLE: running(seen, WHOLE, ann)[-1]})
    assert [one.reading.value for one in found[WHOLE]] == [400 / 500]


def test_what_the_deals_do_not_make_is_not_followed(place, seen):
    """A tenant may define coverage otherwise: then its past cannot be told from amounts alone."""
    point = running(seen, WHOLE)[-1]
    other = replace(point, reading=replace(point.reading, value=0.6))
    assert coverage.by_day(seen, place.workshop, TENANT, {WHOLE: other}) == {}


def test_without_dates_that_were_followed_nothing_is_told():
    book = DealBook((deal(due="2017-05-15"),), {}, has_stages=True, has_dates=False)
    assert coverage.dues(book, Calendar(), Q2, date(2017, 6, 1)) == {}


def test_a_deal_counts_with_what_was_expected_of_it_that_day():
    moved = deal(
        amount=500,
        due="2017-06-10",
        steps=(
            step("2017-01-11", "Talk", 400, "2017-03-25"),
            step("2017-03-10", "Talk", 500, "2017-06-10"),
        ),
    )
    book = DealBook((moved,), {}, has_stages=True, has_dates=True, ended=())
    found = coverage.dues(book, Calendar(), Q2, date(2017, 6, 1))
    assert (found[Q2.start].due, found[Q1.start].due) == (500, 400)


def test_the_page_shows_the_quarter_that_runs_beside_the_same_day(place, seen):
    page = kpi_page.read(place.workshop, seen, WHOLE, {})
    assert page.finding.fact.replace("\u00a0", " ") == (
        "Pipeline coverage is 0.5× so far in Q2 2017; by the same day of Q1 2017 it was 0.6×."
    )
    assert [cell.change.text for cell in page.cells if cell.change] == ["\u22120.1×"]
    assert [row.value for row in page.trend.rows][:2] == ["0.5×, so far", "0.6×"]
    assert "by its day 62" in page.trend.sub


def test_the_page_of_a_quarter_that_is_over_says_so(place, seen):
    page = kpi_page.read(place.workshop, seen, WHOLE, {"period": "2017-Q1"})
    assert page.finding is None
    assert page.cells[0].absence == "the period is over, and nothing of it is still to come"
    assert page.cells[0].status == statuses.PERIOD_OVER
    assert page.split.empty
    assert not page.past.rows


def test_the_list_of_kpis_tells_the_quarter_that_runs(seen):
    rows = [row for group in kpi_list.read(seen, {}).groups for row in group.rows]
    (row,) = [row for row in rows if row.name == "Pipeline coverage"]
    assert (row.value, row.period) == ("0.5×", "Q2\u00a02017")


def test_the_card_of_a_home_compares_it_with_the_same_day(place):
    with place.database.session(place.tenant) as session:
        actor = place.actor(Role.LEADER, None, "north")
        home = leader_home.read(session, place.workshop, actor, NOW, {})
    (card,) = [card for card in home.cards if card.key == LEFT]
    assert (card.change.text, card.change.against) == ("\u22120.2\u00d7", "vs Q1, same day")
    assert card.spark.points == (550 / 800, 0.5)
