"""A deal is flagged for a reason that its owner can check, and a gap names only what would fill it."""

from decimal import Decimal

import pytest

from portal.services.opportunities import Flag, Watch, gap, open_deals
from tests.homes.makers import STAGES, at, deal, on, step

WATCH = Watch(on("2017-05-10"), at("2017-05-11"), {"Talk": 14.0}, STAGES, 30)


def _flag(**made) -> Flag:
    (found,) = open_deals(
        [deal(**{"next_step": "Call", "touched": at("2017-05-01"), **made})], WATCH
    )
    return found.flag


@pytest.mark.parametrize(
    ("made", "flag"),
    [
        ({"steps": (step("2017-04-14", "Talk"),)}, Flag.NONE),
        ({"steps": (step("2017-04-13", "Talk"),)}, Flag.STALLED),
        ({"due": "2017-05-09"}, Flag.PAST_DUE),
        ({"due": "2017-05-10"}, Flag.NONE),
        ({"due": None}, Flag.NONE),
        ({"next_step": ""}, Flag.NO_NEXT_STEP),
        ({"touched": at("2017-04-10")}, Flag.STALLED),
        ({"touched": None}, Flag.STALLED),
    ],
    ids=["under twice the usual", "twice the usual", "past due", "due today", "no date",
         "no next step", "untouched", "never touched"],
)  # fmt: skip
def test_a_flag_begins_where_it_is_said_to(made, flag):
    assert _flag(**made) is flag


def test_flagged_deals_stand_first_then_by_close():
    found = open_deals(
        [
            deal("late", due="2017-05-01", next_step="x", touched=at("2017-05-01")),
            deal("soon", due="2017-05-20", next_step="x", touched=at("2017-05-01")),
            deal("later", due="2017-06-20", next_step="x", touched=at("2017-05-01")),
            deal("old", due="2017-07-20", next_step="x"),
            deal("gone", stage="Won", closed="2017-05-01"),
        ],
        WATCH,
    )
    assert [one.deal.key for one in found] == ["old", "late", "soon", "later"]


def test_a_gap_takes_no_more_deals_than_it_needs_and_none_at_risk():
    fresh = {"next_step": "x", "touched": at("2017-05-01")}
    found = open_deals(
        [
            deal("a", 100, "2017-05-20", stage="Offer", **fresh),
            deal("b", 100, "2017-05-21", **fresh),
            deal("c", 100, "2017-05-22", stage="Find", **fresh),
            deal("next", 900, "2017-06-20", **fresh),
            deal("late", 900, "2017-05-01", **fresh),
        ],
        WATCH,
    )
    filled = gap(found, Decimal(70), on("2017-06-01"))
    assert filled is not None
    assert [one.deal.key for one in filled.fillers] == ["a", "b"]
    assert filled.worth == 100
    assert gap(found, Decimal(0), on("2017-06-01")) is None
