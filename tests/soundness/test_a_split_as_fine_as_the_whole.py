"""Beside a whole of 566 a group of ten thousand must not make a 1 of it."""

import pytest

from kpi_engine.reading import Reading, State
from portal.security.roles import Role
from portal.services import kpi_split
from portal.services.desks import open_desk
from portal.services.kpi_sights import sight_of
from portal.services.parts_of_change import Pair
from portal.services.splits import Group, SplitAnswer
from tests.kpi_page.conftest import NOW, desk, place, workshop

__all__ = ["desk", "place", "workshop"]


def pair(now: float | None, before: float | None) -> Pair:
    said = [
        Reading(value, State.FINAL, None, 20)
        if value is not None
        else Reading(None, State.ABSENT, "no rows", 0)
        for value in (now, before)
    ]
    return Pair(*said)


@pytest.fixture
def sight(place):
    actor = place.actor(Role.EXECUTIVE)
    with place.database.session(actor.tenant) as session:
        yield sight_of(open_desk(session, actor, NOW), "average_deal_size", {"period": "2017-03"})


def drawn(sight, whole: Pair, *groups: Pair):
    told = tuple(Group(str(at), f"Group {at}", one) for at, one in enumerate(groups))
    return kpi_split._drawn(kpi_split._shown(sight, "source", SplitAnswer(whole, told)), (), "")


def test_a_small_whole_of_large_groups_reads_what_stands_above(sight):
    found = drawn(sight, pair(566.0, 0.0), pair(10_412.0, 0.0), pair(0.0, 0.0))
    assert found.total.value == "566"
    assert found.measured == "Value, \u20ac"
    assert [row.value for row in found.rows] == ["10,412", "0"]


def test_a_large_whole_is_still_written_in_thousands(sight):
    found = drawn(sight, pair(98_700.0, 56_800.0), pair(90_000.0, 50_000.0), pair(8_700.0, 6_800.0))
    assert found.total.value == "99"
    assert found.measured == "Value, \u20acK"


def test_groups_without_any_number_are_told_once_and_not_row_by_row(sight):
    found = drawn(sight, pair(None, 566.0), pair(None, 1.0), pair(None, 2.0))
    assert found.empty == "None of the groups has a number: no records."
