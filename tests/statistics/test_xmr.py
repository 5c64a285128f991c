"""Limits and signals of XmR charts against published examples."""

import pytest

from kpi_engine.statistics.xmr import Sign, chart

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# Montgomery, Introduction to Statistical Quality Control, loan processing costs.
LOANS = [
    310,
    288,
    297,
    298,
    307,
    303,
    294,
    297,
    308,
    306,
    294,
    299,
    297,
    299,
    314,
    295,
    293,
    306,
    301,
    304,
]


def test_the_limits_are_those_of_the_handbook_of_nist():
    found = chart(FLOW)
    assert found.mean == pytest.approx(50.81)
    assert found.range_mean == pytest.approx(1.8778, abs=1e-4)
    # The handbook divides by 1.128; 2.66 is that, rounded.
    assert found.upper == pytest.approx(55.8041, abs=2e-3)
    assert found.lower == pytest.approx(45.8159, abs=2e-3)
    assert found.signals == ()


def test_the_limits_are_those_of_montgomery():
    found = chart(LOANS)
    assert found.mean == pytest.approx(300.6, abs=0.11)
    assert found.range_mean == pytest.approx(7.79, abs=0.01)
    assert found.upper == pytest.approx(321.22, abs=0.15)
    assert found.lower == pytest.approx(279.78, abs=0.15)
    assert found.signals == ()


def test_a_point_beyond_a_limit_is_a_signal():
    found = chart([*FLOW, 58.0, 44.0], baseline=10)
    assert [(one.index, one.sign) for one in found.signals] == [(10, Sign.ABOVE), (11, Sign.BELOW)]
    assert found.at(10) is Sign.ABOVE
    assert found.at(3) is None


def test_later_points_do_not_move_the_limits_of_the_baseline():
    assert chart([*FLOW, 500.0], baseline=10).upper == chart(FLOW).upper


def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_not():
    seven = [*FLOW[:6], *([51.5] * 7)]
    base = [50, 52, 50, 52, 50, 52]
    assert chart([*base, *([51.5] * 7), 50.5], baseline=6).signals[0].index == 5
    assert chart([*base, 50, *([51.5] * 7)], baseline=6).signals == ()
    eight = chart([*base, 50, *([51.5] * 8)], baseline=6)
    assert [one.index for one in eight.signals] == list(range(7, 15))
    assert {one.sign for one in eight.signals} == {Sign.RUN_ABOVE}
    assert len(seven) == 13


def test_a_gap_is_in_no_moving_range():
    with_gap = chart([1, 2, 1, 2, None, 100, 101, 100])
    assert with_gap.range_mean == 1


def test_points_that_have_no_neighbours_tell_no_limits():
    """One pair of neighbours among ten gaps made a range of 0 to 2,012."""
    scattered = [640.0, None, 1010.0, None, 900.0, None, 720.0, None, 880.0, 470.0, None, 570.0]
    assert chart(scattered) is None
    assert chart([value for value in scattered if value is not None]) is not None


def test_a_gap_does_not_end_a_run():
    base = [50, 52, 50, 52, 50, 52, 50]
    found = chart([*base, 51.5, 51.5, 51.5, 51.5, None, 51.5, 51.5, 51.5, 51.5], baseline=7)
    assert len(found.signals) == 8


def test_too_few_points_have_no_limits():
    assert chart([1, 2, 3, 4, 5]) is None
    assert chart([]) is None
    assert chart([1, None] * 8) is None


def test_a_limit_does_not_lie_where_no_number_can():
    wide = [0, 10, 0, 10, 0, 10]
    assert chart(wide).lower < 0
    assert chart(wide, floor=0).lower == 0
    assert chart([0.1, 0.9] * 4, floor=0, ceiling=1).upper == 1


def test_a_series_that_never_moves_signals_nothing():
    found = chart([0.1 + 0.2] * 12)
    assert (found.lower, found.upper) == (found.mean, found.mean)
    assert found.signals == ()
