"""Differences of late periods from earlier ones: by hand, and how often chance alone is told."""

from math import sqrt
from random import Random

import pytest

from kpi_engine.statistics.shift import Z90, Chance, Period, shift, student


def test_the_quantile_of_student_is_that_of_the_tables():
    # Abramowitz and Stegun, table 26.10, two-sided 95 %.
    for free, quantile in ((5, 2.571), (10, 2.228), (20, 2.086), (120, 1.980)):
        assert student(free) == pytest.approx(quantile, abs=0.01)
    assert student(10, Z90) == pytest.approx(1.812, abs=0.005)


def test_equal_numbers_differ_by_nothing_and_counting_still_has_its_chance():
    found = shift([Period(16.0)] * 8, [Period(16.0)] * 4, Chance.COUNT)
    assert (found.before, found.now, found.moved, found.beyond) == (16, 16, 0, 0)
    # Four counts against eight: the variance of one is its mean.
    assert found.high == pytest.approx(student(7) * sqrt(16 * (1 / 4 + 1 / 8)))


def test_a_share_is_pooled_by_its_records_and_not_averaged():
    before = [Period(1, 10), Period(9, 30), *[Period(10, 40)] * 4]
    found = shift(before, [Period(5, 10)], Chance.SHARE)
    assert found.before == pytest.approx(50 / 200)
    assert found.now == pytest.approx(0.5)


def test_a_large_rise_is_beyond_chance_and_a_small_one_is_not():
    usual = [Period(float(value)) for value in (18, 20, 17, 22, 19, 21, 20, 18)]
    assert shift(usual, [Period(30.0), Period(31.0)], Chance.COUNT).beyond == 1
    assert shift(usual, [Period(20.0), Period(21.0)], Chance.COUNT).beyond == 0
    assert shift(usual, [Period(9.0), Period(8.0)], Chance.COUNT).beyond == -1


def test_months_that_differ_more_than_dice_widen_the_interval():
    calm = [Period(20.0)] * 8
    wild = [Period(float(value)) for value in (5, 35, 10, 30, 5, 35, 10, 30)]
    now = [Period(32.0), Period(32.0)]
    assert shift(calm, now, Chance.COUNT).beyond == 1
    assert shift(wild, now, Chance.COUNT).beyond == 0


def test_too_few_earlier_periods_tell_nothing():
    assert shift([Period(3.0)] * 5, [Period(9.0)], Chance.COUNT) is None
    assert shift([Period(3.0)] * 9, [], Chance.COUNT) is None
    assert shift([Period(0, 0)] * 9, [Period(1, 2)], Chance.SHARE) is None


def test_amounts_without_any_spread_tell_nothing():
    assert shift([Period(5.0)] * 8, [Period(6.0)], Chance.AMOUNT) is None


def _counts(draw: Random, mean: float, many: int, wildness: float) -> list[float]:
    """Return counts of a mean that itself wanders: more than dice, as real weeks do."""
    found = []
    for _ in range(many):
        level = draw.gammavariate(1 / wildness, mean * wildness) if wildness else mean
        found.append(float(sum(draw.random() < level / 1_000 for _ in range(1_000))))
    return found


@pytest.mark.parametrize("wildness", [0.0, 0.1])
def test_noise_alone_is_told_about_as_often_as_the_interval_says(wildness):
    draw, told, tries = Random(4), 0, 600
    for _ in range(tries):
        weeks = [Period(value) for value in _counts(draw, 18, 26, wildness)]
        told += shift(weeks[:18], weeks[18:], Chance.COUNT).beyond != 0
    # 5 % for 95 %; a wide margin for the 600 tries.
    assert told / tries < 0.08
