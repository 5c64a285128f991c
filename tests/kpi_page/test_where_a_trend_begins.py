"""A trend begins with its first number, a split of one group says nothing of the whole."""

from datetime import date

import pytest

from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from portal.services import kpi_trend, split_figures
from portal.services.kpi_trend import SHOWN
from portal.services.numbers import Point
from portal.services.parts_of_change import Pair
from portal.services.splits import Group, SplitAnswer
from tests.pages.test_goals_and_stages import KPIS

CALENDAR = Calendar()


def points(*values: float | None) -> list[Point]:
    period, found = CALENDAR.holding(date(2026, 10, 1), Grain.MONTH), []
    for value in reversed(values):
        state = State.FINAL if value is not None else State.ABSENT
        reading = Reading(value, state, None if value is not None else "no rows", 20)
        found.append(Point(period, reading, "0" * 12, 1, restated=False, first=value))
        period = CALENDAR.previous(period)
    return found[::-1]


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ([0.5] * (SHOWN + 1), 1),
        ([None] * 15 + [0.5] * 10, 15),
        ([None] * 23 + [0.5] * 2, SHOWN + 1 - 8),
        ([0.5] + [None] * 4 + [0.5] * 20, 1),
        ([None] * (SHOWN + 1), 1),
        ([None, 0.5, 0.5], 0),
    ],
)
def test_a_trend_begins_with_its_first_number_and_shows_eight_periods(values, first):
    assert kpi_trend._first(points(*values)) == first


def pair(now: float, n: int) -> Pair:
    reading = Reading(now, State.FINAL, None, n, now * n, float(n))
    return Pair(reading, reading)


def test_one_group_alone_lies_apart_from_nothing():
    one = SplitAnswer(pair(0.2, 400), (Group("a", "A", pair(0.2, 400)),))
    two = SplitAnswer(
        pair(0.2, 400), (Group("a", "A", pair(0.3, 200)), Group("b", "B", pair(0.1, 200)))
    )
    assert split_figures.apart(KPIS.kpi("win_rate"), one) == ""
    assert "lies clearly above" in split_figures.apart(KPIS.kpi("win_rate"), two)


def test_the_bars_of_a_sum_are_as_long_as_its_largest_group_allows():
    answer = SplitAnswer(
        pair(900.0, 9), (Group("a", "A", pair(140.0, 1)), Group("b", "B", pair(19.0, 1)))
    )
    assert split_figures.top_of(KPIS.kpi("won_revenue"), answer) == 140.0
