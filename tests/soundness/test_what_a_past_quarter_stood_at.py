"""The page of a quarter that ended tells what stood open at its end, not what stands open today."""

from datetime import date

from kpi_engine.periods import Calendar, Grain
from portal.services import sales_facts
from portal.services.deal_book import Whose
from portal.services.engines import open_engine
from portal.services.opportunities import Flag, Watch, open_deals
from portal.services.sales_facts import PeriodView
from portal.tenancy.keys import TenantKey
from tests.homes.makers import STAGES, at, deal, on, step
from tests.kpis.desk import a_deal
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]

CALENDAR = Calendar()
ANN = Whose(frozenset(("crm\x1fann",)))
MARCH = Watch(on("2017-03-31"), at("2017-04-01"), {"Talk": 14.0}, STAGES, 30)


def _found(*deals) -> dict[str, tuple]:
    return {
        one.deal.key: (one.deal.stage, int(one.deal.amount), one.late, one.flag)
        for one in open_deals(deals, MARCH)
    }


def test_what_was_won_since_stood_open_then():
    """It was left out: of a quarter's aged deals those that ended later were never counted."""
    steps = (step("2017-01-10", "Talk", 70, "2017-03-20"), step("2017-04-20", "Won", 90))
    won = deal("w", 90, "2017-03-20", closed="2017-04-20", stage="Won", steps=steps)
    assert _found(won) == {"w": ("Talk", 70, 11, Flag.STALLED)}


def test_what_was_made_since_did_not_stand_open():
    """It counted among the open deals of a quarter that ended before it began."""
    assert _found(deal("n", created="2017-04-02")) == {}


def test_a_deal_is_held_against_the_day_and_the_stage_it_then_had():
    """A deal put off in May was on time in March, by a day that nobody had named yet."""
    steps = (
        step("2017-01-10", "Talk", 100, "2017-03-15"),
        step("2017-05-02", "Offer", 400, "2017-08-20"),
    )
    late = deal("l", 400, "2017-08-20", stage="Offer", steps=steps)
    assert _found(late) == {"l": ("Talk", 100, 16, Flag.STALLED)}


def test_what_is_open_today_stands_as_its_record_says():
    steps = (step("2017-01-10", "Find", 100, "2017-03-15"), step("2017-03-28", "Talk"))
    now = deal("t", 300, "2017-04-20", steps=steps, next_step="Call")
    assert _found(now) == {"t": ("Talk", 300, 0, Flag.NONE)}


def _task(number: int, completed: str) -> dict:
    return {
        "id": f"t{number}",
        "kind": "task",
        "owner_id": "ann",
        "created_at": "2017-01-01",
        "due_at": "2017-03-01",
        "completed_at": completed,
    }


def test_tasks_done_since_were_overdue_then(desk, workshop):
    """Those done since were not counted, and of more than 500 those beyond were not either."""
    tasks = [_task(number, "2017-05-01" if number % 2 else "") for number in range(600)]
    tenant = desk.tenant()
    desk.bring(tenant, {"activity": [*tasks, _task(601, "2017-03-20")]})
    with open_engine(workshop, TenantKey(tenant)) as opened:
        for today, many in ((date(2017, 3, 31), 600), (date(2017, 6, 1), 300)):
            seen = PeriodView(CALENDAR.holding(today, Grain.QUARTER), today)
            found = sales_facts.read_team(opened.engine, opened.calendar, ANN, seen)
            assert dict(found.overdue) == {"crm\x1fann": many}


def test_nothing_is_expected_of_a_quarter_that_ended(desk, workshop):
    """Its finding read "the model expects 509K to 509K against a quota of 580K"."""
    days = [f"{year}-{month}-20" for year in (2016, 2017) for month in ("02", "05", "08", "11")]
    deals = [
        a_deal(day, amount=100, closed=day, expected_close_on=day, created_at="2016-01-05")
        for day in days[:-1]
    ]
    deals.append(a_deal("now", stage="Open", amount=50, closed="", expected_close_on=days[-1]))
    moved = {"opportunity_id": "now", "to_stage": "Open", "amount": 50}
    moves = [
        {"id": day, **moved, "changed_at": day, "expected_close_on": days[-1]} for day in days[4:6]
    ]
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": deals, "stage_change": moves})
    with open_engine(workshop, TenantKey(tenant)) as opened:
        for today, told in ((date(2017, 11, 1), True), (date(2017, 9, 30), False)):
            seen = PeriodView(CALENDAR.holding(today, Grain.QUARTER), today)
            found = sales_facts.read_team(opened.engine, opened.calendar, ANN, seen)
            assert (found.expected is not None) is told
