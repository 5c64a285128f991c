"""Parts of a change against published examples, and that they always add up to it."""

from math import fsum, log, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.statistics.contribution import (
    Method,
    Segment,
    log_mean,
    of_function,
    of_product,
    of_segments,
    of_sum,
    rounded,
)

# LMDIR 0.1.14 (M. Heun; an implementation of Ang, Energy Policy 33, 2005, 867-871): the example of
# its tests/testthat/test_lmdi.R, two subcategories of three factors in four years.
YEARS = (
    ((1, 10, 2), (4, 5, 3)),
    ((4, 5, 3), (5, 6, 4)),
    ((8, 2, 4), (5, 7, 5)),
    ((10, 1, 5), (6, 8, 6)),
)
PUBLISHED = (
    ((50.47438029, -25.23719014, 14.76280986), (19.31568569, 15.78206435, 24.90224996)),
    ((42.96021467, -56.79031473, 17.83010006), (0, 22.47128816, 32.52871184)),
    ((12.6549815, -39.30996299, 12.6549815), (41.35566084, 30.28867832, 41.35566084)),
)
"""By step and subcategory."""


@pytest.mark.parametrize("step", range(3))
@pytest.mark.parametrize("place", range(2))
def test_the_parts_are_those_of_the_published_example(step, place):
    found = of_product(YEARS[step][place], YEARS[step + 1][place])
    assert found.method is Method.LOG_MEAN
    assert found.amounts == pytest.approx(PUBLISHED[step][place], abs=1e-7)


@pytest.mark.parametrize(
    ("before", "now", "parts"),
    [
        # The same source, after Ang, Zhang and Choi (1998), table 2, cases 1 to 6, and Wood and
        # Lenzen (2006): what came out of nothing or went to it takes the whole change.
        ((0, 10, 2), (4, 5, 3), (60, 0, 0)),
        ((4, 5, 3), (5, 6, 0), (0, 0, -60)),
        ((0, 10), (0, 5), (0, 0)),
        ((0, 10), (3, 0), (0, 0)),
    ],
)
def test_a_zero_is_taken_at_its_limit(before, now, parts):
    assert of_product(before, now).amounts == pytest.approx(parts)


@pytest.mark.parametrize("small", [1e-6, 1e-12, 1e-40])
def test_the_limit_is_what_ever_smaller_numbers_run_to(small):
    # The log mean runs to its limit as slowly as one over the logarithm.
    near = of_product((small, 10, 2), (4, 5, 3)).amounts
    assert near[0] == pytest.approx(60, rel=1.2 / -log(small))


def test_two_factors_that_come_together_share_alike():
    assert of_product((0, 0, 5), (2, 3, 5)).amounts == pytest.approx((15, 15, 0))


def test_two_sectors_are_told_by_the_formulas_of_ang():
    # Worked by hand in this test by formulas 2 to 5 of Ang (2005): energy by activity, structure
    # and intensity. Its input is of our own, in the form of the paper's example.
    activity = (50.0, 80.0)
    sectors = (((30.0, 10.0), (80.0, 40.0)), ((20.0, 40.0), (16.0, 40.0)))
    by_hand, found = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    for (energy_0, output_0), (energy_1, output_1) in sectors:
        weight = (energy_1 - energy_0) / log(energy_1 / energy_0)
        by_hand[0] += weight * log(activity[1] / activity[0])
        by_hand[1] += weight * log((output_1 / activity[1]) / (output_0 / activity[0]))
        by_hand[2] += weight * log((energy_1 / output_1) / (energy_0 / output_0))
        factors = of_product(
            (activity[0], output_0 / activity[0], energy_0 / output_0),
            (activity[1], output_1 / activity[1], energy_1 / output_1),
        )
        found = [one + part for one, part in zip(found, factors.amounts, strict=True)]
    assert found == pytest.approx(by_hand)
    assert found == pytest.approx((32.385, 38.285, -24.670), abs=1e-3)
    assert sum(found) == pytest.approx(46)


def test_a_log_mean_lies_between_geometric_and_arithmetic_mean():
    assert log_mean(2, 8) == pytest.approx(6 / log(4))
    assert 4 < log_mean(2, 8) < 5
    assert log_mean(3, 3) == 3
    assert log_mean(0, 3) == 0
    assert log_mean(-2, -8) == pytest.approx(-6 / log(4))
    with pytest.raises(ValueError, match="no log mean"):
        log_mean(-1, 1)


def test_a_log_mean_of_near_numbers_keeps_its_digits():
    assert log_mean(1.0, 1.0 + 1e-12) == pytest.approx(1.0, abs=1e-11)


def test_a_factor_that_changes_its_sign_is_told_by_its_shapley_value():
    found = of_product((-2, 3), (4, 5))
    assert found.method is Method.SHAPLEY
    # Each factor's effect, averaged over both orders.
    assert found.amounts == pytest.approx((6 * (3 + 5) / 2, 2 * (-2 + 4) / 2))


def test_shapley_values_of_a_sum_are_the_changes_of_its_terms():
    found = of_function(fsum, (1, 2, 3), (4, 1, 8))
    assert found.amounts == pytest.approx(of_sum((1, 2, 3), (4, 1, 8)))


def test_too_many_factors_are_refused():
    with pytest.raises(ValueError, match="too many"):
        of_function(prod, [1.0] * 13, [-1.0] * 13)


ANYTHING = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 5.0]),
    st.floats(1e-3, 1e4),
    st.floats(-1e4, -1e-3),
)
PAIRS = st.lists(st.tuples(ANYTHING, ANYTHING), min_size=1, max_size=4)


@given(PAIRS)
def test_the_parts_of_a_product_add_up_to_its_change(pairs):
    before, now = [one for one, _ in pairs], [one for _, one in pairs]
    found = of_product(before, now)
    # Parts of either sign may be far larger than what is left of them.
    size = 1 + max(map(abs, found.amounts))
    assert fsum(found.amounts) == pytest.approx(prod(now) - prod(before), rel=1e-9, abs=1e-9 * size)


@given(PAIRS)
def test_told_backwards_each_part_has_the_other_sign(pairs):
    before, now = [one for one, _ in pairs], [one for _, one in pairs]
    there, back = of_product(before, now).amounts, of_product(now, before).amounts
    scale = 1 + max(map(abs, (*there, prod(before), prod(now))))
    assert [-one for one in back] == pytest.approx(list(there), rel=1e-7, abs=1e-7 * scale)


@given(PAIRS)
def test_a_factor_that_did_not_move_has_no_part(pairs):
    before, now = [7.0, *(one for one, _ in pairs)], [7.0, *(one for _, one in pairs)]
    found = of_product(before, now)
    scale = abs(prod(now)) + abs(prod(before)) + 1
    assert abs(found.amounts[0]) <= 1e-9 * scale


COUNT = st.integers(0, 40)
SEGMENTS = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(COUNT, COUNT, COUNT).map(sorted), max_size=6
)


def _segments(counts):
    """Return a funnel of three steps by segment: all, of them fitting, of them converted."""
    return {
        key: Segment(
            float(under),
            (fit / under if under else None, over / fit if fit else (None if not under else 0.0)),
        )
        for key, (over, fit, under) in counts.items()
    }


@given(SEGMENTS, SEGMENTS)
def test_rates_and_mix_add_up_to_the_change_of_the_ratio(before, now):
    unders = [sum(under for _, _, under in one.values()) for one in (before, now)]
    if not all(unders):
        with pytest.raises(ValueError, match="without a lower part"):
            of_segments(_segments(before), _segments(now))
        return
    overs = [sum(over for over, _, _ in one.values()) for one in (before, now)]
    found = of_segments(_segments(before), _segments(now))
    told = fsum(part for one in found.values() for part in (*one.rates, one.mix))
    assert told == pytest.approx(overs[1] / unders[1] - overs[0] / unders[0], abs=1e-12)


def test_mix_alone_moves_a_ratio_whose_rates_all_stood_still():
    before = {"events": Segment(50, (0.4,)), "paid": Segment(50, (0.1,))}
    now = {"events": Segment(20, (0.4,)), "paid": Segment(80, (0.1,))}
    found = of_segments(before, now)
    assert all(one.rates == pytest.approx((0.0,)) for one in found.values())
    assert sum(one.mix for one in found.values()) == pytest.approx(0.16 - 0.25)


def test_a_change_of_mix_among_equal_rates_moves_nothing():
    before = {"events": Segment(50, (0.2,)), "paid": Segment(50, (0.2,))}
    now = {"events": Segment(20, (0.2,)), "paid": Segment(80, (0.2,))}
    assert sum(one.mix for one in of_segments(before, now).values()) == pytest.approx(0)


def test_a_segment_that_is_new_is_mix():
    before = {"events": Segment(50, (0.2,))}
    now = {"events": Segment(50, (0.2,)), "fair": Segment(50, (0.4,))}
    found = of_segments(before, now)
    assert found["fair"].rates == pytest.approx((0.0,))
    assert found["fair"].mix == pytest.approx(0.2)
    assert found["events"].mix == pytest.approx(-0.1)


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=8),
    st.integers(-2, 3),
)
def test_rounded_parts_add_up_to_the_rounded_total(amounts, digits):
    total = fsum(amounts)
    shown = rounded(amounts, total, digits)
    step = 10.0**-digits
    assert fsum(shown) == pytest.approx(round(total / step) * step, abs=1e-6 * step)
    assert all(abs(one - part) <= step * 1.001 for one, part in zip(amounts, shown, strict=True))


def test_the_largest_remainders_take_what_is_left():
    assert rounded((-1.14, -1.56, -0.34), -3.04, 1) == pytest.approx((-1.1, -1.6, -0.3))
    assert rounded((1 / 3, 1 / 3, 1 / 3), 1.0, 1) == pytest.approx((0.4, 0.3, 0.3))
    assert rounded((), 0.0, 1) == ()
