"""What makes a number a suspect: signs that are evidence, and never one of them alone."""

import random

import pytest

from kpi_engine.definitions.described import Better, KpiClass, Stage
from kpi_engine.definitions.kinds import Aggregate, Ratio
from kpi_engine.definitions.takes import Take
from kpi_engine.framework.vanity import evidence
from tests.framework_check.sound import changed, key_of, sound

ACTIVITY = key_of(Stage.SALES, KpiClass.ACTIVITY)
OUTCOME = key_of(Stage.SALES, KpiClass.OUTCOME)
COUNT = Aggregate(entity="lead", take=Take.COUNT)
RISING = tuple(float(number) for number in range(25))


def _of(**said):
    told = {
        "kpi_measure": COUNT,
        "history": RISING,
        "statuses": ("good",) * 6,
        "actions": 0,
        **said,
    }
    framework = changed(sound(), ACTIVITY, **told)
    return evidence(framework.member(ACTIVITY), framework)


def test_a_count_that_only_rises_and_that_nobody_acts_on_is_a_suspect():
    found = _of()
    assert found.suspect
    assert found.signs == (
        "it never fell in 24 months",
        "its status was the same for 4 months",
        "no action was ever taken on it",
        "no relation to Sales outcome is shown: under 12 months to compare",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"kpi_measure": Ratio(COUNT, COUNT)},
        {"kpi_better": Better.LOWER},
        {"goals": ("growth",)},
        {"actions": 2, "statuses": ("good", "watch", "good", "good")},
        {"actions": 2, "history": (*RISING[:-1], 1.0)},
    ],
)
def test_a_rate_or_what_is_wanted_or_acted_on_is_none(said):
    assert not _of(**said).suspect


def test_a_rise_over_less_than_a_year_says_nothing():
    assert _of(history=RISING[:12]).rises == ""
    assert _of(history=RISING[:13]).rises == "it never fell in 12 months"


def test_a_number_that_stands_still_does_not_rise():
    assert _of(history=(5.0,) * 25).rises == ""


def test_an_outcome_that_follows_is_told_with_its_number_of_months_and_interval():
    dice = random.Random(5)
    cause = tuple(dice.gauss(100, 10) for _ in range(30))
    later = (100.0, *cause[:-1])
    framework = changed(sound(), ACTIVITY, kpi_measure=COUNT, history=cause)
    framework = changed(framework, OUTCOME, history=later)
    found = evidence(framework.member(ACTIVITY), framework)
    assert (found.relation.lag, found.relation.n, found.unrelated) == (1, 28, "")


def test_what_is_not_shown_says_how_far_it_was_looked_at():
    dice = random.Random(6)
    noise = [tuple(dice.gauss(100, 10) for _ in range(30)) for _ in range(2)]
    framework = changed(sound(), ACTIVITY, kpi_measure=COUNT, history=noise[0])
    framework = changed(framework, OUTCOME, history=noise[1])
    told = evidence(framework.member(ACTIVITY), framework).unrelated
    assert told.startswith("no shown relation to Sales outcome (best after ")
    assert ", n 2" in told
