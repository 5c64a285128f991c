"""Forecasts are judged by what was said at the time; the model is told only what was known then."""

from datetime import date
from decimal import Decimal

import pytest

from kpi_engine.periods import Calendar, Grain
from portal.services.deal_book import DealBook
from portal.services.forecasting import Submission, expected, judged, said
from tests.homes.makers import STAGES, at, deal, on, step

CALENDAR = Calendar()
NOW = CALENDAR.holding(date(2017, 5, 1), Grain.QUARTER)


def _said(owner: str, start: str, amount: int, moment: str, grain: str = "quarter") -> Submission:
    return Submission(owner, on(start), grain, Decimal(amount), at(moment))


def test_the_last_word_before_a_moment_counts():
    told = (
        _said("ann", "2017-04-01", 10, "2017-04-02"),
        _said("ann", "2017-04-01", 20, "2017-05-02"),
        _said("bob", "2017-04-01", 5, "2017-06-02"),
    )
    assert said(told, NOW, at("2017-05-02")) == {"ann": 10}
    assert said(told, NOW, at("2017-05-03")) == {"ann": 20}
    assert said(told, NOW, at("2017-07-01")) == {"ann": 20, "bob": 5}


def test_months_are_added_up_and_never_added_to_a_quarter():
    """A person who forecasts by month and by quarter was counted twice."""
    told = (
        _said("ann", "2017-04-01", 10, "2017-04-02", "month"),
        _said("ann", "2017-05-01", 20, "2017-04-02", "month"),
        _said("bob", "2017-04-01", 7, "2017-04-02", "month"),
        _said("bob", "2017-04-01", 100, "2017-04-02"),
    )
    assert said(told, NOW, at("2017-05-02")) == {"ann": 30, "bob": 100}


def _book(deals: list) -> DealBook:
    ended = tuple(one for one in deals if one.closed)
    return DealBook(tuple(deals), STAGES, has_stages=False, has_dates=True, ended=ended)


def test_accuracy_and_bias_by_hand():
    won = [deal("a", 80, stage="Won", closed="2017-02-10", created="2016-06-01")]
    told = (
        _said("ann", "2017-01-01", 120, "2016-12-20"),
        _said("ann", "2017-01-01", 100, "2017-02-20"),
    )
    by_days = {one.days: one for one in judged(_book(won), told, CALENDAR, NOW)}
    assert by_days[90].accuracy == pytest.approx(1 - 40 / 80)
    assert by_days[90].bias == pytest.approx(40 / 80)
    assert by_days[30].accuracy == pytest.approx(1 - 20 / 80)
    assert by_days[90].periods == 1


def _quarters(part: int) -> list:
    """Four quarters in each of which a part of 100 due was won in the last month."""
    found = []
    for number, (start, due) in enumerate(
        (("2016-04", "06"), ("2016-07", "09"), ("2016-10", "12"), ("2017-01", "03"))
    ):
        year = start[:4]
        day = f"{year}-{due}-20"
        steps = (step(f"{start}-02", "Talk", part, day),)
        won = deal(f"w{number}", part, day, f"{start}-02", day, "Won", steps)
        steps = (step(f"{start}-02", "Talk", 100 - part, day),)
        lost = deal(f"l{number}", 100 - part, day, f"{start}-02", day, "Lost", steps)
        found += [won, lost]
    return found


def test_the_model_takes_the_part_that_earlier_quarters_brought():
    steps = (step("2017-04-03", "Talk", 1000, "2017-06-20"),)
    mine = deal("m", 1000, "2017-06-20", "2017-04-03", steps=steps)
    sure = deal("s", 50, "2017-04-20", "2017-01-03", "2017-04-20", "Won")
    found = expected([*_quarters(40), mine, sure], CALENDAR, NOW, date(2017, 5, 20))
    assert found is not None
    assert [int(one) for one in (found.low, found.middle, found.high)] == [450, 450, 450]


def test_without_four_earlier_quarters_the_model_says_nothing():
    assert expected(_quarters(40)[2:], CALENDAR, NOW, date(2017, 5, 20)) is None


def test_the_model_does_not_see_what_came_after():
    """A model that is judged on quarters it has seen is always right."""
    quarter = CALENDAR.previous(NOW)
    deals = _quarters(40)
    before = expected(deals, CALENDAR, quarter, date(2017, 2, 20))
    late = deal("late", 900, "2017-03-25", "2017-03-01", "2017-03-25", "Won")
    assert expected([*deals, late], CALENDAR, quarter, date(2017, 2, 20)) == before
