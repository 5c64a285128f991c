"""The series that a review keeps: with the limits of its day, and drawn from its first number on."""

from dataclasses import replace

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.reading import Reading, State
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.services import review_evidence, review_number, reviews
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from tests.actions.house import NOW
from tests.reviews.room import SHARED


def test_a_number_that_carries_over_is_frozen_with_the_limits_of_each_period(room):
    mrr = KpiKey("mrr")
    room.house.observe(mrr, TENANT, [700.0 + 30 * n + (n % 3) for n in range(26)])
    with room.house.session() as session:
        room._own(open_desk(session, room.people["chief"], NOW), {mrr: "mara"})
    room.open(kpis=(mrr,), label="2026-10")
    frozen = room.item(mrr).frozen
    assert [one.signal for one in frozen.series] == [""] * 13
    assert all(one.usual[0] < one.value < one.usual[1] for one in frozen.series)
    assert (frozen.usual.low, frozen.usual.high) == frozen.series[-1].usual


def test_a_young_number_is_drawn_from_its_first_year_and_signals_nothing_yet(room):
    young = KpiKey("meetings_held")
    room.house.observe(young, TENANT, [None] * 23 + [3.0, 5.0, 4.0])
    with room.house.session() as session:
        room._own(open_desk(session, room.people["chief"], NOW), {young: "sam"})
    room.open(kpis=(young,), label="2026-10")
    item = room.item(young)
    assert [one.value for one in item.frozen.trend] == [None, 3.0, 5.0, 4.0]
    with room.house.session() as session:
        desk = open_desk(session, room.people["sam"], NOW)
        drawn = review_number.number(desk, reviews.one(session, room.review), item.frozen)
        told = review_evidence.questions(desk, reviews.one(session, room.review), item)
    assert drawn.chart.values == (None, 3.0, 5.0, 4.0)
    assert drawn.chart_sub.startswith("XmR, 4 periods")
    assert "signalled" not in repr(told)
    assert "Too few periods to tell a real change" in repr(told)


def test_a_review_compares_nothing_with_a_cost_of_nothing(room):
    """It read "+566 against September", in red, where nothing was spent in September."""
    now = Reading(566.0, State.FINAL, None, 80, 45_280.0, 80.0)
    costs = {"unit": Unit.MONEY, "better": Better.LOWER, "reading": now}
    held = replace(room.item(SHARED).frozen, **costs, before=0.0, last_year=715.0)
    with room.house.session() as session:
        desk = open_desk(session, room.people["sam"], NOW)
        drawn = review_number.number(desk, reviews.one(session, room.review), held)
    against, year = drawn.facts[:2]
    assert (against.text, against.tone) == ("nothing was spent", Tone.NEUTRAL)
    assert year.tone is Tone.GOOD
