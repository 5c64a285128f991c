"""The life of a KPI: one table of moves, reasons, successors without circles, both side by side."""

from datetime import timedelta
from itertools import product

import pytest

from kpi_engine.definitions.kinds import KpiKey
from portal.errors import BadInputError, DeniedError
from portal.services import lifecycles
from portal.services.lifecycles import MOVES, LifeMove, LifeState
from tests.ownership.company import TODAY, TRACE

PROPOSED, ACTIVE, UNDER_REVIEW, RETIRED = LifeState
DAY = timedelta(days=1)
FREE, NEXT, THIRD = KpiKey("calls_made"), KpiKey("emails_sent"), KpiKey("meetings_booked")
IN_A_GOAL = KpiKey("csat")
WAYS = {
    None: (),
    PROPOSED: (PROPOSED,),
    ACTIVE: (ACTIVE,),
    UNDER_REVIEW: (ACTIVE, UNDER_REVIEW),
    RETIRED: (ACTIVE, RETIRED),
}


def move(company, to, kpi=FREE, by="chief", reason="It is time.", **more):
    with company.desk(by) as desk:
        return lifecycles.move(desk, LifeMove(kpi, to, reason, **more), TRACE)


def used(company, today=TODAY):
    with company.desk() as desk:
        return lifecycles.adopted(desk.session, desk.catalogue, today)


@pytest.mark.parametrize(("at", "to"), list(product(WAYS, LifeState)))
def test_a_kpi_goes_where_the_table_says_and_nowhere_else(company, at, to):
    for step in WAYS[at]:
        move(company, step)
    if to in MOVES[at]:
        assert move(company, to).state is to
    else:
        with pytest.raises(BadInputError, match="can't become"):
            move(company, to)


@pytest.mark.parametrize("name", ["katrin", "noor", "dilara", "ruth"])
def test_who_may_not_change_the_framework_moves_nothing(company, name):
    with pytest.raises(DeniedError):
        move(company, ACTIVE, by=name)


def test_a_move_says_why_and_by_whom_and_the_past_is_kept(company):
    move(company, ACTIVE)
    move(company, UNDER_REVIEW, reason="Too\nnoisy? <b>")
    with company.desk() as desk:
        past = lifecycles.past(desk.session, FREE)
    assert [(one.state, one.reason, one.by) for one in past] == [
        (UNDER_REVIEW, "Too noisy? <b>", "Chief"),
        (ACTIVE, "It is time.", "Chief"),
    ]
    with pytest.raises(BadInputError, match="reason is empty"):
        move(company, ACTIVE, reason=" ")
    assert company.events().count("life.changed") == 2


def test_what_is_adopted_is_in_use_and_what_is_retired_is_not(company):
    assert FREE not in used(company)
    move(company, ACTIVE)
    assert FREE in used(company)
    move(company, RETIRED)
    assert FREE not in used(company)
    assert IN_A_GOAL in used(company)
    move(company, RETIRED, IN_A_GOAL)
    assert IN_A_GOAL not in used(company)


def test_a_kpi_of_a_goal_that_nobody_moved_is_taken_as_active(company):
    with pytest.raises(BadInputError, match="is active"):
        move(company, PROPOSED, IN_A_GOAL)
    assert move(company, UNDER_REVIEW, IN_A_GOAL).state is UNDER_REVIEW


def test_old_and_new_run_side_by_side_until_a_day(company):
    move(company, ACTIVE)
    life = move(company, RETIRED, successor=NEXT, parallel_until=TODAY + DAY)
    assert (life.successor, life.runs(TODAY + DAY), life.runs(TODAY + 2 * DAY)) == (
        NEXT,
        True,
        False,
    )
    assert FREE in used(company, TODAY + DAY)
    assert FREE not in used(company, TODAY + 2 * DAY)


def test_a_circle_of_successors_is_refused_however_long(company):
    for kpi in (FREE, NEXT, THIRD):
        move(company, ACTIVE, kpi)
    with pytest.raises(BadInputError, match="can't follow itself"):
        move(company, RETIRED, successor=FREE)
    move(company, RETIRED, FREE, successor=NEXT)
    move(company, RETIRED, NEXT, successor=THIRD)
    with pytest.raises(BadInputError, match="can't follow itself"):
        move(company, RETIRED, THIRD, successor=FREE)


def test_a_successor_that_can_not_follow_is_refused(company):
    move(company, ACTIVE)
    with pytest.raises(BadInputError, match="successor's name"):
        move(company, RETIRED, successor=KpiKey("nothing"))
    with pytest.raises(BadInputError, match="retired has a successor"):
        move(company, UNDER_REVIEW, successor=NEXT)
    with pytest.raises(BadInputError, match="Choose the successor"):
        move(company, RETIRED, parallel_until=TODAY)
    with pytest.raises(BadInputError, match="past"):
        move(company, RETIRED, successor=NEXT, parallel_until=TODAY - DAY)
    move(company, ACTIVE, NEXT)
    move(company, RETIRED, NEXT)
    with pytest.raises(BadInputError, match="retired itself"):
        move(company, RETIRED, successor=NEXT)


def test_a_kpi_that_there_is_not_and_another_tenants_life_are_not_seen(company, rival):
    with pytest.raises(BadInputError, match="no such KPI"):
        move(company, ACTIVE, KpiKey("nothing"))
    move(company, ACTIVE)
    assert FREE not in used(rival)
