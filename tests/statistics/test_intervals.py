"""Wilson's and Newcombe's intervals against published figures."""

import pytest

from kpi_engine.statistics.intervals import apart, wilson


# Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17
# (1998), table I, method 3.
@pytest.mark.parametrize(
    ("over", "under", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(over, under, low, high):
    found = wilson(over, under)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_it_never_leaves_0_to_1():
    assert wilson(0, 5).low == 0
    assert wilson(5, 5).high == 1
    assert wilson(5, 5).low > 0.5


@pytest.mark.parametrize("parts", [(0, 0), (1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_has_no_interval(parts):
    assert wilson(*parts) is None


def test_more_records_make_it_narrower():
    assert wilson(10, 20).width > wilson(100, 200).width > wilson(1000, 2000).width


# Newcombe, Interval estimation for the difference between independent proportions, Statistics in
# Medicine 17 (1998), table II, method 10: 56/70 against 48/80 lies at 0.0524 to 0.3339.
def test_two_shares_differ_where_their_difference_excludes_0():
    assert apart((56, 70), (48, 80))
    assert apart((48, 80), (56, 70))
    assert not apart((9, 10), (7, 10))
    assert not apart((0, 0), (7, 10))
