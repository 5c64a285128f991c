"""What carries over from period to period is charted by its moves where it has no usual level."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.statistics.xmr import Sign, carried, chart

STEPS = [30.0, 34.0, 26.0, 31.0, 29.0, 35.0, 27.0, 30.0, 33.0, 25.0, 30.0, 32.0]
GROWING = list(accumulate(STEPS, initial=700.0))
"""Recurring revenue that rises by about 30 a month."""
RATES = [1.10, 1.12, 1.08, 1.11, 1.09, 1.12, 1.10, 1.08, 1.11, 1.10, 1.09, 1.12]
COMPOUND = list(accumulate(RATES, lambda value, rate: value * rate, initial=100.0))


def made(points, **bounds):
    return carried(points, baseline=len(points) - 1, **bounds)


def test_what_only_grows_as_it_always_did_is_no_signal():
    assert len({one.index for one in chart(GROWING).signals}) > len(GROWING) / 2
    found = made(GROWING)
    assert found.moving
    assert found.signals == ()
    # By hand: the mean of the first eleven moves and 2.66 of their mean moving range.
    moves = STEPS[:11]
    mean = sum(moves) / 11
    ranges = [abs(later - earlier) for earlier, later in pairwise(moves)]
    far = 2.66 * sum(ranges) / 10
    assert found.mean == pytest.approx(GROWING[-2] + mean)
    assert found.lower == pytest.approx(GROWING[-2] + mean - far)
    assert found.upper == pytest.approx(GROWING[-2] + mean + far)
    assert found.along[0] is None
    assert found.along[-1].mean == found.mean


def test_growth_that_stops_is_a_signal_though_the_level_is_the_highest_ever():
    found = made([*GROWING, GROWING[-1] + 1])
    assert found.at(len(GROWING)) is Sign.BELOW
    assert found.upper > GROWING[-1] + 1


def test_growth_by_a_rate_is_told_by_its_rate():
    found = made(COMPOUND)
    assert found.signals == ()
    assert found.lower < COMPOUND[-1] < found.upper
    assert found.mean / COMPOUND[-2] == pytest.approx(1.1, abs=0.01)


def test_a_level_that_stays_keeps_the_chart_of_its_level():
    steady = [12.0, 15.0, 11.0, 14.0, 13.0, 12.0, 15.0, 12.0, 14.0]
    assert made(steady) == chart(steady, baseline=8)
    assert not made(steady).moving


def test_a_gap_before_the_last_point_leaves_nothing_to_move_from():
    assert made([*GROWING, None, GROWING[-1] + 60]) is None
    # Anywhere else it is a gap, and the points beside it are in no move.
    found = made([*GROWING[:5], None, *GROWING[5:]])
    assert found.along[5] is not None
    assert found.along[6] is None
    assert found.baseline == 11, "twelve moves but for the one across the gap"


def test_the_edges_keep_to_what_the_number_can_be():
    falling = [1065.0 - value for value in GROWING]
    found = made([*falling, 1.0], floor=0.0)
    assert found.moving
    assert found.lower == 0.0


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=30))
def test_it_tells_a_range_of_any_series_or_none(points):
    found = carried(points, baseline=max(len(points) - 1, 0))
    if found is None:
        return
    assert found.lower <= found.upper
    assert all(points[one.index] is not None for one in found.signals)
    if found.moving:
        assert [one is None for one in found.along] == [
            at == 0 or points[at - 1] is None for at in range(len(points))
        ]
