"""Every KPI that ships gives, on a CRM small enough to count by hand, what counting gives."""

from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Grain
from kpi_engine.questions import Question
from kpi_engine.reading import Absence, Reading, State
from tests.catalogue.shipped import written
from tests.catalogue.small_crm import STAGES, small_crm
from tests.oracle.adapter import engine
from tests.oracle.oracle import Asked
from tests.oracle.records import Rules

QUARTER = (date(2017, 4, 1), date(2017, 7, 1))
TODAY = date(2017, 12, 1)
LOADED = datetime.fromisoformat("2017-12-01 08:00")
WON, CYCLE = 4500, Fraction(60 + 120 + 10, 3)
HEALTH = {
    # usage, tickets, satisfaction, renewal, contact; what is not known weighs nothing
    "a1": Fraction(7 * 0 + 5 * 80 + 8 * 75 + 3 * 100 + 5 * 100, 28),
    "a3": (7 * Fraction(100, 12) + 5 * 80 + 5 * Fraction(100, 106)) / 17,
    # It used nothing until July: by June nobody could know how much it uses.
    "a4": Fraction(5 * 100 + 3 * 100, 8),
}
EXPECTED = {
    # awareness, lead generation
    "website_visits": 11,
    "event_participation": Fraction(6, 8),
    "email_bounce_rate": Fraction(10, 150),
    "campaign_response_rate": Fraction(14, 140),
    "form_submissions": 2,
    "lead_capture_rate": Fraction(4, 11),
    "new_leads": 4,
    "lead_source_quality": Fraction(2, 4),
    "campaign_conversion_rate": Fraction(7, 140),
    "campaign_conversion_rate_by_visit": Fraction(2, 10),
    # qualification
    "qualified_leads": 3,
    "qualification_rate": Fraction(2, 4),
    "cost_per_qualified_lead": Fraction(900, 3),
    "cost_per_qualified_lead_attributed": 900,
    "lead_scoring_precision": Fraction(1, 2),
    "lead_scoring_precision_qualified": 1,
    "lead_scoring_recall": Fraction(1, 2),
    "lead_scoring_auc": Absence.TOO_FEW,
    "lead_response_hours": 24,
    "lead_response_p90_hours": 24 + Fraction(8, 10) * 48,
    "lead_response_within_sla": Fraction(1, 4),
    "lead_response_business_hours": 8,
    "lead_to_opportunity_rate": Fraction(1, 4),
    "lead_conversion_rate": Fraction(2, 4),
    # sales
    "calls_made": 4,
    "emails_sent": 3,
    "meetings_booked": 2,
    "meetings_held": 3,
    "follow_ups_completed": 4,
    "follow_up_on_time_rate": Fraction(1, 3),
    "email_response_rate": Fraction(1, 3),
    "call_connect_rate": Fraction(2, 4),
    "qualified_meetings": 2,
    "opportunities_created": 5,
    "pipeline_created": 4700,
    "open_opportunities": 3,
    "pipeline_value": 3100,
    "weighted_pipeline": 2000 * Fraction(1, 2) + 700 * Fraction(2, 10),
    "pipeline_coverage": Fraction(700, 10_000),
    "pipeline_coverage_remaining": Fraction(700, 10_000 - WON),
    "pipeline_coverage_weighted": Fraction(140, 10_000),
    "proposal_rate": Fraction(2, 5),
    "slipped_deals": 1,
    "forecast_accuracy": 1 - Fraction(500 + 1000, WON),
    "forecast_bias": Fraction(500 - 1000, WON),
    "opportunity_conversion_rate": Fraction(2, 5),
    "opportunities_still_open_rate": Fraction(2, 5),
    "win_rate": Fraction(3, 4),
    "win_rate_value": Fraction(WON, 5000),
    "won_deals": 3,
    "won_revenue": WON,
    "average_deal_size": 1500,
    "average_deal_size_without_renewals": 750,
    "median_deal_size": 1000,
    "sales_cycle_days": 60,
    "sales_cycle_mean_days": CYCLE,
    "lost_cycle_days": 30,
    "pipeline_velocity": 4 * Fraction(3, 4) * 1500 / CYCLE,
    "pipeline_velocity_open": 3 * Fraction(3, 4) * 1500 / CYCLE,
    "quota_attainment": Fraction(WON, 10_000),
    # onboarding
    "activation_days": Fraction(10 + 70, 2),
    "activation_p90_days": 10 + Fraction(9, 10) * 60,
    "onboarding_completion_rate": Fraction(1, 2),
    # service
    "first_response_hours": 2,
    "first_response_p90_hours": 2 + Fraction(8, 10) * 22,
    "first_response_business_hours": 2,
    "sla_first_response_rate": Fraction(1, 3),
    "resolution_hours": 36,
    "resolution_p90_hours": 48 + Fraction(7, 10) * 720,
    "sla_resolution_rate": Fraction(1, 3),
    "tickets_created": 5,
    "open_tickets": 2,
    "reopen_rate": Fraction(1, 3),
    "first_contact_resolution": Fraction(1, 3),
    "first_contact_resolution_one_reply": Fraction(1, 3),
    "csat": Fraction(2, 3),
    "csat_response_rate": Fraction(3, 4),
    "complaints": 2,
    # retention
    "mrr": 530,
    "mrr_growth_rate": Fraction(530 - 700, 700),
    "active_customers": 3,
    "new_customers": 1,
    "customer_churn_rate": Fraction(1, 3),
    "revenue_churn_rate": Fraction(300, 700),
    "gross_revenue_retention": Fraction(400, 700),
    "net_revenue_retention": Fraction(450, 700),
    "expansion_revenue": 50,
    "expansion_revenue_booked": 50,
    "lost_revenue_booked": 300,
    "upsell_rate": Fraction(1, 3),
    # 1 lost of the customers at the start of each month from February: 3, 3, 3, 3 and 4
    "customer_lifetime_value": Fraction(530, 3) * Fraction(8, 10) / Fraction(1, 16),
    "product_usage_days": Fraction(3, 3),
    "customer_health": sum(HEALTH.values()) / 3,
    "at_risk_revenue": 300,
    "renewal_rate": Fraction(2, 4),
    "renewal_rate_decided": Fraction(2, 3),
    "renewals_pending_rate": Fraction(1, 4),
    "renewal_rate_value": Fraction(120 + 50, 450),
    "net_revenue_retention_by_renewal": Fraction(120 + 50, 350),
    "campaign_roi": Fraction(1000 + 50 - 900, 900),
    "campaign_roi_by_close": Fraction(1000 - 900, 900),
}
BESIDE = {
    "lead_response_hours": {"open": 1},
    "first_response_hours": {"open": 2},
    "open_opportunities": {"undated": 1},
    "activation_days": {},
}


@lru_cache
def readings() -> dict[str, Reading]:
    """Return what the engine says of the quarter, every KPI in one question."""
    catalogue = shipped_catalogue()
    loaded = {"source": "us", "seq": 1, "loaded_at": LOADED, "deleted": False}
    crm = {name: [{**loaded, **row} for row in rows] for name, rows in small_crm().items()}
    question = Question(tuple(catalogue), (Grain.QUARTER,), *QUARTER, TODAY)
    asked = Asked(crm, catalogue, STAGES, Rules(), question, LOADED)
    with engine(asked, Settings()) as one:
        return {row.kpi: row.reading for row in one.ask(question).rows()}


def test_every_kpi_that_ships_is_counted_by_hand_here():
    assert sorted(EXPECTED) == sorted(written())


@pytest.mark.parametrize("key", list(EXPECTED))
def test_a_kpi_gives_what_counting_by_hand_gives(key: str):
    reading, expected = readings()[key], EXPECTED[key]
    if isinstance(expected, Absence):
        assert (reading.state, reading.reason) == (State.ABSENT, expected.value)
    else:
        assert reading.state is State.FINAL, reading.reason
        assert reading.value == pytest.approx(float(expected), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("key", list(BESIDE))
def test_what_a_number_hides_stands_beside_it(key: str):
    assert dict(readings()[key].beside) == BESIDE[key]
