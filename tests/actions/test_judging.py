"""Verdicts: what is judged when, against what, and when it is said that it cannot be told."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import select

from kpi_engine.periods import Calendar, Grain
from kpi_engine.statistics.effect import Form, Verdict, Way, Why
from portal.models import actions as questions
from portal.models.inbox import InboxItem
from portal.services import action_judging, effects
from portal.services.actions import Expected, Guardrail
from portal.services.effect_windows import first_check, first_shown
from portal.services.numbers import TENANT
from portal.workflow.action import Move
from tests.actions.house import DONE, EAST, LEADS, NORTH, NOW, SOUTH, WIN_RATE

AT_ONCE = Expected(Way.UP, 0.05, 0)


def numbers(many=36, step=0.0, after=5, seed=1, level=0.3):
    """Return months of a rate, with a step in the last of them."""
    draw = np.random.default_rng(seed)
    values = level + draw.normal(scale=0.01, size=many)
    values[many - after :] += step
    return [float(one) for one in values]


def judge(house, now=NOW):
    """Judge what is ripe, and return how many actions were."""
    with house.session() as session:
        return action_judging.judge_ripe(session, now)


def verdicts(house, action):
    with house.session() as session:
        return session.scalars(questions.verdicts_of(action)).all()


@pytest.mark.parametrize(
    ("way", "step", "verdict"),
    [
        (Way.UP, 0.1, Verdict.AS_EXPECTED),
        (Way.UP, -0.1, Verdict.WORSE),
        (Way.DOWN, -0.1, Verdict.AS_EXPECTED),
        (Way.DOWN, 0.1, Verdict.WORSE),
        (Way.UP, 0.0, Verdict.NOT_SHOWN),
    ],
)
def test_a_planted_effect_is_found_and_its_side_is_told(house, chief, way, step, verdict):
    house.observe(WIN_RATE, TENANT, numbers(step=step))
    made = house.done(chief, expected=Expected(way, 0.05, 0))
    assert judge(house) == 1
    card = house.card(chief, made)
    assert card.verdict is verdict
    estimate, low, high = card.measured
    assert low < estimate < high
    assert estimate == pytest.approx(step, abs=0.02)
    row = verdicts(house, made)[0]
    # Five months have closed; the look after three is the newest that is due.
    assert (row.n_before, row.n_after, row.until) == (24, 3, date(2026, 9, 1))
    assert (row.store_version, row.definition, row.judged_at) == (7, "d1", NOW)
    assert [one["part"] for one in row.points].count("after") == 3


def test_a_look_is_taken_once_and_the_next_when_enough_months_have_closed(house, chief):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1, after=1))
    made = house.done(chief, day=date(2026, 9, 30), expected=AT_ONCE)
    assert [judge(house), judge(house)] == [1, 0]
    assert [row.n_after for row in verdicts(house, made)] == [1]
    later = NOW.replace(year=2027, month=1, day=5)
    judge(house, later)
    assert [(row.seq, row.until) for row in verdicts(house, made)] == [
        (2, date(2027, 1, 1)),
        (1, date(2026, 11, 1)),
    ]


def test_before_a_month_that_shows_it_has_closed_there_is_no_verdict(house, chief):
    house.observe(WIN_RATE, TENANT, numbers())
    house.done(chief, day=date(2026, 10, 20), expected=AT_ONCE)
    house.done(chief, day=date(2026, 8, 31), expected=Expected(Way.UP, None, 60))
    assert judge(house) == 0


@pytest.mark.parametrize(
    ("shows_from", "month", "check"),
    [
        (date(2026, 8, 1), date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 8, 8), date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 8, 10), date(2026, 9, 1), date(2026, 10, 1)),
        (date(2026, 12, 28), date(2027, 1, 1), date(2027, 2, 1)),
    ],
)
def test_a_month_shows_an_action_if_most_of_it_comes_after(shows_from, month, check):
    assert first_shown(Calendar(), shows_from, Grain.MONTH).start == month
    assert first_check(Calendar(), shows_from, Grain.MONTH) == check


def test_two_actions_at_once_cannot_be_told_apart_and_both_are_named(house, chief):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    one = house.done(chief, expected=AT_ONCE, title="The one")
    other = house.done(chief, day=date(2026, 6, 20), expected=AT_ONCE, title="The other")
    judge(house)
    for made, named in ((one, "The other"), (other, "The one")):
        card = house.card(chief, made)
        assert (card.verdict, card.judgement.why) == (Verdict.CANNOT_TELL, Why.OTHER_ACTIONS)
        assert (card.measured, card.confounders) == (None, (named,))


@pytest.mark.parametrize(
    ("day", "why"), [(date(2026, 3, 1), Why.OTHER_ACTIONS), (date(2025, 12, 1), None)]
)
def test_an_action_of_the_months_just_before_is_not_yet_part_of_the_past(house, chief, day, why):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    house.done(chief, day=day, expected=AT_ONCE)
    made = house.done(chief, expected=AT_ONCE)
    judge(house)
    assert house.card(chief, made).judgement.why is why


def test_an_action_on_another_kpi_or_team_is_not_in_the_way(house, chief):
    house.observe(WIN_RATE, NORTH, numbers(step=0.1))
    made = house.done(chief, expected=AT_ONCE, who=NORTH)
    house.done(chief, expected=AT_ONCE, who=SOUTH)
    house.done(chief, expected=AT_ONCE, who=NORTH, kpi=LEADS)
    judge(house)
    assert house.card(chief, made).verdict is Verdict.AS_EXPECTED


def test_a_later_action_ends_the_time_in_which_an_earlier_one_is_looked_at(house, chief):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    made = house.done(chief, expected=AT_ONCE)
    house.done(chief, day=date(2026, 8, 15), expected=AT_ONCE)
    judge(house)
    row = verdicts(house, made)[0]
    assert (row.verdict, row.n_after, row.until) == ("as_expected", 1, date(2026, 7, 1))


def test_a_definition_that_changed_in_between_cannot_be_told_over(house, chief):
    changed = ["d1"] * 31 + ["d2"] * 5
    house.observe(WIN_RATE, TENANT, numbers(step=0.1), definitions=changed)
    made = house.done(chief, expected=AT_ONCE)
    judge(house)
    assert house.card(chief, made).judgement.why is Why.DEFINITION


def test_a_definition_that_changed_long_before_leaves_what_came_after_it(house, chief):
    changed = ["d0"] * 15 + ["d1"] * 21
    house.observe(WIN_RATE, TENANT, numbers(step=0.1), definitions=changed)
    made = house.done(chief, expected=AT_ONCE)
    judge(house)
    row = verdicts(house, made)[0]
    assert (row.verdict, row.n_before) == ("as_expected", 15)


def test_months_that_are_not_ripe_are_waited_for(house, chief):
    house.observe(WIN_RATE, TENANT, [*numbers(many=31, after=0), *[None] * 5], none="immature")
    made = house.done(chief, expected=AT_ONCE)
    assert [judge(house), judge(house)] == [1, 0]
    assert house.card(chief, made).judgement.why is Why.IMMATURE
    with house.session() as session:
        card = effects.ground(session, NOW).cards[0]
        assert effects.due(effects.ground(session, NOW)) == ()
    assert card.judgement.until == date(2026, 9, 1)


def test_too_few_months_before_are_told(house, chief):
    house.observe(WIN_RATE, TENANT, [None] * 28 + numbers(many=8, step=0.1))
    made = house.done(chief, expected=AT_ONCE)
    judge(house)
    assert house.card(chief, made).judgement.why is Why.FEW_BEFORE


def test_a_team_is_compared_with_the_teams_beside_it(house, chief):
    shock = [0.0] * 31 + [0.12] * 5
    for at, (who, step) in enumerate(((NORTH, 0.0), (SOUTH, 0.0), (EAST, 0.0))):
        plain = numbers(step=step, seed=at + 3)
        house.observe(WIN_RATE, who, [a + b for a, b in zip(plain, shock, strict=True)])
    made = house.done(chief, expected=AT_ONCE, who=NORTH)
    judge(house)
    row = verdicts(house, made)[0]
    # Everybody rose by 12 points at once: it is not the action.
    assert row.verdict == "not_shown"
    assert sorted(one["name"] for one in row.controls) == ["East", "South"]
    assert row.method == Form.TREND


def test_a_team_that_did_something_of_its_own_is_not_compared_with(house, chief):
    for at, who in enumerate((NORTH, SOUTH, EAST)):
        house.observe(WIN_RATE, who, numbers(step=0.1 if who == NORTH else 0.0, seed=at + 3))
    made = house.done(chief, expected=AT_ONCE, who=NORTH)
    house.done(chief, expected=AT_ONCE, who=SOUTH)
    judge(house)
    row = verdicts(house, made)[0]
    # One team alone is left, which is too few to compare with.
    assert (row.verdict, row.controls) == ("as_expected", [])


@pytest.mark.parametrize(("limit", "said"), [(100.0, "held"), (130.0, "broken")])
def test_a_guardrail_is_looked_at_in_every_month_after(house, chief, limit, said):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    house.observe(LEADS, TENANT, [150.0] * 31 + [140.0, 120.0, 150.0, 150.0, 150.0])
    guard = Guardrail(LEADS, least=True, limit=limit)
    made = house.done(chief, expected=AT_ONCE, limit=guard)
    judge(house)
    row = verdicts(house, made)[0]
    assert (row.guardrail, row.guardrail_value) == (said, 120.0)
    with house.database.session(house.tenant) as session:
        (item,) = session.scalars(select(InboxItem).where(InboxItem.href.contains(str(made)))).all()
    # What cost the guardrail is no good news.
    assert item.tone == ("watch" if said == "broken" else "good")


def test_a_guardrail_without_a_number_is_said_to_be_not_known(house, chief):
    house.observe(WIN_RATE, TENANT, numbers())
    guard = Guardrail(LEADS, least=True, limit=1.0)
    made = house.done(chief, expected=AT_ONCE, limit=guard)
    judge(house)
    assert house.card(chief, made).judgement.guardrail == "not_known"


def test_an_action_that_was_reopened_loses_its_verdict_until_it_is_done_again(house, chief):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    made = house.done(chief, expected=AT_ONCE)
    judge(house)
    house.move(chief, made, Move.REOPEN, note="It was not")
    assert house.card(chief, made).verdict is None
    house.move(chief, made, Move.FINISH, done_on=date(2026, 7, 31))
    assert house.card(chief, made).verdict is None
    judge(house)
    assert house.card(chief, made).verdict is not None
    assert len(verdicts(house, made)) == 2


def test_owner_and_creator_are_told_once_and_only_while_the_number_is_open_to_them(
    house, chief, ann
):
    house.observe(WIN_RATE, TENANT, numbers(step=0.1))
    made = house.ask(chief, ann, expected=AT_ONCE)
    house.move(ann, made, Move.FINISH, done_on=DONE)
    judge(house)
    with house.session() as session:
        items = session.scalars(select(InboxItem)).all()
    assert {(item.person_id, item.scope_kind) for item in items} == {
        (chief.person, "tenant"),
        (ann.person, "tenant"),
    }
    assert all(item.subject.startswith("Moved as expected: ") for item in items)
    assert judge(house) == 0


def test_other_actions_are_not_named_to_whom_they_are_not_open(house, chief, lead):
    house.observe(WIN_RATE, NORTH, numbers(step=0.1))
    made = house.done(chief, expected=AT_ONCE, who=NORTH)
    house.done(chief, expected=AT_ONCE, title="The secret plan of the company")
    judge(house)
    assert house.card(chief, made).confounders == ("The secret plan of the company",)
    assert house.card(lead, made).confounders == ("an action that is not open to you",)
