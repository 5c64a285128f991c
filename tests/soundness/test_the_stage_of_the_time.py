"""What stands open is valued by the stage of that time: how a deal ended is known to nobody before.

A forecast of March, valued with what was won in April, is right in every chart and was never told.
"""

from dataclasses import replace

import pytest

from kpi_engine.crm.stages import StageRule
from kpi_engine.engine.listing import Listing, Wanted
from kpi_engine.periods import Calendar
from kpi_engine.reading import Absence
from tests.oracle.adapter import engine
from tests.oracle.records import Row
from tests.soundness.asking import Asking, a_deal, at, made, on

STAGES = {
    "Early": StageRule("open", 1, 0.25),
    "Late": StageRule("open", 2, 0.75),
    "Free": StageRule("open", 3),
    "Won": StageRule("won", 4, 1.0),
    "Lost": StageRule("lost", 5, 0.0),
}
HALF_YEAR = (on("2017-01-01"), on("2017-05-01"))
LOADED = 10
"""The version of a CRM that is loaded once, long after all that is in it."""
ASKED = Asking("weighted_pipeline", days=HALF_YEAR, stages=STAGES)
WON = a_deal(1, amount=100, probability=1, seq=LOADED)
"""Made on 10 January, won on 10 March; the CRM made its probability 100 per cent then."""


def a_change(number: int, to: str, moment: str, deal: int = 1, **told: object) -> Row:
    """A change of stage of a deal, known since the only load."""
    given = {"seq": LOADED, "opportunity_id": str(deal), "to_stage": to, **told}
    return made(number, changed_at=at(moment), **given)


def steps(deal: int = 1) -> list[Row]:
    """Early from 10 January, late from 15 February, won on 10 March."""
    return [
        a_change(deal * 10, "Early", "2017-01-10", deal),
        a_change(deal * 10 + 1, "Late", "2017-02-15", deal, from_stage="Early"),
        a_change(deal * 10 + 2, "Won", "2017-03-10", deal, from_stage="Late"),
    ]


def test_a_deal_that_is_won_now_counts_before_with_the_stage_it_then_had():
    """100 in stage Early at the end of January is 25, in Late at that of February 75; then won."""
    found = ASKED.values(opportunity=[WON], stage_change=steps())
    assert found == {"2017-01": 25, "2017-02": 75, "2017-03": 0, "2017-04": 0}


def test_a_deal_of_which_only_the_end_is_known_adds_nothing_before():
    """Neither 100 by the stage Won nor 100 by its own probability was ever to be expected."""
    told = {row.period.label: row.reading for row in ASKED.rows(opportunity=[WON])}
    assert [told[month].value for month in ("2017-01", "2017-02")] == [None, None]
    assert told["2017-02"].reason == Absence.NO_ROWS
    assert dict(told["2017-02"].beside)["unvalued"] == 1
    # It was there, and is gone: that is known.
    assert told["2017-03"].value == 0


def test_a_lost_deal_without_a_history_does_not_count_as_nothing_either():
    """A value of 0 would say that it was known to be lost; of 200 beside it half are expected."""
    lost = a_deal(2, "Lost", amount=1000, probability=0, seq=LOADED)
    late = a_deal(3, "Late", None, amount=200, seq=LOADED)
    (reading,) = replace(ASKED, days=(on("2017-02-01"), on("2017-03-01"))).readings(
        opportunity=[lost, late]
    )
    assert (reading.value, reading.n, dict(reading.beside)["unvalued"]) == (150, 2, 1)


def test_a_deal_that_is_still_open_has_its_stage_of_today_where_no_other_is_known():
    late = a_deal(1, "Late", None, amount=100, seq=LOADED)
    assert set(ASKED.values(opportunity=[late]).values()) == {75}


def test_the_own_probability_of_a_closed_deal_is_not_that_of_the_time():
    """Free has no probability in the map: the 100 per cent that it was closed with are no help."""
    changes = [a_change(1, "Free", "2017-01-10"), a_change(2, "Won", "2017-03-10")]
    assert ASKED.values(opportunity=[WON], stage_change=changes)["2017-02"] is None
    still = a_deal(1, "Free", None, amount=100, probability=0.5, seq=LOADED)
    assert ASKED.values(opportunity=[still], stage_change=changes[:1])["2017-02"] == 50


def test_before_its_first_change_a_deal_was_where_that_came_from():
    """Only the step of 15 February was recorded, from Early to Late."""
    (step,) = steps()[1:2]
    deal = a_deal(1, "Late", None, amount=100, seq=LOADED)
    found = ASKED.values(opportunity=[deal], stage_change=[step])
    assert (found["2017-01"], found["2017-02"]) == (25, 75)


def test_a_first_change_after_the_last_period_tells_where_a_deal_was_before():
    """Asked of January alone, the step of February is to come, and tells that it was Early."""
    asked = replace(ASKED, days=(on("2017-01-01"), on("2017-02-01")))
    assert asked.reading(opportunity=[WON], stage_change=steps()[1:]).value == 25


def test_a_first_change_from_nowhere_leaves_what_was_recorded_before_it():
    """Loaded on 2 January it was Early. Loaded in autumn, what it says is of after the change."""
    changes = [a_change(1, "Late", "2017-02-15")]
    early = a_deal(1, "Early", None, amount=100)
    late = a_deal(1, "Late", None, amount=100, seq=LOADED)
    known = ASKED.values(opportunity=[early, late], stage_change=changes)
    assert (known["2017-01"], known["2017-02"]) == (25, 75)
    unknown = ASKED.values(opportunity=[late], stage_change=changes)
    assert (unknown["2017-01"], unknown["2017-02"]) == (None, 75)


def test_of_two_changes_of_one_moment_that_with_the_greatest_id_stands():
    """An export that tells days only has both steps of a day at its midnight."""
    both = [
        a_change(2, "Late", "2017-01-20", from_stage="Early"),
        a_change(1, "Early", "2017-01-20", from_stage="Free"),
    ]
    for changes in (both, both[::-1]):
        assert ASKED.values(opportunity=[WON], stage_change=changes)["2017-01"] == 75


@pytest.mark.parametrize(
    ("moment", "january"), [("2017-01-31 23:00", 75), ("2017-01-31 23:00:00.000001", 25)]
)
def test_a_change_at_the_end_of_a_period_in_the_tenants_zone_is_in_it(moment, january):
    """January ends in Berlin at 23:00 UTC. A load at the very moment is known, and so a change."""
    changes = [steps()[0], a_change(2, "Late", moment)]
    asked = replace(ASKED, calendar=Calendar("Europe/Berlin"))
    found = asked.values(opportunity=[WON], stage_change=changes)
    assert (found["2017-01"], found["2017-02"]) == (january, 75)


def test_a_deal_won_at_the_very_end_of_a_period_stands_in_it_as_before():
    """An export of days has won and closed at the midnight at which February ends: 75, not 100."""
    deal = a_deal(1, closed="2017-03-01", amount=100, seq=LOADED)
    changes = [*steps()[:2], a_change(12, "Won", "2017-03-01", from_stage="Late")]
    found = ASKED.values(opportunity=[deal], stage_change=changes)
    assert (found["2017-02"], found["2017-03"]) == (75, 0)


def test_a_change_after_today_has_not_happened():
    """On 20 February the step of the 25th is planned: the running month stands at Early."""
    deal = a_deal(1, "Early", None, amount=100)
    changes = [a_change(1, "Early", "2017-01-10"), a_change(2, "Late", "2017-02-25")]
    asked = replace(ASKED, days=(on("2017-01-01"), on("2017-03-01")), today=on("2017-02-20"))
    assert set(asked.values(opportunity=[deal], stage_change=changes).values()) == {25}


def test_a_change_counts_from_when_it_was_known():
    """The step to Late came with the load of 3 March; a report of before does not have it."""
    deal = a_deal(1, "Early", None, amount=100)
    changes = [
        a_change(1, "Early", "2017-01-10", seq=1),
        a_change(2, "Late", "2017-01-20", seq=3),
    ]
    crm = {"opportunity": [deal], "stage_change": changes}
    assert ASKED.values(**crm)["2017-01"] == 75
    then = replace(ASKED, known_at=at("2017-03-01"))
    assert then.values(**crm)["2017-01"] == 25


def test_a_change_that_was_deleted_did_not_happen():
    wrong = a_change(11, "Late", "2017-01-20", seq=LOADED)
    gone = a_change(11, "Late", "2017-01-20", seq=LOADED + 1, deleted=True)
    found = ASKED.values(opportunity=[WON], stage_change=[steps()[0], wrong, gone])
    assert found["2017-01"] == 25


def test_two_sources_with_the_same_ids_have_changes_of_their_own():
    """Deal 1 of one CRM is Early with 100, deal 1 of the other Late with 1,000: 25 and 750."""
    deals = [WON, a_deal(1, amount=1000, seq=LOADED, source="other")]
    changes = [steps()[0], a_change(10, "Late", "2017-01-11", source="other")]
    assert ASKED.values(opportunity=deals, stage_change=changes)["2017-01"] == 775


def test_amounts_are_those_of_the_versions_whatever_a_change_says():
    """10 until 1 February, then 1,000; a change that says 7 tells the stage and no amount."""
    deals = [a_deal(1, "Late", None), a_deal(1, "Late", None, amount=1000, seq=2)]
    changes = [
        a_change(1, "Early", "2017-01-10", amount=7, seq=1),
        a_change(2, "Late", "2017-02-15", amount=7, seq=2),
        a_change(3, "Early", "2017-03-15", amount=7, seq=3),
    ]
    found = ASKED.values(opportunity=deals, stage_change=changes)
    assert found == {"2017-01": 2.5, "2017-02": 750, "2017-03": 250, "2017-04": 250}
    value = replace(ASKED, kpi="pipeline_value").values(opportunity=deals, stage_change=changes)
    assert value == {"2017-01": 10, "2017-02": 1000, "2017-03": 1000, "2017-04": 1000}


def test_a_stock_that_does_not_add_up_looks_at_the_stages_of_the_time_too():
    """The greatest order of a stage among what stood open: 1, then 2; nothing is left in March."""
    asked = replace(
        ASKED,
        kpi="count {stock: {max: opportunity, value: stage_order}, opened: created_at,"
        " closed: closed_at}",
    )
    found = asked.values(opportunity=[WON], stage_change=steps())
    assert found == {"2017-01": 1, "2017-02": 2, "2017-03": None, "2017-04": None}


def test_the_mean_of_days_follows_every_step():
    """In January 100 stood at 22 of 31 days' ends, in February at 13 of 28 in Early.

    The step to Late is of the midnight at which the 14th ends.
    """
    asked = replace(
        ASKED,
        kpi="money {stock: {sum: opportunity, value: amount * stage_probability},"
        " opened: created_at, closed: closed_at, at: mean}",
    )
    found = asked.values(opportunity=[WON], stage_change=steps())
    assert found["2017-01"] == pytest.approx(25 * 22 / 31)
    assert found["2017-02"] == pytest.approx((25 * 13 + 75 * 15) / 28)


def test_the_list_behind_a_past_number_shows_what_each_deal_brought():
    """At the end of February 75 of deal 1, and of deal 2, of which the end alone is known, none."""
    deals = [WON, a_deal(2, amount=10, seq=LOADED)]
    asked = replace(ASKED, days=(on("2017-02-01"), on("2017-03-01"))).of(
        opportunity=deals, stage_change=steps()
    )
    with engine(asked, ASKED.settings) as one:
        listing = Listing(one, asked.question)
        (side,) = listing.sides
        rows = listing.page(side, Wanted()).rows
    assert {row["key"]: row["value"] for row in rows} == {"1": 75, "2": None}


def test_a_deal_without_a_beginning_is_counted_once_beside():
    """Two versions and three changes of one deal were told as so many deals without a date."""
    deals = [{**a_deal(1, "Open", None, seq=seq, amount=seq), "created_at": None} for seq in (1, 2)]
    for kpi in ("weighted_pipeline", "pipeline_value"):
        (reading, *_) = replace(ASKED, kpi=kpi).readings(
            opportunity=[*deals, a_deal(2)], stage_change=steps()
        )
        assert dict(reading.beside)["undated"] == 1


def test_a_proposal_that_another_source_records_is_one():
    """A change names a deal that only another source has: it is that deal's, as everywhere."""
    change = a_change(1, "Proposal", "2017-01-20", source="history")
    asked = replace(ASKED, kpi="proposal_rate")
    assert asked.values(opportunity=[WON], stage_change=[change])["2017-01"] == 1
