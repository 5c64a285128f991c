"""Goals and stages are judged by what has a score, and say what they stand on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.described import Stage
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from portal.services import attainment, departments, framework, journey_map, statuses
from portal.services.goal_scores import Weighed, roll_up
from portal.services.numbers import Point
from portal.services.standings import Standing, ripe, usual
from portal.services.statuses import Judged
from portal.services.targets import Target
from portal.services.weak_stage import none_weak

KPIS = shipped_catalogue()
CALENDAR = Calendar()


def test_every_goal_of_the_default_framework_has_kpis_that_ship_and_weights_of_100():
    assert [goal.name for goal in framework.DEFAULT] == [
        *("Faster growth", "Retention", "Customer lifetime value")
    ]
    for goal in framework.goals(KPIS):
        assert sum(one.weight for one in goal.supports) == 100
        assert {one.kpi for one in goal.supports} <= set(KPIS)


def test_no_kpi_serves_two_goals():
    keys = [one.kpi for goal in framework.DEFAULT for one in goal.supports]
    assert len(keys) == len(set(keys))


def test_what_the_map_and_the_departments_name_ships():
    named = {leg.volume for leg in journey_map.LEGS} | set(journey_map.SERVICE)
    named |= {one.kpi for one in journey_map.PASSAGES}
    named |= {key for leg in journey_map.LEGS for _, keys in leg.faces for key in keys}
    for plan in departments.PLANS.values():
        named |= set(plan.cards) | {one.kpi for one in plan.trends}
        named |= {key for table in plan.tables for key, _ in table.kpis}
    assert named <= set(KPIS)


def test_a_face_of_the_map_is_of_its_stage_and_class():
    for leg in journey_map.LEGS:
        for kpi_class, keys in leg.faces:
            assert {(KPIS[key].stage, KPIS[key].kpi_class) for key in keys} <= {
                (leg.stage, kpi_class)
            }


def test_a_department_home_has_at_most_seven_kpis_on_cards_and_trends():
    for plan in departments.PLANS.values():
        keys = {*plan.cards, *(one.kpi for one in plan.trends)}
        keys |= {one.beside for one in plan.trends if one.beside}
        assert len(keys) <= 7


def test_a_kpi_without_a_score_weighs_nothing_and_is_told():
    found = roll_up([Weighed(10.0, 30), Weighed(None, 20), Weighed(4.0, 10)])
    assert found.score == pytest.approx((10 * 30 + 4 * 10) / 40)
    assert found.standing == "2 of 3 KPIs, 67\u00a0% of the weight"
    assert roll_up([Weighed(None, 5)]).score is None


@given(st.lists(st.tuples(st.none() | st.floats(0, 10), st.integers(1, 100)), max_size=8))
def test_a_goals_score_lies_between_those_of_its_kpis(parts):
    found = roll_up(Weighed(score, weight) for score, weight in parts)
    scores = [score for score, _ in parts if score is not None]
    weighed = sum(weight for score, weight in parts if score is not None)
    if 2 * weighed > sum(weight for _, weight in parts):
        assert min(scores) - 1e-9 <= found.score <= max(scores) + 1e-9
    else:
        assert found.score is None


def standing(key: str, values: list[float | None], goal: float | None, n: int = 50) -> Standing:
    kpi = KPIS.kpi(key)
    period = CALENDAR.holding(date(2026, 10, 1), Grain.MONTH)
    points = []
    for value in reversed(values):
        state = State.FINAL if value is not None else State.IMMATURE
        reason = None if value is not None else "the cohort's window has not passed"
        reading = Reading(value, state, reason, n)
        points.append(Point(period, reading, "0" * 12, 1, restated=False, first=value))
        period = CALENDAR.previous(period)
    points.reverse()
    target = None if goal is None else Target(goal)
    judged = tuple(statuses.judge(kpi, point.reading, target) for point in points)
    return Standing(kpi, tuple(points), tuple(target for _ in points), judged)


def test_a_stage_is_the_mean_of_what_its_kpis_attain():
    found = [standing("win_rate", [0.2, 0.25], 0.25), standing("won_deals", [5, 9], 10)]
    assert attainment.of_stage(found, Stage.SALES).share == pytest.approx(0.95)
    assert attainment.of_stage(found, Stage.SERVICE).share is None


def test_too_few_records_say_nothing_of_a_stage():
    found = [standing("win_rate", [0.2, 0.0], 0.25, n=3)]
    assert found[0].judged[-1].attained is not None
    assert attainment.of_stage(found, Stage.SALES).share is None


def test_only_a_stage_that_misses_its_targets_is_weak():
    good, bad = attainment.Attainment(1.02, 3), attainment.Attainment(0.9, 2)
    none = attainment.Attainment(None, 0)
    assert attainment.weakest({Stage.SALES: good, Stage.RETENTION: none}) is None
    assert attainment.weakest({Stage.SALES: good, Stage.RETENTION: bad}) is Stage.RETENTION
    assert attainment.weakest({}) is None


def test_of_stages_without_targets_nothing_is_said():
    good, none = attainment.Attainment(1.02, 3), attainment.Attainment(None, 0)
    every = "Every stage meets its targets on the whole; none is weak."
    assert none_weak([good, good], whole=True) == every
    told = none_weak([good, none, none], whole=True)
    assert told.startswith("1 of 3 stages has targets, and meets them")
    assert "no stage can be told to be weak" in none_weak([none], whole=True)
    assert "whose role sees all KPIs" in none_weak([good], whole=False)


def test_a_row_of_weak_months_is_counted_back_from_the_last():
    found = [
        standing("win_rate", [0.1, 0.3, 0.1, 0.1], 0.2),
        standing("csat", [0.9, 0.9, 0.9, 0.9], 0.9),
    ]
    assert attainment.run(found, [Stage.SALES, Stage.SERVICE], Stage.SALES, 12) == 2


def test_a_cohort_is_told_by_its_last_ripe_month():
    late = standing("qualification_rate", [0.3, 0.4, None], None)
    assert ripe(late).now.value == 0.4
    assert ripe(late).points[-1].period.label == "2026-09"
    never = standing("qualification_rate", [None, None], None)
    assert ripe(never) is never


def test_a_usual_range_needs_enough_months_and_never_leaves_what_is_possible():
    few = standing("win_rate", [0.3] * 5, None)
    assert usual(few.points, few.kpi) is None
    swings = standing("win_rate", [0.1, 0.9] * 6 + [0.5], None)
    found = usual(swings.points, swings.kpi)
    assert found is not None
    assert (found.low, found.high) == (0.0, 1.0)


def test_what_carries_over_and_grows_is_held_against_what_usually_follows():
    months = [700.0, 730, 764, 790, 821, 850, 885, 912, 942, 975, 1000, 1030]
    grown = standing("mrr", [*months, 1062], None)
    found = usual(grown.points, grown.kpi)
    assert found.moving
    assert 1030 < found.low < 1062 < found.high < 1100
    stalled = standing("mrr", [*months, 1031], None)
    assert stalled.now.value < usual(stalled.points, stalled.kpi).low
    # A count of each period's own has a level, however it grows.
    counted = standing("won_deals", [*months, 1062], None)
    assert not usual(counted.points, counted.kpi).moving
    assert usual(counted.points, counted.kpi).high < 1062


@pytest.mark.parametrize(
    ("name", "department"),
    [
        ("Marketing", "marketing"),
        ("Customer Success EMEA", "success"),
        ("Technical-Support", "service"),
        ("DACH", ""),
        ("", ""),
    ],
)
def test_a_teams_name_says_its_department(name, department):
    assert departments.of_team(name) == department


def test_a_judged_number_of_the_map_is_one_of_the_statuses():
    assert isinstance(standing("win_rate", [0.2], 0.2).judged[0], Judged)
