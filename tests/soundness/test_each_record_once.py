"""No record is lost, none is counted twice."""

from datetime import datetime
from pathlib import Path

from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Grain
from kpi_engine.questions import Scope, ScopeKind
from kpi_engine.reading import Absence
from tests.oracle.adapter import through_the_store
from tests.soundness.asking import (
    BY_OWNER,
    BY_PRODUCT,
    BY_TEAM,
    Asking,
    a_deal,
    at,
    made,
    on,
)


def test_an_unmapped_stage_is_open_and_does_not_disappear():
    """Joined to the stage map, a deal in a stage that it does not name was in no number."""
    deals = [a_deal(1, "Open", None), a_deal(2, "Brand new stage", None)]
    assert Asking("open_opportunities").reading(opportunity=deals).value == 2


def test_a_product_that_no_list_names_keeps_its_deals():
    """`GTXPro` is not in the list of products (`GTX Pro` is): joined, 1480 deals were lost."""
    products = [made(1, name="GTX Pro")]
    deals = [a_deal(1, product_id="1"), {**a_deal(2), "product_id": "GTXPro"}, a_deal(3)]
    asked = Asking("won_deals", split=BY_PRODUCT)
    assert asked.groups(opportunity=deals, product=products) == {
        "GTX Pro": 1,
        "GTXPro": 1,
        None: 1,
    }
    assert Asking("won_deals").reading(opportunity=deals, product=products).value == 3


def test_records_without_a_date_are_told_beside_the_stock():
    """500 of Maven's open deals have no date: without a word they were just not there."""
    undated = [{**a_deal(n, "Open", None), "created_at": None} for n in (2, 3)]
    reading = Asking("open_opportunities").reading(opportunity=[a_deal(1, "Open", None), *undated])
    assert (reading.value, dict(reading.beside)["undated"]) == (1, 2)


def test_a_row_loaded_again_counts_once(tmp_path: Path):
    """The same file imported twice doubled everything that was summed."""
    deals = [a_deal(1), {**a_deal(1), "seq": 2, "loaded_at": at("2017-02-01")}]
    asked = Asking("won_revenue").of(opportunity=[{**row, "source": "a"} for row in deals])
    (given,) = through_the_store(asked, Settings(), tmp_path, 0).values()
    assert (given.reading.value, given.reading.n) == (10, 1)


def test_a_changed_record_counts_once_with_what_it_says_now():
    """Two versions of a deal are one deal: 10 was corrected to 1000, which is not 1010."""
    deals = [a_deal(1), a_deal(1, seq=2, amount=1000)]
    reading = Asking("won_revenue").reading(opportunity=deals)
    assert (reading.value, reading.n) == (1000, 1)


def test_a_join_over_a_reference_multiplies_nothing():
    """Two accounts of that id in other sources, several versions of the owner: still one deal."""
    accounts = [
        made(7, source="us", name="Ours", industry="steel"),
        made(7, source="them", name="Theirs", industry="steel"),
        made(7, source="others", name="Others'", industry="steel"),
    ]
    people = [made(1, name="Ada"), made(1, seq=2, name="Ada B."), made(1, seq=3, name="Ada C.")]
    deals = [a_deal(1, account_id="7", owner_id="1")]
    measure = (
        "money {sum: opportunity.amount, on: closed_at,"
        " where: \"account.industry = 'steel' and owner.name = 'Ada C.'\"}"
    )
    reading = Asking(measure).reading(opportunity=deals, account=accounts, user=people)
    assert (reading.value, reading.n) == (10, 1)


def test_two_sources_with_the_same_ids_do_not_mix():
    """Owner 1 of one CRM and owner 1 of another are two people, and each has one deal."""
    people = [made(1, source="us", name="Ada"), made(1, source="them", name="Bo")]
    deals = [a_deal(1, owner_id="1"), a_deal(1, source="them", owner_id="1", amount=100)]
    groups = Asking("won_revenue", split=BY_OWNER).groups(opportunity=deals, user=people)
    assert groups == {"Ada": 10, "Bo": 100}


def test_two_people_of_one_name_are_two_rows():
    """Grouped by name, two reps called Ada are one rep with the sum of both."""
    people = [made(1, name="Ada"), made(2, name="Ada")]
    deals = [a_deal(1, owner_id="1"), a_deal(2, owner_id="2", amount=100)]
    groups = Asking("won_revenue", split=BY_OWNER).groups(opportunity=deals, user=people)
    assert groups == {"Ada (1)": 10, "Ada (2)": 100}


def test_the_groups_of_a_split_add_up_to_the_whole():
    """Records without an owner or team were in the total and in no group."""
    people = [made(1, name="Ada", team_id="1"), made(2, name="Bo")]
    teams = [made(1, name="East")]
    deals = [a_deal(n, owner_id=str(n), amount=10**n) for n in (1, 2, 3)]
    crm = {"opportunity": deals, "user": people, "team": teams}
    whole = Asking("won_revenue").reading(**crm).value
    assert Asking("won_revenue", split=BY_TEAM).groups(**crm) == {"East": 10, None: 1100}
    assert whole == 1110


def test_an_account_with_two_starts_on_one_day_is_one_new_customer():
    """First moments that tie were each counted as the first."""
    subscriptions = [made(n, account_id="1", started_on=on("2017-03-05"), mrr=10) for n in (1, 2)]
    assert Asking("new_customers").reading(subscription=subscriptions).value == 1


def test_a_customer_that_comes_back_is_not_new():
    """Counting starts instead of first starts shows returning customers as gained."""
    subscriptions = [
        made(1, account_id="1", started_on=on("2016-03-05"), ended_on=on("2016-09-01"), mrr=10),
        made(2, account_id="1", started_on=on("2017-03-05"), mrr=10),
    ]
    reading = Asking("new_customers").reading(subscription=subscriptions)
    assert reading.reason == Absence.NO_ROWS.value


def test_concurrent_subscriptions_of_an_account_add_up():
    """Keeping one subscription an account halves its MRR; counting both makes two customers."""
    subscriptions = [
        made(1, account_id="1", started_on=on("2016-03-05"), mrr=10),
        made(2, account_id="1", started_on=on("2016-05-05"), mrr=100),
    ]
    assert Asking("mrr").reading(subscription=subscriptions).value == 110
    assert Asking("active_customers").reading(subscription=subscriptions).value == 1


def test_a_trial_carries_no_revenue_and_makes_no_customer():
    """A trial's list price was counted as revenue, and the trial as a customer."""
    subscriptions = [
        made(1, account_id="1", started_on=on("2016-03-05"), mrr=10),
        made(2, account_id="2", started_on=on("2016-03-05"), mrr=1000, is_trial=True),
    ]
    assert Asking("mrr").reading(subscription=subscriptions).value == 10
    assert Asking("active_customers").reading(subscription=subscriptions).value == 1


def test_one_subscription_for_another_is_neither_churn_nor_growth():
    """An account that changes plans lost one subscription and gained one: it has not left."""
    subscriptions = [
        made(1, account_id="1", started_on=on("2016-03-05"), ended_on=on("2017-03-10"), mrr=10),
        made(2, account_id="1", started_on=on("2017-03-10"), mrr=10),
    ]
    reading = Asking("customer_churn_rate").reading(subscription=subscriptions)
    assert (reading.value, reading.over, reading.under) == (0, 0, 1)
    assert Asking("expansion_revenue").reading(subscription=subscriptions).value == 0


def quota(number: int, amount: int, **told: object) -> dict:
    given = {"kpi": "won_revenue", "period_start_on": on("2017-03-01"), "period_grain": "month"}
    return dict(made(number, amount=amount, **{**given, **told}))


PEOPLE = [made(1, name="Ada", team_id="1"), made(2, name="Bo", team_id="1")]
TEAMS = [made(1, name="East", parent_id="9"), made(9, name="All")]


def test_the_quota_of_a_team_stands_for_those_of_its_people():
    """A team's 100 and its people's 60 and 50 are one target of 100: 210 halved the attainment."""
    quotas = [quota(1, 100, team_id="1"), quota(2, 60, owner_id="1"), quota(3, 50, owner_id="2")]
    deals = [a_deal(1, owner_id="1", amount=50)]
    crm = {"opportunity": deals, "quota": quotas, "user": PEOPLE, "team": TEAMS}
    assert Asking("quota_attainment").reading(**crm).under == 100
    assert Asking("quota_attainment").reading(**crm).value == 0.5
    by_team = Asking("quota_attainment", split=BY_TEAM).rows(**crm)
    assert [row.reading.under for row in by_team] == [100]
    by_owner = Asking("quota_attainment", split=BY_OWNER).rows(**crm)
    assert {row.by[BY_OWNER[0]]: row.reading.under for row in by_owner} == {"Ada": 60, "Bo": 50}


def test_people_without_a_team_quota_are_not_lost_beside_one():
    """Where one team has a quota, the people of another that has none still have theirs."""
    people = [*PEOPLE, made(3, name="Cy", team_id="2")]
    teams = [*TEAMS, made(2, name="West", parent_id="9")]
    quotas = [quota(1, 100, team_id="1"), quota(2, 60, owner_id="1"), quota(3, 1000, owner_id="3")]
    crm = {"opportunity": [a_deal(1)], "quota": quotas, "user": people, "team": teams}
    assert Asking("quota_attainment").reading(**crm).under == 1100


def test_the_quota_of_a_team_above_stands_for_all_below():
    """The company's 500, a team's 100 and a person's 60 are one target of 500."""
    quotas = [quota(1, 500, team_id="9"), quota(2, 100, team_id="1"), quota(3, 60, owner_id="1")]
    crm = {"opportunity": [a_deal(1)], "quota": quotas, "user": PEOPLE, "team": TEAMS}
    assert Asking("quota_attainment").reading(**crm).under == 500


def test_a_quarters_quota_is_that_of_the_quarter_or_of_its_months_but_not_both():
    """Quarterly 300 beside monthly 100 each is 300, not 600; months alone add up."""
    months = [quota(n, 100, owner_id="1", period_start_on=on(f"2017-0{n}-01")) for n in (1, 2, 3)]
    whole = quota(9, 300, owner_id="1", period_start_on=on("2017-01-01"), period_grain="quarter")
    asked = Asking("quota_attainment", Grain.QUARTER, (on("2017-01-01"), on("2017-04-01")))
    crm = {"opportunity": [a_deal(1)], "user": PEOPLE, "team": TEAMS}
    assert asked.reading(quota=months, **crm).under == 300
    assert asked.reading(quota=[*months, whole], **crm).under == 300


def test_a_team_without_people_sees_nothing():
    """An empty list of owners left the filter out, and the team saw everybody's deals."""
    teams = [*TEAMS, made(3, name="Empty")]
    asked = Asking("won_deals", scope=Scope(ScopeKind.TEAM, ("3",)))
    reading = asked.reading(opportunity=[a_deal(1, owner_id="1")], user=PEOPLE, team=teams)
    assert (reading.value, reading.n) == (None, 0)


def test_a_negative_duration_is_told_and_not_averaged():
    """A deal closed before it was made has -50 days; the mean cycle of two was 0."""
    deals = [a_deal(1, closed="2017-03-01"), a_deal(2, created_at=datetime(2017, 5, 1))]
    reading = Asking("sales_cycle_mean_days").reading(opportunity=deals)
    assert (reading.value, reading.n, dict(reading.beside)["negative"]) == (50, 1, 1)
