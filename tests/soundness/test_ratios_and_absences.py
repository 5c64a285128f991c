"""A rate is made of its parts, and where there is no number there is a reason."""

import math

from kpi_engine.periods import Grain
from kpi_engine.reading import Absence, State
from tests.soundness.asking import BY_OWNER, Asking, a_deal, at, made, on

WON = [a_deal(1, owner_id="few")]
LOST = [a_deal(n, "Lost", "2017-02-10", owner_id="many") for n in range(2, 11)]


def test_the_rate_of_all_is_not_the_mean_of_rates():
    """One won of 1 and none of 9: 10 % is right, the mean of 100 % and 0 % was 50 %."""
    quarter = Asking("win_rate", Grain.QUARTER, (on("2017-01-01"), on("2017-04-01")))
    assert quarter.reading(opportunity=WON + LOST).value == 0.1
    by_owner = Asking("win_rate", Grain.QUARTER, quarter.days, split=BY_OWNER)
    assert by_owner.groups(opportunity=WON + LOST) == {"few": 1.0, "many": 0.0}


def test_a_quarters_rate_is_not_the_mean_of_its_months():
    """February 0 of 9, March 1 of 1: the quarter has 10 %, adding or averaging months gave 50 %."""
    days = (on("2017-01-01"), on("2017-04-01"))
    months = Asking("win_rate", Grain.MONTH, days).values(opportunity=WON + LOST)
    assert months == {"2017-01": None, "2017-02": 0.0, "2017-03": 1.0}
    quarter = Asking("win_rate", Grain.QUARTER, days).values(opportunity=WON + LOST)
    assert quarter == {"2017-Q1": 0.1}


def test_the_parts_of_a_rate_stand_beside_it():
    """Without its parts a rate can be added up wrongly by whoever reads it."""
    reading = Asking("win_rate").reading(opportunity=[a_deal(1), a_deal(2, "Lost"), a_deal(3)])
    assert (reading.over, reading.under, reading.n) == (2, 3, 3)


def test_nothing_over_nothing_is_absent_with_its_reason():
    """No deal closed: 0 % or NaN would be shown for a month in which nothing was decided."""
    reading = Asking("win_rate").reading(opportunity=[a_deal(1, closed="2017-05-10")])
    assert (reading.value, reading.state) == (None, State.ABSENT)
    assert reading.reason == Absence.ZERO_DENOMINATOR.value


def test_a_part_of_less_than_nothing_is_absent_with_its_reason():
    """Refunds of 500 won and 100 lost read as 125 % of the amount won."""
    deals = [a_deal(1, amount=-500), a_deal(2, "Lost", amount=100)]
    reading = Asking("win_rate_value").reading(opportunity=deals)
    assert (reading.value, reading.state) == (None, State.ABSENT)
    assert reading.reason == Absence.NEGATIVE_DENOMINATOR.value
    assert (reading.over, reading.under) == (-500, -400)


def test_a_median_of_nothing_is_absent_and_not_zero():
    """A sales cycle of 0 days would be shown for a month without a won deal."""
    reading = Asking("sales_cycle_days").reading(opportunity=[a_deal(1, "Lost")])
    assert (reading.value, reading.reason) == (None, Absence.NO_ROWS.value)


def test_a_count_of_nothing_is_absent_alone_and_zero_as_a_part():
    """No won deal of a campaign that cost 100 is a return of -100 %, not an unknown one."""
    campaign = [made(1, name="Fair", cost=100, started_on=on("2017-03-05"))]
    lost = [a_deal(1), a_deal(2, "Lost", campaign_id="1")]
    assert Asking("won_deals").reading(opportunity=[a_deal(1, "Lost")]).value is None
    roi = Asking("campaign_roi", Grain.MONTH)
    assert roi.reading(opportunity=lost, campaign=campaign).value == -1.0


def test_a_missing_amount_does_not_blank_what_is_derived_from_it():
    """One deal without an amount made the whole velocity NULL; it must only not be averaged."""
    deals = [a_deal(1), a_deal(2, amount=30), made(3, stage="Won", owner_id="o"), a_deal(4, "Lost")]
    unknown = {**a_deal(5), "amount": None}
    reading = Asking("pipeline_velocity").reading(opportunity=[*deals, unknown])
    # 4 closed, 3 of 4 won, 20 the mean of the amounts that are known, 59 days.
    assert reading.value is not None
    assert math.isclose(reading.value, 4 * 0.75 * 20 / 59)


def test_a_formula_names_the_part_that_is_missing():
    """Where no deal was won there is no mean amount; the velocity must not be 0 then."""
    reading = Asking("pipeline_velocity").reading(opportunity=[a_deal(1, "Lost")])
    assert reading.value is None
    assert reading.reason is not None
    assert reading.reason.startswith(Absence.MISSING_PART.value)


def test_a_kpi_over_records_without_dates_says_so():
    """Customers without any date: a trend would be invented by putting them in the first period."""
    accounts = [made(n, name=f"A{n}") for n in range(3)]
    reading = Asking("count {count: account, on: created_at}").reading(account=accounts)
    assert (reading.value, reading.reason) == (None, f"{Absence.NO_DATE.value} (account)")


def test_what_was_never_loaded_is_unknown_and_not_none():
    """No ticket file was ever imported: 0 tickets would say that nobody complained."""
    reading = Asking("tickets_created").reading(opportunity=[a_deal(1)])
    assert reading.reason == f"{Absence.NOT_LOADED.value} (ticket)"


def test_a_share_answered_in_time_is_unknown_where_no_activity_was_ever_loaded():
    """Without activities nobody is known to have waited: 0 % in time was a wrong number."""
    leads = [made(1, created_at=at("2017-03-05"))]
    reading = Asking("lead_response_within_sla").reading(lead=leads)
    assert (reading.value, reading.state) == (None, State.ABSENT)


def test_an_unanswered_lead_is_outside_the_limit_and_not_dropped():
    """Dropping those who still wait shows 100 % where half got no answer."""
    leads = [made(n, created_at=at("2017-03-05 08:00")) for n in (1, 2)]
    calls = [made(1, kind="call", lead_id="1", created_at=at("2017-03-05 09:00"))]
    asked = Asking("lead_response_within_sla")
    reading = asked.reading(lead=leads, activity=calls)
    assert (reading.value, reading.over, reading.under) == (0.5, 1, 2)
    median = Asking("lead_response_hours").reading(lead=leads, activity=calls)
    assert (median.value, median.n, dict(median.beside)["open"]) == (1.0, 1, 1)


def test_a_cohort_whose_window_runs_is_immature():
    """Leads of the last days have had no time: their low rate would be shown as a fall."""
    leads = [
        made(1, created_at=at("2017-03-05"), qualified_at=at("2017-03-06")),
        made(2, created_at=at("2017-03-30")),
    ]
    early = Asking("qualification_rate", today=on("2017-04-28")).reading(lead=leads)
    assert (early.value, early.state, early.over, early.under) == (None, State.IMMATURE, 1, 2)
    ripe = Asking("qualification_rate", today=on("2017-04-30")).reading(lead=leads)
    assert (ripe.value, ripe.state) == (0.5, State.FINAL)


def test_a_score_without_both_classes_ranks_nothing():
    """An accuracy of 0 or 1 would be shown where nobody, or everybody, converted."""
    leads = [
        made(n, created_at=at("2017-03-05"), score=float(n), converted_at=at("2017-03-06"))
        for n in range(120)
    ]
    reading = Asking("lead_scoring_auc").reading(lead=leads)
    assert (reading.value, reading.reason) == (None, Absence.TOO_FEW.value)


def test_equal_scores_count_half():
    """Ties counted as won or lost move the accuracy of a coarse score by the order of the rows."""
    leads = [
        made(
            n,
            created_at=at("2017-03-05"),
            score=50.0,
            converted_at=at("2017-03-06") if n % 2 else None,
        )
        for n in range(120)
    ]
    assert Asking("lead_scoring_auc").reading(lead=leads).value == 0.5
