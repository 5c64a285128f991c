"""The score: 100 less what the findings cost, never below 0, and what mending gives back."""

import itertools

import pytest

from kpi_engine.framework.check import FULL, RULES, check
from tests.framework_check.sound import DATA, changed, sound, with_members
from tests.framework_check.test_every_rule import SPOILED


def nobody(*_):
    """No finding is waived."""
    return False


def test_all_that_rules_can_cost_together_is_the_whole_score():
    assert sum(one.most for one in RULES) == FULL


def test_ids_are_given_once_and_begin_with_the_letter_of_their_family():
    ids = [one.id for one in RULES]
    assert len(set(ids)) == len(ids)
    assert all(one[0] in "BCGFDVN" and one[1:].isdigit() for one in ids)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(sorted(SPOILED), 2))[::7])
def test_points_of_the_findings_and_the_score_make_the_whole(one, other):
    found = check(SPOILED[other](SPOILED[one](sound())), nobody)
    assert found.score + sum(each.points for each in found.found) == pytest.approx(FULL)
    assert 0 <= found.score <= FULL


def test_a_rule_costs_no_more_than_its_most_however_much_it_finds():
    framework = sound()
    members = [
        changed(framework, one.kpi.key, keeper=None).member(one.kpi.key)
        for one in framework.members
    ]
    found = check(with_members(framework, members), nobody)
    assert sum(each.points for each in found.found if each.rule.id == "F05") == pytest.approx(6)
    assert found.score == 94


def test_a_waiver_takes_a_finding_off_the_list_and_leaves_its_points_off_the_score():
    spoiled = changed(sound(), DATA, keeper=None)
    found = check(spoiled, lambda *place: place == ("F05", DATA))
    assert (found.score, found.possible) == (98, 98)
    assert found.open == ()
    assert [each.rule.id for each in found.waived] == ["F05"]


def test_errors_come_before_warnings_and_hints():
    told = changed(changed(sound(), DATA, viewers=0), DATA, keeper=None, has_target=False)
    severities = [one.rule.severity.value for one in check(told, nobody).found]
    assert severities == ["error", "warning", "hint"]
