"""How good a number is: one rounding, thresholds, scores, heat, and what is never judged."""

import random

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.described import Better
from kpi_engine.reading import Reading, State
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import statuses
from portal.services.statuses import judge, rounded
from portal.services.targets import Target

CATALOGUE = shipped_catalogue()
HIGHER, LOWER = CATALOGUE.kpi("won_deals"), CATALOGUE.kpi("sales_cycle_mean_days")
RATE, MONEY = CATALOGUE.kpi("win_rate"), CATALOGUE.kpi("won_revenue")
RANGE = next(kpi for kpi in map(CATALOGUE.kpi, CATALOGUE) if kpi.better is Better.RANGE)


def final(value, n=100, state=State.FINAL):
    return Reading(value, state, None, n)


def test_the_kpis_of_these_tests_are_as_they_are_taken_for():
    assert (HIGHER.better, HIGHER.unit) == (Better.HIGHER, Unit.COUNT)
    assert (LOWER.better, LOWER.unit) == (Better.LOWER, Unit.DAYS)
    assert (RATE.unit, MONEY.unit) == (Unit.RATIO, Unit.MONEY)


@pytest.mark.parametrize(
    ("kpi", "value", "target"),
    [
        (LOWER, 3.5, 3.5),
        (LOWER, 3.54, 3.5),
        (LOWER, 3.5, 3.46),
        (LOWER, 66.4, 66),
        (RATE, 0.2256, 0.226),
        (RATE, 0.1 + 0.2, 0.3),
        (MONEY, 4_598_000, 4_600_000),
        (MONEY, 45_600, 46_000),
        (MONEY, 999_996_000, 1_000_000_000),
    ],
)
def test_what_reads_the_same_as_its_target_is_on_target(kpi, value, target):
    formats = Formats()
    assert formats.short(value, kpi.unit) == formats.short(target, kpi.unit)
    found = judge(kpi, final(value), Target(target))
    assert found.status == statuses.ON_TARGET
    assert found.attained == pytest.approx(1)
    assert found.level == 3
    assert found.score == pytest.approx(statuses.GOAL_SCORE)


@pytest.mark.parametrize("unit", list(Unit))
def test_the_one_rounding_is_that_of_what_is_read(unit):
    formats, chance = Formats(), random.Random(7)
    for _ in range(2000):
        value = chance.uniform(-1, 1) * 10 ** chance.uniform(-3, 10)
        near = value * chance.choice([1, 1.0001, 1.001, 0.999])
        same = formats.short(value, unit) == formats.short(near, unit)
        assert same == (rounded(value, unit) == rounded(near, unit)), (value, near)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(100, "On target"), (120, "On target"), (99, "Watch"), (90, "Watch"), (89, "Off target")],
)
def test_higher_is_better(value, expected):
    assert judge(HIGHER, final(value), Target(100)).status.word == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(60, "On target"), (12, "On target"), (61, "Watch"), (66, "Watch"), (67, "Off target")],
)
def test_lower_is_better(value, expected):
    assert judge(LOWER, final(value), Target(60)).status.word == expected


def test_thresholds_of_ones_own_are_kept_to():
    target = Target(100, amber=95, red=70)
    told = [judge(HIGHER, final(value), target).status.word for value in (95, 94, 70, 69)]
    assert told == ["On target", "Watch", "Watch", "Off target"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (0.5, "On target"),
        (0.0, "On target"),
        (1.0, "On target"),
        (1.05, "Watch"),
        (1.5, "Off target"),
        (-0.5, "Off target"),
    ],
)
def test_in_range_is_better(inside, expected):
    low, high = 10.0, 20.0
    value = low + inside * (high - low)
    assert judge(RANGE, final(value), Target(None, low, high, red=2.0)).status.word == expected


@pytest.mark.parametrize(
    ("value", "score"),
    [(100, 20 / 3), (90, 10 / 3), (95, 5), (110, 10), (200, 10), (80, 0), (10, 0)],
)
def test_the_score_is_two_thirds_at_the_goal_and_one_third_at_the_red_flag(value, score):
    assert judge(HIGHER, final(value), Target(100)).score == pytest.approx(score)


@pytest.mark.parametrize("value", [0, 50, 89, 90, 95, 99.9, 100, 105, 150])
def test_score_and_status_say_the_same(value):
    found = judge(HIGHER, final(value), Target(100))
    assert statuses.status_of_score(found.score) == found.status


@pytest.mark.parametrize(
    ("value", "level"),
    [(89, 0), (90, 1), (94, 1), (95, 2), (99, 2), (100, 3), (105, 3), (106, 4)],
)
def test_heat_follows_the_share_that_is_attained(value, level):
    assert judge(HIGHER, final(value), Target(100)).level == level


def test_the_share_of_a_lower_target_is_turned_round():
    assert judge(LOWER, final(80), Target(60)).attained == pytest.approx(0.75)


def test_none_at_all_of_what_should_be_little_has_the_best_heat():
    none, little = (judge(LOWER, final(value), Target(5.0)).level for value in (0.0, 0.8))
    assert none == little == 4


def test_a_target_of_0_is_met_or_missed():
    assert judge(LOWER, final(0.0), Target(0.0)).status.word == "On target"
    found = judge(LOWER, final(5.0), Target(0.0))
    assert (found.status.word, found.level, found.score) == ("Off target", 0, 0.0)


def test_an_open_period_gets_no_status_and_no_score():
    found = judge(HIGHER, final(300, state=State.SO_FAR), Target(100))
    assert (found.status, found.score, found.level) == (statuses.SO_FAR, None, None)
    assert found.attained == 3


@pytest.mark.parametrize(
    ("state", "expected"),
    [(State.ABSENT, "No data"), (State.IMMATURE, "Immature"), (State.WITHHELD, "Withheld")],
)
def test_what_has_no_number_says_so_and_is_neither_good_nor_bad(state, expected):
    found = judge(HIGHER, Reading(None, state, "a reason", 0), Target(100))
    assert (found.status.word, found.status.tone) == (expected, Tone.NEUTRAL)
    assert (found.score, found.attained, found.level) == (None, None, None)


def test_a_rate_of_few_records_is_not_judged():
    assert judge(RATE, final(0.1, n=9), Target(0.3)).status == statuses.TOO_FEW
    assert judge(RATE, final(0.1, n=10), Target(0.3)).status == statuses.OFF_TARGET
    # A count or a sum is what it is, however few there are.
    assert judge(HIGHER, final(3, n=3), Target(100)).status == statuses.OFF_TARGET


def test_without_a_target_there_is_a_number_and_no_verdict():
    assert judge(HIGHER, final(3), None).status == statuses.NO_TARGET


def test_a_roll_up_weighs_and_leaves_out_what_is_missing():
    assert statuses.roll_up([(9.0, 3), (5.0, 1), (None, 10)]) == pytest.approx(8)
    assert statuses.roll_up([(None, 1)]) is None
    assert statuses.roll_up([]) is None
