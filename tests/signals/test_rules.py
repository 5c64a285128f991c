"""What is told of a series and what is not: statuses with hysteresis, signals, pace."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.definitions.described import Better
from kpi_engine.statistics import xmr
from kpi_engine.statistics.xmr import Sign
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.services import signal_rules
from portal.services.signal_rules import CLEAR, HOLD, HOLD_AGAIN, Rated, Verdict, noticed, turns
from portal.services.statuses import GOAL_SCORE, RED_SCORE


def rated(score, *, sure=True):
    """Return how a score is judged, as `statuses.judge` does."""
    if score >= GOAL_SCORE:
        return Rated(Tone.GOOD, score, sure)
    return Rated(Tone.WATCH if score >= RED_SCORE else Tone.BAD, score, sure)


GOOD, NEAR, BAD = rated(GOAL_SCORE + 0.5), rated(GOAL_SCORE - 0.5), rated(1.0)


def told(*series):
    return [(turn.index, turn.before, turn.now) for turn in turns(series)]


@given(
    edge=st.sampled_from([GOAL_SCORE, RED_SCORE]),
    runs=st.lists(st.integers(1, HOLD_AGAIN - 1), max_size=40),
    jitter=st.lists(st.floats(0.001, CLEAR - 0.001), min_size=160, max_size=160),
    above=st.booleans(),
)
def test_a_number_that_flaps_about_a_threshold_is_told_at_most_once(edge, runs, jitter, above):
    series, sizes = [], iter(jitter)
    for run in runs:
        series += [rated(edge + (next(sizes) if above else -next(sizes))) for _ in range(run)]
        above = not above
    assert len(turns(series)) <= 1


@given(st.lists(st.one_of(st.none(), st.floats(0, 10)), max_size=60))
def test_a_change_that_is_told_leads_from_what_was_told_to_something_else(scores):
    series = [None if score is None else rated(score) for score in scores]
    found = turns(series)
    assert all(turn.before is not turn.now for turn in found)
    assert all(one.now is other.before for one, other in pairwise(found))
    assert all(series[turn.index].tone is turn.now for turn in found)


@given(st.lists(st.one_of(st.none(), st.floats(0, 10)), max_size=40), st.floats(0, 10))
def test_what_comes_later_changes_nothing_of_what_was_told(scores, later):
    series = [None if score is None else rated(score) for score in scores]
    assert turns([*series, rated(later)])[: len(turns(series))] == turns(series)


def test_a_clear_crossing_is_told_at_once_for_worse_and_for_better():
    assert told(GOOD, BAD) == [(1, Tone.GOOD, Tone.BAD)]
    assert told(BAD, GOOD) == [(1, Tone.BAD, Tone.GOOD)]
    assert [turn.better for turn in turns([GOOD, BAD, GOOD])] == [False, True]


def test_a_small_crossing_is_told_when_it_holds():
    assert told(GOOD, NEAR) == []
    assert told(GOOD, *[NEAR] * HOLD) == [(HOLD, Tone.GOOD, Tone.WATCH)]
    assert turns([GOOD, NEAR, NEAR])[0].held == HOLD


def test_the_way_back_has_to_hold_for_longer():
    out = [GOOD, *[NEAR] * HOLD]
    assert len(told(*out, *[GOOD] * (HOLD_AGAIN - 1))) == 1
    assert len(told(*out, *[GOOD] * HOLD_AGAIN)) == 2


def test_what_chance_may_have_done_is_told_only_when_it_holds():
    few = rated(1.0, sure=False)
    assert told(GOOD, few) == []
    assert told(GOOD, few, few) == [(2, Tone.GOOD, Tone.BAD)]


def test_a_period_without_a_judgement_neither_breaks_nor_lengthens_what_holds():
    assert told(GOOD, NEAR, None, NEAR) == [(3, Tone.GOOD, Tone.WATCH)]
    assert told(GOOD, NEAR, None, None) == []
    assert told(None, GOOD) == []


def test_two_steps_on_the_same_side_are_told_as_the_last_of_them():
    just_off = rated(RED_SCORE - 0.1, sure=False)
    near = rated(GOAL_SCORE - 0.1, sure=False)
    assert told(GOOD, near, just_off) == [(2, Tone.GOOD, Tone.BAD)]


USUAL = [10.0, 11.0, 9.0, 10.0, 11.0, 9.0, 10.0, 11.0, 9.0, 10.0]


def news(values, **bounds):
    before = sum(value is not None for value in values[:-1])
    return noticed(values, xmr.chart(values, baseline=before, **bounds))


def test_the_usual_up_and_down_is_no_signal():
    assert news([*USUAL, 10.5]) is None
    assert news([]) is None
    assert news([*USUAL, None]) is None


def test_a_point_beyond_the_limits_is_told_once():
    found = news([*USUAL, 30.0])
    assert found is not None
    assert (found.sign, found.high) == (Sign.ABOVE, True)
    # A second one beside it is no more than the first said.
    assert news([*USUAL, 30.0, 30.0]) is None


def test_a_point_that_reads_like_the_limit_is_no_signal():
    found = news([*USUAL, 100.0])
    width = found.upper - found.lower
    assert news([*USUAL, found.upper + 0.01 * width]) is None
    assert news([*USUAL, found.upper + 0.03 * width]) is not None


def test_a_run_is_told_when_its_eighth_point_makes_it_one():
    run = [*USUAL, *[10.2] * 7]
    assert news(run) is None
    eighth = news([*run, 10.2])
    assert eighth is not None
    assert eighth.run
    assert news([*run, 10.2, 10.2]) is None


def test_whether_a_signal_is_good_news_depends_on_which_way_is_good():
    high = news([*USUAL, 30.0])
    assert high.verdict(Better.HIGHER) is Verdict.GOOD
    assert high.verdict(Better.LOWER) is Verdict.BAD
    assert high.verdict(Better.RANGE) is Verdict.NEITHER


def test_a_count_is_off_its_goal_only_beyond_the_spread_of_counts():
    assert not signal_rules.is_sure(4, 5, Unit.COUNT, 4)
    assert signal_rules.is_sure(60, 100, Unit.COUNT, 60)


def test_a_share_of_few_is_no_sure_thing():
    assert not signal_rules.is_sure(0.5, 0.6, Unit.RATIO, 12)
    assert signal_rules.is_sure(0.5, 0.6, Unit.RATIO, 1200)
    assert signal_rules.is_sure(70.0, 60.0, Unit.DAYS, 3)


def test_a_target_is_at_risk_by_what_was_needed_some_days_ago():
    assert signal_rules.stays_at_risk(40, 60, Better.HIGHER)
    assert not signal_rules.stays_at_risk(55, 60, Better.HIGHER)
    assert not signal_rules.stays_at_risk(0, 0, Better.HIGHER)
    assert signal_rules.stays_at_risk(9, 6, Better.LOWER)
    assert not signal_rules.stays_at_risk(6, 6, Better.LOWER)
    assert not signal_rules.stays_at_risk(9, 6, Better.RANGE)
