"""Rank correlation against a published example, and how often it cries wolf."""

import random

import pytest

from kpi_engine.statistics.ranks import LEAST, related, spearman


def test_the_published_example_of_hours_and_intelligence_comes_out():
    # Spearman's rho as worked out on Wikipedia: IQ against hours of television, -29/165.
    scores = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    assert spearman(scores, hours) == pytest.approx(-29 / 165)


def test_ties_share_the_mean_of_their_ranks():
    assert spearman([1, 2, 2, 3], [1, 2, 2, 3]) == pytest.approx(1)
    assert spearman([1, 2, 3, 4], [10, 20, 20, 40]) == pytest.approx(0.9486832980505138)


def test_a_series_that_does_not_vary_has_no_relation():
    assert spearman([1, 1, 1], [1, 2, 3]) is None


def test_under_twelve_pairs_nothing_is_said():
    steps = [float(one * one) for one in range(LEAST)]
    assert related(steps, steps, (0,)) is None
    assert related([*steps, 500.0], [*steps, 500.0], (0,)) is not None


def test_an_effect_two_months_later_is_found_at_its_lag():
    dice = random.Random(7)
    cause = [dice.gauss(0, 1) for _ in range(40)]
    effect = [0.0, 0.0, *cause[:-2]]
    found = related(cause, effect, (0, 1, 2, 3))
    assert (found.lag, found.shown) == (2, True)
    assert found.rank > 0.99


def test_two_series_that_only_grow_are_not_told_to_go_together():
    dice = random.Random(3)
    left, right = [0.0], [0.0]
    for _ in range(30):
        left.append(left[-1] + dice.random())
        right.append(right[-1] + dice.random())
    assert spearman(left, right) > 0.99
    assert not related(left, right, (0,)).shown


def test_series_without_a_relation_are_told_to_have_one_in_about_one_of_twenty():
    dice = random.Random(11)
    rounds = 800
    wrong = 0
    for _ in range(rounds):
        left = [dice.gauss(0, 1) for _ in range(25)]
        right = [dice.gauss(0, 1) for _ in range(25)]
        wrong += related(left, right, (0, 1, 2, 3)).shown
    # Looking at four lags must not make it four of twenty; changes of noise swing back, which counts too.
    assert wrong / rounds < 0.06


def test_a_gap_is_left_out_with_both_its_changes():
    series = [float(one % 5) for one in range(20)]
    gap = [*series[:9], None, *series[10:]]
    assert related(gap, series, (0,)).n == 17
