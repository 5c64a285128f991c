"""The interrupted time series on made series: it finds what was planted, and little else."""

import numpy as np
import pytest

from kpi_engine.statistics.effect import (
    Course,
    Form,
    Verdict,
    Way,
    Why,
    detectable,
    effect,
)
from tests.statistics.simulated import World, judged

SAID = {Verdict.AS_EXPECTED, Verdict.WORSE}
WORLDS = [
    World(before=12, after=1, rho=0.0),
    World(before=12, after=3, rho=0.3),
    World(before=18, after=6, rho=0.3),
    World(before=24, after=1, rho=0.0),
    World(before=24, after=3, rho=0.3),
    World(before=24, after=6, rho=0.6),
    World(before=24, after=3, rho=0.3, season=2.0, trend=0.1),
    World(before=24, after=3, rho=0.3, controls=3, shared=4.0),
]
TIMES = 300
"""Enough to catch a fault; the rates in docs/actions.md rest on more: `python -m tests.statistics.rates`."""


@pytest.mark.parametrize("world", WORLDS, ids=repr)
def test_where_nothing_was_done_an_effect_is_said_about_as_rarely_as_promised(world):
    said = sum(one.verdict in SAID for one in judged(world, TIMES, 11))
    # 5 % promised; autocorrelated and seasonal series of two years run up to 10.
    assert said / TIMES <= 0.12


@pytest.mark.parametrize("world", WORLDS, ids=repr)
def test_the_limits_hold_the_planted_effect_and_the_estimate_is_right_in_the_middle(world):
    found = judged(World(**{**vars(world), "effect": 5.0}), TIMES, 12)
    held = [one for one in found if one.low <= 5.0 <= one.high]
    assert len(held) / TIMES >= 0.88
    assert np.mean([one.estimate for one in found]) == pytest.approx(5.0, abs=0.35)


def test_a_large_effect_is_found_and_its_side_is_told():
    world = World(before=24, after=3, rho=0.3, effect=5.0)
    up = judged(world, 100, 13)
    assert sum(one.verdict is Verdict.AS_EXPECTED for one in up) >= 95
    down = judged(World(**{**vars(world), "effect": -5.0}), 100, 13)
    assert sum(one.verdict is Verdict.WORSE for one in down) >= 95


def test_a_shock_to_everybody_is_not_taken_for_the_action_where_others_can_be_compared():
    alone = World(before=24, after=3, shared=4.0)
    beside = World(before=24, after=3, shared=4.0, controls=4)
    fooled = sum(one.verdict in SAID for one in judged(alone, 100, 14))
    told = sum(one.verdict in SAID for one in judged(beside, 100, 14))
    assert fooled >= 80
    assert told <= 12


def test_the_same_month_of_the_year_before_is_taken_where_it_told_more_than_the_line():
    forms = [one.form for one in judged(World(season=6.0), 30, 15)]
    assert forms.count(Form.SEASON) >= 29
    plain = [one.form for one in judged(World(rho=0.0), 100, 16)]
    assert plain.count(Form.TREND) >= 90


def test_few_points_are_held_against_their_level_and_more_against_their_trend():
    draw = np.random.default_rng(17)
    few = effect(World(before=7).course(draw), Way.UP)
    more = effect(World(before=12).course(draw), Way.UP)
    assert (few.form, more.form) == (Form.LEVEL, Form.TREND)


@pytest.mark.parametrize(
    ("values", "before", "after", "why"),
    [
        ([1.0, 2.0, 1.5, 2.0, 1.0, 5.0], 5, 5, Why.FEW_BEFORE),
        ([None] * 20 + [1.0, 2.0, 3.0], 20, 20, Why.FEW_BEFORE),
        ([1.0, 2.0, 1.5, 2.0, 1.0, 1.4, 1.6], 7, 7, Why.FEW_AFTER),
        ([1.0, 2.0, 1.5, 2.0, 1.0, 1.4, 1.6, None, None], 7, 8, Why.FEW_AFTER),
        ([3.0] * 12 + [9.0], 12, 12, Why.FLAT),
        ([0.0] * 14, 12, 12, Why.FLAT),
    ],
)
def test_it_says_that_it_cannot_tell_and_why(values, before, after, why):
    found = effect(Course(values, before, after), Way.UP)
    assert (found.verdict, found.why) == (Verdict.CANNOT_TELL, why)
    assert (found.estimate, found.low, found.high) == (None, None, None)


def test_what_lies_between_the_action_and_its_effect_is_left_out():
    world = World(before=24, between=3, after=3, effect=4.0)
    course = world.course(np.random.default_rng(18))
    wild = list(course.values)
    wild[24:27] = [900.0, -900.0, 900.0]
    plain = effect(course, Way.UP)
    assert effect(Course(wild, 24, 27), Way.UP) == plain


def test_a_gap_is_left_out_and_time_goes_on_over_it():
    line = [float(at) + (0.3 if at % 2 else -0.3) for at in range(26)]
    gapped = [None if at in {5, 6, 11} else one for at, one in enumerate(line)]
    found = effect(Course(gapped, 24, 24), Way.UP)
    assert found.n_before == 21
    assert abs(found.estimate) < 0.6
    assert found.verdict is Verdict.NOT_SHOWN


def test_a_control_that_lacks_a_number_is_not_compared_with():
    world = World(controls=3)
    course = world.course(np.random.default_rng(19))
    gapped = [list(one) for one in course.controls]
    gapped[0][4] = None
    found = effect(Course(course.values, course.before, course.after, gapped), Way.UP)
    assert found.controls == 2


def test_what_was_expected_goes_on_from_the_time_before():
    values = [10.0 + 0.5 * at + (0.2 if at % 2 else -0.2) for at in range(24)]
    values += [10.0 + 0.5 * at + 6 for at in range(24, 27)]
    found = effect(Course(values, 24, 24), Way.UP)
    for at in (24, 25, 26):
        told = found.path[at]
        assert told.low < told.value < told.high
        assert told.value == pytest.approx(10 + 0.5 * at, abs=0.5)
    assert found.estimate == pytest.approx(6, abs=0.5)


def test_the_same_numbers_in_another_unit_say_the_same():
    course = World(effect=3.0).course(np.random.default_rng(20))
    thousand = Course([1000 * one for one in course.values], course.before, course.after)
    plain, large = effect(course, Way.UP), effect(thousand, Way.UP)
    assert large.verdict is plain.verdict
    assert large.estimate == pytest.approx(1000 * plain.estimate)
    assert large.low == pytest.approx(1000 * plain.low, rel=1e-6)


def test_more_periods_show_smaller_effects_and_a_small_one_takes_longer():
    course = World(before=24, after=0, between=0, rho=0.0).course(np.random.default_rng(21))
    found = detectable(None, course)
    assert list(found.shown) == sorted(found.shown, reverse=True)
    assert detectable(found.one * 1.01, course).periods == 1
    later = detectable(found.shown[3] * 1.01, course).periods
    assert later == 4
    assert detectable(found.shown[-1] / 10, course).periods is None


def test_what_is_told_to_be_seen_in_one_period_is_seen_in_about_four_of_five():
    world = World(before=24, between=0, after=1, rho=0.0)
    draw = np.random.default_rng(22)
    seen = 0
    for _ in range(200):
        course = world.course(draw)
        size = detectable(None, course).one
        values = [*course.values[:24], course.values[24] + size]
        seen += effect(Course(values, 24, 24), Way.UP).verdict is Verdict.AS_EXPECTED
    assert 0.68 <= seen / 200 <= 0.95


def test_too_few_points_let_nothing_be_promised():
    assert detectable(1.0, Course([1.0, 2.0, 3.0], 3, 3)) is None
    assert detectable(1.0, Course([2.0] * 24, 24, 24)) is None
