"""Numbers that were published with their inputs come out as they were published."""

from datetime import date, datetime

import pytest

from kpi_engine.crm.stages import StageRule
from kpi_engine.definitions.catalogue import read_own, shipped_catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, Question, Split
from kpi_engine.reading import Reading
from tests.oracle.adapter import engine
from tests.oracle.oracle import Asked
from tests.oracle.records import Rules
from tests.soundness import golden_crms as crms

STAGES = {
    "Won": StageRule("won"),
    "Lost": StageRule("lost"),
    "Half": StageRule("open", 1, 0.5),
    "Sure": StageRule("open", 2, 1.0),
}
LOADED = datetime.fromisoformat("2017-09-01 08:00")
TODAY = date(2017, 9, 1)
OF_EXPECTED_DEALS = """
- key: weighted_by_month
  name: Weighted pipeline by expected close
  question: How much may we expect to win in each month?
  class: quality
  stage: sales
  department: sales
  unit: money
  better: higher
  cadence: month
  measure:
    sum: opportunity
    value: "amount * stage_probability"
    where: "status = 'open'"
    on: expected_close_on
"""


def readings(
    crm: crms.Crm,
    kpi: str,
    grain: Grain = Grain.MONTH,
    days: tuple[date, date] = (crms.JUNE, crms.JULY),
    split: Split = (),
    settings: Settings | None = None,
) -> dict[tuple[str, str | None], Reading]:
    """Return what the engine says, by period and by the group's name."""
    told = settings or Settings()
    catalogue, _, _ = read_own(OF_EXPECTED_DEALS, shipped_catalogue(told))
    loaded = {"source": "us", "seq": 1, "loaded_at": LOADED, "deleted": False}
    rows = {name: [{**loaded, **row} for row in found] for name, found in crm.items()}
    question = Question((catalogue.kpi(kpi).key,), (grain,), *days, TODAY, splits=(split,))
    asked = Asked(rows, catalogue, STAGES, Rules(), question, LOADED)
    with engine(asked, told) as one:
        return {
            (row.period.label, next(iter(row.by.values()), None)): row.reading
            for row in one.ask(question).rows()
        }


def of_june(crm: crms.Crm, kpi: str, settings: Settings | None = None) -> Reading:
    (reading,) = readings(crm, kpi, settings=settings).values()
    return reading


@pytest.mark.parametrize(
    ("crm", "kpi", "value", "over", "under"),
    [
        (crms.two_hundred, "net_revenue_retention", 1.05, 210, 200),
        (crms.two_hundred, "gross_revenue_retention", 0.95, 190, 200),
        (crms.two_hundred, "revenue_churn_rate", 0.05, 10, 200),
        (crms.two_hundred, "upsell_rate", 0.25, 1, 4),
        (crms.thousand_customers, "customer_churn_rate", 0.025, 25, 1000),
        (crms.hundred_thousand, "revenue_churn_rate", 0.08, 8_000, 100_000),
        (crms.net_new_nine_hundred, "mrr_growth_rate", 0.072, 900, 12_500),
        (crms.rated_tickets, "csat", 0.8, 8, 10),
        (crms.twenty_closed_deals, "win_rate", 0.6, 12, 20),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_published_rate_comes_out_with_its_parts(crm, kpi, value, over, under):
    reading = of_june(crm(), kpi)
    assert reading.value == pytest.approx(value, abs=1e-12)
    assert (reading.over, reading.under) == (over, under)


def test_expansion_is_the_rise_of_those_who_were_there():
    assert of_june(crms.two_hundred(), "expansion_revenue").value == 20


def test_mrr_at_the_end_counts_those_who_joined():
    assert of_june(crms.net_new_nine_hundred(), "mrr").value == 13_400


@pytest.mark.parametrize(
    ("mailing", "rate"),
    [("spring", 0.02), ("summer", 0.0432), ("autumn", 0.025), ("winter", 0.0118)],
)
def test_the_bounce_rate_of_a_mailing(mailing: str, rate: float):
    found = readings(crms.four_mailings(), "email_bounce_rate", split=(Dimension.CAMPAIGN,))
    assert found["2017-06", mailing].value == pytest.approx(rate, abs=1e-12)


def test_the_bounce_rate_of_all_mailings_is_of_their_sums():
    sent, bounced = map(sum, zip(*crms.MAILINGS.values(), strict=True))
    reading = of_june(crms.four_mailings(), "email_bounce_rate")
    assert reading.value == pytest.approx(bounced / sent, abs=1e-12)


def test_health_weighs_what_is_known():
    settings = Settings(crms.HEALTH_SETTINGS)
    reading = of_june(crms.one_customer(), "customer_health", settings)
    assert reading.value == pytest.approx(1722 / 23, abs=1e-9)
    assert reading.n == 1


def test_revenue_at_risk_is_that_of_customers_under_the_threshold():
    for threshold, at_risk in ((75, 100), (74, 0)):
        settings = Settings({**crms.HEALTH_SETTINGS, "health_threshold": threshold})
        reading = of_june(crms.one_customer(), "at_risk_revenue", settings)
        assert (reading.value or 0) == at_risk


def test_the_weighted_forecast_of_three_months():
    days = (crms.JUNE, date(2017, 9, 1))
    found = readings(crms.three_forecast_deals(), "weighted_by_month", days=days)
    assert [reading.value for reading in found.values()] == [50_000, 50_000, 100_000]


def test_a_quarter_is_neither_the_sum_nor_the_mean_of_its_months():
    days = (date(2017, 4, 1), crms.JULY)
    crm = crms.closed_deals_of_three_months()
    (quarter,) = readings(crm, "win_rate", Grain.QUARTER, days).values()
    months = readings(crm, "win_rate", Grain.MONTH, days).values()
    assert [month.value for month in months] == [1, 0, 0.125]
    assert quarter.value == 0.2
    assert (quarter.over, quarter.under) == (2, 10)
