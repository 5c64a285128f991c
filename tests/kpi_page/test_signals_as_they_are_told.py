"""A long run is one signal, however many points it has; a point beyond the limits is one each."""

import pytest

from kpi_engine.statistics.xmr import Sign, chart
from portal.services import trend_signals

MONTHS = [f"M{number}" for number in range(1, 31)]


def told(values):
    limits = chart(values)
    signs = [limits.at(at) for at in range(len(values))]
    found = trend_signals.told(signs, values)
    return [trend_signals.said(one, MONTHS) for one in found], signs


def test_a_calm_series_tells_none():
    assert told([10, 12, 9, 11, 10, 12, 9, 11])[0] == []


def test_one_early_point_that_lifts_the_mean_is_two_signals_and_not_ten():
    """It read "10 signals" of ten quarters, of which only the first is strange."""
    values = [54.0, 10.0, 6.0, 5.0, 2.0, 7.0, 6.0, 4.0, 4.0, 7.8]
    found, signs = told(values)
    assert found == ["M1 above the limits", "M2 to M10 in a long run below the mean"]
    assert trend_signals.runs(signs) == tuple(range(1, 10))


def test_a_point_beyond_the_limits_neither_ends_nor_lengthens_the_run_it_is_in():
    run, beyond = Sign.RUN_ABOVE, Sign.ABOVE
    signs = [None, run, run, beyond, run, None, Sign.RUN_BELOW]
    found = trend_signals.told(signs, [1.0] * 7)
    assert [(one.first, one.last, one.sign) for one in found] == [
        (3, 3, beyond),
        (1, 4, run),
        (6, 6, Sign.RUN_BELOW),
    ]


def test_a_gap_is_no_signal_and_ends_no_run():
    signs = [Sign.RUN_BELOW, None, Sign.RUN_BELOW]
    (one,) = trend_signals.told(signs, [1.0, None, 1.0])
    assert (one.first, one.last) == (0, 2)


@pytest.mark.parametrize("between", [None, Sign.BELOW, Sign.RUN_BELOW])
def test_what_lies_between_two_runs_parts_them(between):
    signs = [Sign.RUN_ABOVE, between, Sign.RUN_ABOVE]
    found = trend_signals.told(signs, [1.0, 1.0, 1.0])
    assert sum(one.sign is Sign.RUN_ABOVE for one in found) == 2
