"""A tenant's own goals replace the default framework; a stale change overwrites nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi_engine.definitions.kinds import KpiKey
from portal.errors import BadInputError, DeniedError
from portal.services import framework, goal_changes, goal_trees, goals, lifecycles, score_views
from portal.services.framework import Support
from portal.services.goal_changes import GoalEdit
from portal.services.goals import Goal
from tests.ownership.company import TODAY, TRACE

DAY = timedelta(days=1)


def edit(company, **more):
    told = {"name": "Win more", "question": "Do we win more?", "owner": company.ids["dilara"]}
    told |= {"start": TODAY, "end": None}
    supports = (Support(KpiKey("win_rate"), 70), Support(KpiKey("won_revenue"), 30))
    return GoalEdit(**{**told, "supports": supports, **more})


def add(company, by="chief", **more):
    with company.desk(by) as desk:
        return goal_changes.add_goal(desk, edit(company, **more), TRACE)


def told(company, today=TODAY):
    with company.desk() as desk:
        return goals.goals(desk.session, desk.catalogue, today)


def change(company, goal, seen, **more):
    with company.desk() as desk:
        return goal_changes.change_goal(desk, str(goal.id), seen, edit(company, **more), TRACE)


def test_without_goals_of_its_own_a_tenant_has_those_of_the_default_framework(company):
    found = told(company)
    assert [goal.key for goal in found] == [goal.key for goal in framework.DEFAULT]
    assert all(goal.default and goal.id is None for goal in found)
    assert goals.source(found) == framework.TOLD


def test_the_scorecard_reads_the_tenants_own_goals(company, rival):
    add(company)
    with company.desk() as desk:
        groups = score_views.groups(desk, score_views.GOALS)
    assert [(group.name, [(kpi.key, n) for kpi, n in group.kpis]) for group in groups] == [
        ("Win more", [("win_rate", 70), ("won_revenue", 30)])
    ]
    assert goals.source(told(company)) == goals.TOLD
    assert [goal.key for goal in told(rival)] == [goal.key for goal in framework.DEFAULT]


def test_the_default_goals_are_taken_over_once_with_their_keys_and_weights(company):
    with company.desk() as desk:
        assert goal_changes.take_default(desk, TRACE) == len(framework.DEFAULT)
    found = told(company)
    assert [(one.key, set(one.supports), one.default) for one in found] == [
        (one.key, set(one.supports), False) for one in goals.default_goals(found_keys(found))
    ]
    with company.desk() as desk, pytest.raises(BadInputError, match="already"):
        goal_changes.take_default(desk, TRACE)


def found_keys(found):
    return {one.kpi for goal in found for one in goal.supports}


def test_a_change_keeps_what_was_stated_and_the_key(company):
    goal = add(company)
    after = change(company, goal, 1, name="Win larger", supports=(Support(KpiKey("csat"), 5),))
    assert (after.revision, after.key) == (2, "win_more")
    now = told(company)[0]
    assert (now.name, now.supports, now.owner.name) == (
        "Win larger",
        (Support(KpiKey("csat"), 5),),
        "Dilara",
    )
    with company.desk() as desk:
        past = list(desk.session.scalars(goals.questions.past_of(goal.id)))
    assert [row.name for row in past] == ["Win larger", "Win more"]
    assert company.events().count("goal.changed") == 2


def test_a_change_of_a_stale_goal_is_refused_and_nothing_is_lost(company):
    goal = add(company)
    change(company, goal, 1, name="Theirs")
    with pytest.raises(BadInputError, match="Somebody changed the goal 'Theirs'"):
        change(company, goal, 1, name="Mine")
    assert told(company)[0].name == "Theirs"


def test_a_goal_holds_in_its_period_only(company):
    add(company, name="Past", start=date(2025, 1, 1), end=date(2026, 1, 1))
    add(company, name="Now", end=TODAY + DAY)
    add(company, name="Coming", start=TODAY + DAY)
    assert [goal.name for goal in told(company)] == ["Now"]
    assert [goal.name for goal in told(company, TODAY + DAY)] == ["Coming"]
    assert [goal.name for goal in told(company, date(2025, 12, 31))] == ["Past"]
    assert len(told(company, None)) == 3


def test_an_ended_goal_does_not_bring_the_default_ones_back(company):
    goal = add(company)
    with company.desk() as desk:
        goal_changes.end_goal(desk, str(goal.id), 1, TRACE)
    assert told(company) == ()
    assert [one.name for one in told(company, TODAY - DAY)] == []


def test_goals_of_one_name_get_keys_of_their_own(company):
    names = [add(company, name=name).key for name in ("Über uns!", "über  uns", "漢字")]
    assert names == ["uber_uns", "uber_uns_2", "goal"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"name": "  "}, "empty"),
        ({"question": ""}, "empty"),
        ({"end": TODAY}, "ends before it starts"),
        ({"supports": ()}, "needs a KPI"),
        ({"supports": (Support(KpiKey("nothing"), 5),)}, "there is not"),
        ({"supports": (Support(KpiKey("csat"), 0),)}, "from 1 to 100"),
        ({"supports": (Support(KpiKey("csat"), 101),)}, "from 1 to 100"),
        ({"supports": (Support(KpiKey("csat"), 5), Support(KpiKey("csat"), 6))}, "twice"),
    ],
)
def test_a_goal_that_can_not_be_used_is_refused(company, more, why):
    with pytest.raises(BadInputError, match=why):
        add(company, **more)


def test_an_owner_of_another_tenant_or_who_is_shut_is_refused(company, rival):
    with pytest.raises(BadInputError, match="no such person"):
        add(company, owner=rival.ids["dilara"])
    company.shut("dilara")
    with pytest.raises(BadInputError, match="shut"):
        add(company)


def test_another_tenants_goal_is_not_there(company, rival):
    goal = add(company)
    with pytest.raises(BadInputError, match="no such goal"):
        change(rival, goal, 1)


@pytest.mark.parametrize("name", ["katrin", "noor", "dilara", "ruth"])
def test_who_may_not_change_the_framework_makes_no_goal(company, name):
    with pytest.raises(DeniedError):
        add(company, by=name)


def test_a_company_has_so_many_goals_and_no_more(company):
    for number in range(goal_changes.MOST_GOALS):
        add(company, name=f"Goal {number}")
    with pytest.raises(BadInputError, match="enough"):
        add(company)


def _goal(*kpis):
    supports = tuple(Support(KpiKey(kpi), 10) for kpi in kpis)
    return Goal(None, "g", "G", "?", None, None, None, supports, default=False)


def _tree(catalogue, goal, used):
    found = goal_trees.branches(goal, goal_trees.wood(catalogue, {KpiKey(one) for one in used}))
    return [_told(one) for one in found]


def _told(branch):
    inner = [_told(one) for one in branch.inner]
    return (branch.kpi.key, branch.how, inner) if inner else (branch.kpi.key, branch.how)


def test_a_goals_kpi_that_drives_another_stands_under_it(company):
    with company.desk() as desk:
        found = _tree(
            desk.catalogue,
            _goal("won_revenue", "pipeline_value", "new_customers"),
            {"sales_cycle_days", "pipeline_value"},
        )
    assert found == [
        ("won_revenue", "", [("pipeline_value", "drives"), ("sales_cycle_days", "drives")]),
        ("new_customers", ""),
    ]


def test_what_a_formula_is_made_of_stands_under_it_and_no_circle_is_followed(company):
    with company.desk() as desk:
        found = _tree(desk.catalogue, _goal("customer_lifetime_value"), set())
        made_of = [one[0] for one in found[0][2]]
        win, won = (desk.catalogue[KpiKey(key)] for key in ("win_rate", "won_deals"))
        circle = {
            win.key: replace(win, drives=(won.key,)),
            won.key: replace(won, drives=(win.key,)),
        }
        round_about = _tree(circle, _goal("win_rate", "won_deals"), {"win_rate", "won_deals"})
    assert set(made_of) >= {"mrr", "active_customers"}
    assert all(one[1] == "part of" for one in found[0][2])
    assert round_about == [("win_rate", "", [("won_deals", "drives")])]


def test_only_kpis_in_use_are_told_to_drive(company):
    with company.desk() as desk:
        found = _tree(desk.catalogue, _goal("csat"), {"first_response_hours"})
    assert found == [("csat", "", [("first_response_hours", "drives")])]


def test_the_kpis_of_goals_and_targets_are_in_use_until_somebody_moves_them(company):
    with company.desk() as desk:
        used = lifecycles.adopted(desk.session, desk.catalogue, TODAY)
    assert used == {one.kpi for goal in told(company) for one in goal.supports}
