"""Days, weeks and months are those of the tenant's calendar, and none is lost or counted twice."""

from datetime import date, timedelta

import pytest

from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import State
from tests.soundness.asking import Asking, a_deal, at, made, on

BERLIN = Calendar("Europe/Berlin")
NEW_LEADS = "new_leads"


def hourly(first: str, hours: int) -> list:
    """A lead every hour from a UTC instant on."""
    return [made(n, created_at=at(first) + timedelta(hours=n)) for n in range(hours)]


@pytest.mark.parametrize(
    ("day", "first", "hours"),
    [("2017-03-26", "2017-03-25 22:00", 23), ("2017-10-29", "2017-10-28 21:00", 25)],
)
def test_the_day_of_a_clock_change_has_its_own_hours(day: str, first: str, hours: int):
    """A day of 24 UTC hours takes an hour from a neighbour: 24 leads where 23 or 25 were made."""
    days = (on(day) - timedelta(days=1), on(day) + timedelta(days=2))
    asked = Asking(NEW_LEADS, Grain.DAY, days, calendar=BERLIN)
    found = asked.values(lead=hourly(first, 48))
    # One hour of the day before, then the day, and the rest belongs to the next.
    assert list(found.values()) == [1, hours, 47 - hours]


def test_a_record_at_local_midnight_belongs_to_the_day_that_begins():
    """In UTC it is still the 31st: the first deal of April would be shown in March."""
    leads = [made(1, created_at=at("2017-03-31 22:00"))]
    days = (on("2017-03-01"), on("2017-05-01"))
    assert Asking(NEW_LEADS, days=days, calendar=BERLIN).values(lead=leads) == {
        "2017-03": None,
        "2017-04": 1,
    }


def test_the_end_of_a_period_is_not_in_it():
    """Counted in both months, a deal closed at midnight makes the year larger than the company."""
    deals = [a_deal(1, closed="2017-04-01")]
    days = (on("2017-03-01"), on("2017-05-01"))
    assert Asking("won_deals", days=days).values(opportunity=deals) == {
        "2017-03": None,
        "2017-04": 1,
    }


def test_the_leap_day_is_counted_once():
    """A year of 365 days loses 29 February, or gives it to March."""
    leads = [made(1, created_at=at("2016-02-29 12:00"))]
    days = (on("2016-02-01"), on("2016-04-01"))
    assert Asking(NEW_LEADS, days=days).values(lead=leads) == {"2016-02": 1, "2016-03": None}
    assert Asking(NEW_LEADS, Grain.DAY, (on("2016-02-28"), on("2016-03-02"))).values(
        lead=leads
    ) == {"2016-02-28": None, "2016-02-29": 1, "2016-03-01": None}


def test_the_month_before_has_its_31st():
    """Thirty days back from April's first is 2 March: the deal of 31 March was in no month."""
    calendar = Calendar()
    before = calendar.previous(calendar.holding(on("2017-04-30"), Grain.MONTH))
    assert (before.start, before.end) == (on("2017-03-01"), on("2017-04-01"))
    assert calendar.shift(on("2017-03-31"), Grain.MONTH, -1) == on("2017-02-28")
    deals = [a_deal(1, closed="2017-03-31 18:00")]
    asked = Asking("won_deals", days=(before.start, before.end))
    assert asked.reading(opportunity=deals).value == 1


def test_a_trailing_month_ends_with_its_period_and_loses_no_day():
    """Trailing 30 days from the end of March begin on 2 March: the deal of the 1st fell out."""
    deals = [a_deal(1, closed="2017-03-01 00:00"), a_deal(2, closed="2017-02-28 23:59")]
    measure = "count {rolling: {count: opportunity, on: closed_at}, over: 1 months}"
    assert Asking(measure).reading(opportunity=deals).value == 1


def test_a_year_ago_is_52_weeks_for_weeks():
    """365 days back is another weekday, in no week that begins on Monday: nothing to compare."""
    calendar = Calendar()
    week = calendar.holding(on("2018-03-07"), Grain.WEEK)
    before = calendar.last_year(week)
    assert (week.start - before.start).days == 52 * 7
    assert before.start.weekday() == week.start.weekday() == 0
    leads = [made(1, created_at=at("2017-03-12 23:00")), made(2, created_at=at("2017-03-06 00:00"))]
    days = (before.start, before.end)
    assert Asking(NEW_LEADS, Grain.WEEK, days, on("2018-06-01")).reading(lead=leads).value == 2


def test_a_year_ago_of_the_leap_day_is_the_end_of_february():
    """A shift by 365 days from 29 February is 1 March: another month."""
    calendar = Calendar()
    day = calendar.holding(on("2016-02-29"), Grain.DAY)
    assert calendar.last_year(day).start == on("2015-02-28")


def test_the_elapsed_part_of_a_long_month_stops_at_the_end_of_a_short_one():
    """March to the 30th against February to the 30th would take two days of March twice."""
    calendar = Calendar()
    march, february = (
        calendar.holding(on(day), Grain.MONTH) for day in ("2017-03-30", "2017-02-01")
    )
    assert calendar.same_elapsed(march, on("2017-03-30"), february) == (
        on("2017-02-01"),
        on("2017-03-01"),
    )


def test_a_fiscal_year_bears_the_year_in_which_it_ends():
    """Named by its start, the quarters of two years would be compared as one."""
    calendar = Calendar(fiscal_start=4)
    asked = Asking(
        "won_deals", Grain.QUARTER, (on("2017-01-01"), on("2017-07-01")), calendar=calendar
    )
    assert asked.values(opportunity=[a_deal(1), a_deal(2, closed="2017-04-01")]) == {
        "FY2017-Q4": 1,
        "FY2018-Q1": 1,
    }


def test_a_running_period_is_marked_and_a_coming_one_is_absent():
    """A month half over looks like a fall by half; a month to come like none sold at all."""
    deals = [a_deal(1)]
    days = (date(2017, 2, 1), date(2017, 5, 1))
    rows = Asking("won_deals", days=days, today=on("2017-03-15")).rows(opportunity=deals)
    assert [row.reading.state for row in rows] == [State.ABSENT, State.SO_FAR, State.ABSENT]
    assert rows[2].reading.reason == "the period has not begun"


def test_a_stock_is_read_at_the_end_and_never_added_over_time():
    """Three months with the same open deal: its quarter has one open deal, not three."""
    deals = [a_deal(1, "Open", None)]
    days = (on("2017-01-01"), on("2017-04-01"))
    months = Asking("open_opportunities", Grain.MONTH, days).values(opportunity=deals)
    assert list(months.values()) == [1, 1, 1]
    assert Asking("open_opportunities", Grain.QUARTER, days).reading(opportunity=deals).value == 1


def test_a_deal_closed_at_the_very_end_still_stood_open_then():
    """Half-open on the wrong side, a deal is open and closed at once, or neither."""
    deals = [a_deal(1, "Won", "2017-04-01 00:00"), a_deal(2, "Won", "2017-03-31 23:59")]
    assert Asking("open_opportunities").reading(opportunity=deals).value == 1


def test_business_hours_do_not_run_at_night_and_on_days_off():
    """Friday evening to Monday morning is 64 hours on the wall and 2 hours of work."""
    tickets = [
        made(
            1,
            created_at=at("2017-03-10 16:00"),
            first_response_at=at("2017-03-13 10:00"),
        )
    ]
    measure = (
        "hours {duration: ticket, from: created_at, to: first_response_at, take: median,"
        " clock: business, on: created_at}"
    )
    assert Asking(measure).reading(ticket=tickets).value == 2
