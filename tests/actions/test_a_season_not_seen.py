"""A change that may be a season nobody has seen yet is told as one that may."""

import pytest

from kpi_engine.statistics.effect import Way
from portal.services import action_page
from portal.services.actions import Expected
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from tests.actions.house import NOW, WIN_RATE
from tests.actions.test_judging import judge, numbers


def _season(house, actor, many, step, way=Way.UP):
    house.observe(WIN_RATE, TENANT, numbers(many=many, step=step))
    made = house.done(actor, expected=Expected(way, 0.05, 0))
    assert judge(house) == 1
    with house.session() as session:
        desk = open_desk(session, actor, NOW)
        return dict(action_page.read(desk, str(made), {}, "").verdict.facts).get("Season", "")


@pytest.mark.parametrize("step", [0.1, -0.1], ids=["moved", "worse"])
def test_what_moved_after_less_than_two_years_may_be_one(house, chief, step):
    told = _season(house, chief, 18, step)
    assert told.startswith("not seen in 12 months before it, it takes 24")


def test_after_two_years_it_was_looked_for(house, chief):
    assert _season(house, chief, 36, 0.1) == ""


def test_where_nothing_is_shown_nothing_is_put_down_to_one(house, chief):
    assert _season(house, chief, 18, 0.0) == ""
