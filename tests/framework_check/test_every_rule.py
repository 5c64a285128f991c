"""Each rule fires on what it is for, and on nothing in a framework that is sound."""

from dataclasses import replace
from datetime import date

import pytest

from kpi_engine.definitions.described import Better, KpiClass, Stage
from kpi_engine.definitions.kinds import Aggregate, KpiRef, Ratio
from kpi_engine.definitions.takes import Take
from kpi_engine.framework.check import RULES, check
from kpi_engine.framework.described import JOURNEY, Aim, Keeper, Split, Usual
from kpi_engine.periods import Grain
from kpi_engine.units import Unit
from tests.framework_check.sound import (
    DATA,
    a_kpi,
    a_member,
    changed,
    key_of,
    sound,
    with_members,
    with_more,
    without,
)

SALES_ACTIVITY = key_of(Stage.SALES, KpiClass.ACTIVITY)
SALES_QUALITY = key_of(Stage.SALES, KpiClass.QUALITY)
SALES_OUTCOME = key_of(Stage.SALES, KpiClass.OUTCOME)
COUNT = Aggregate(entity="lead", take=Take.COUNT)


def _fired(framework):
    return {one.rule.id for one in check(framework, lambda *_: False).found}


def _faults(framework, rule):
    found = check(framework, lambda *_: False).found
    return [one.fault for one in found if one.rule.id == rule]


def _of_class(framework, kpi_class, count):
    more = [
        a_member(a_kpi(f"more_{at}", kpi_class, drives=(SALES_OUTCOME,))) for at in range(count)
    ]
    return with_more(framework, *more)


def _without_class(framework, kpi_class):
    return without(framework, *(one.kpi.key for one in framework.of_class(kpi_class)))


def _one_owner(framework):
    members = [replace(one, keeper=Keeper("Everybody's")) for one in framework.members]
    return with_members(framework, members)


def _ratio(over, under):
    return Ratio(Aggregate(entity=over, take=Take.SUM), Aggregate(entity=under, take=Take.SUM))


def _two_ratios(framework):
    first = changed(framework, SALES_QUALITY, kpi_measure=_ratio("a", "b"))
    return changed(first, key_of(Stage.SERVICE, KpiClass.QUALITY), kpi_measure=_ratio("b", "a"))


def _of_others(framework):
    """The outcome of sales is made of a KPI that service answers for."""
    part = KpiRef(key_of(Stage.SERVICE, KpiClass.OUTCOME))
    return changed(framework, SALES_OUTCOME, kpi_measure=Ratio(part, COUNT))


def _flattering(framework):
    rising = tuple(float(number) for number in range(25))
    return changed(
        framework,
        SALES_ACTIVITY,
        kpi_measure=COUNT,
        kpi_unit=Unit.COUNT,
        history=rising,
        statuses=("good",) * 6,
        actions=0,
    )


def _too_fine(framework):
    share = Ratio(COUNT, Aggregate(entity="account", take=Take.COUNT))
    weeks, months = Usual(Grain.WEEK, 0.57, 14), Usual(Grain.MONTH, 0.57, 400)
    return changed(
        framework,
        SALES_QUALITY,
        kpi_measure=share,
        kpi_unit=Unit.RATIO,
        kpi_cadence=Grain.WEEK,
        usual=(weeks, months),
        aim=Aim(0.58, Grain.MONTH, 0.522),
    )


SPOILED = {
    "B11": lambda told: _without_class(told, KpiClass.ACTIVITY),
    "B12": lambda told: _of_class(told, KpiClass.QUALITY, 20),
    "B14": lambda told: _of_class(told, KpiClass.ACTIVITY, 6),
    "B15": _one_owner,
    "B16": lambda told: _of_class(told, KpiClass.QUALITY, 9),
    "C20": lambda told: without(told, *(key_of(Stage.SERVICE, each) for each in KpiClass)),
    "C21": lambda told: without(
        told,
        key_of(Stage.RETENTION, KpiClass.ACTIVITY),
        key_of(Stage.RETENTION, KpiClass.QUALITY),
    ),
    "C22": lambda told: without(told, SALES_ACTIVITY),
    "C23": lambda told: without(told, DATA),
    "G31": lambda told: replace(told, goals=(replace(told.goals[0], kpis=(SALES_QUALITY,)),)),
    "G32": lambda told: replace(told, goals=(replace(told.goals[0], kpis=(SALES_OUTCOME,)),)),
    "G33": lambda told: replace(told, goals=(replace(told.goals[0], owner=""),)),
    "F01": lambda told: changed(told, DATA, kpi_drives=()),
    "F02": lambda told: changed(told, DATA, kpi_question="The data"),
    "F04": lambda told: changed(told, DATA, has_target=False),
    "F05": lambda told: changed(told, DATA, keeper=None),
    "F06": lambda told: changed(told, DATA, statuses=("good", "bad", "bad", "bad"), actions=0),
    "F07": lambda told: changed(told, DATA, keeper=Keeper("Pia Holm", active=False)),
    "F08": _of_others,
    "F09": lambda told: changed(told, DATA, split=Split(("Ann", "Bob"), waiting=("Bob",))),
    "D51": lambda told: changed(told, DATA, fingerprint=f"print of {SALES_QUALITY}"),
    "D52": _two_ratios,
    "D53": lambda told: changed(told, DATA, kpi_measure=Ratio(_ratio("a", "b"), _ratio("c", "d"))),
    "D54": lambda told: changed(told, SALES_ACTIVITY, kpi_guardrails=()),
    "V31": _flattering,
    "V34": lambda told: changed(told, DATA, viewers=0),
    "N42": _too_fine,
}


def test_nothing_is_wrong_with_a_sound_framework():
    found = check(sound(), lambda *_: False)
    assert [(one.rule.id, one.fault.title) for one in found.found] == []
    assert (found.score, found.possible) == (100, 100)


@pytest.mark.parametrize("rule", [one.id for one in RULES])
def test_a_rule_fires_on_what_it_is_for_and_costs_points(rule):
    spoiled = SPOILED[rule](sound())
    assert rule in _fired(spoiled)
    assert check(spoiled, lambda *_: False).score < 100


def test_every_rule_is_tried():
    assert set(SPOILED) == {one.id for one in RULES}
    assert len(RULES) >= 20


@pytest.mark.parametrize("rule", [one.id for one in RULES])
def test_a_finding_says_why_and_how_it_is_mended(rule):
    for fault in _faults(SPOILED[rule](sound()), rule):
        assert fault.title
        assert fault.reason.endswith(".")
        assert fault.fix


def test_a_class_over_60_per_cent_is_told_once_and_not_as_outside_the_band_too():
    spoiled = _of_class(sound(), KpiClass.QUALITY, 20)
    quality = [one for one in _faults(spoiled, "B14") if one.place == "quality"]
    assert len(_faults(spoiled, "B12")) == 1
    assert quality == []


def test_shares_of_a_handful_of_kpis_say_nothing():
    few = sound()
    kept = [one for one in few.members if one.kpi.stage is Stage.SALES]
    assert {"B12", "B14"} & _fired(with_members(few, kept)) == set()


def test_a_stage_that_nothing_measures_is_one_gap_and_not_three():
    spoiled = without(sound(), *(key_of(Stage.SERVICE, each) for each in KpiClass))
    assert _faults(spoiled, "C22") == []
    assert len(_faults(spoiled, "C20")) == 1


def test_a_gap_names_the_kpi_that_would_fill_it_if_the_data_gives_it_a_number():
    spoiled = without(sound(), SALES_ACTIVITY)
    assert _faults(spoiled, "C22")[0].fix == "Adopt Sales activity"
    unmeasured = replace(
        spoiled, offers=tuple(replace(one, measured=False) for one in spoiled.offers)
    )
    assert "no number yet" in _faults(unmeasured, "C22")[0].fix
    assert _faults(replace(spoiled, offers=()), "C22")[0].towards is None


def test_retention_with_a_leading_kpi_warns_in_time():
    kept = without(sound(), key_of(Stage.RETENTION, KpiClass.ACTIVITY))
    assert "C21" not in _fired(kept)


def test_an_owner_who_left_is_told_with_the_day_unless_somebody_stands_in():
    gone = Keeper("Pia Holm", active=False, left_on=date(2026, 10, 12))
    assert _faults(changed(sound(), DATA, keeper=gone), "F07")[0].reason == (
        "Pia Holm left on 12 October 2026 and nobody stands in."
    )
    covered = replace(gone, cover="Ann")
    assert "F07" not in _fired(changed(sound(), DATA, keeper=covered))


def test_a_driver_of_a_driver_serves_the_goal_too():
    far = a_member(a_kpi("calls", drives=(SALES_ACTIVITY,)))
    assert "F01" not in _fired(with_more(sound(), far))


def test_a_number_that_adds_up_the_records_of_a_goals_kpi_serves_the_goal():
    records = Aggregate(entity=SALES_OUTCOME, take=Take.COUNT)
    assert "F01" not in _fired(with_more(sound(), a_member(a_kpi("deals", measure=records))))


def test_two_months_off_target_ask_for_no_action_and_an_action_answers_three():
    two = changed(sound(), DATA, statuses=("bad", "bad"), actions=0)
    acted = changed(sound(), DATA, statuses=("bad",) * 5, actions=1)
    assert "F06" not in _fired(two) | _fired(acted)


def test_a_kpi_made_by_others_is_fine_once_it_has_a_split():
    shared = changed(_of_others(sound()), SALES_OUTCOME, split=Split(("Ann", "Bob")))
    assert "F08" not in _fired(shared)


def test_a_guardrail_guards_only_once_it_is_adopted():
    spoiled = without(sound(), SALES_QUALITY)
    assert [one.kpi for one in _faults(spoiled, "D54")] == [SALES_ACTIVITY]
    assert _faults(spoiled, "D54")[0].fix == "Adopt Sales quality as its guardrail"


def test_less_of_it_being_better_needs_no_guardrail():
    spoiled = changed(sound(), SALES_ACTIVITY, kpi_guardrails=(), kpi_better=Better.LOWER)
    assert "D54" not in _fired(spoiled)


def test_a_kpi_that_nobody_could_look_at_for_so_long_is_not_told_as_unseen():
    assert "V34" not in _fired(changed(sound(), DATA, viewers=None))


def test_the_stages_of_the_journey_and_the_service_are_all_covered():
    assert set(JOURNEY) == set(Stage) - {Stage.DATA_QUALITY}
