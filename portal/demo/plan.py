"""What the demo's companies want to reach: targets by month, quarter and year.

A plan is made before the year begins. It is not made from the numbers, so some are met and some
are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """What one KPI is to reach. `month`, `quarter`, `year`: None is not aimed at."""

    month: float | None = None
    quarter: float | None = None
    year: float | None = None
    spread: float | None = None
    """For a KPI that is good in a range: how far it may be off either way."""
    growth: float = 0.0
    """By how much the aim rises in a year."""
    each_team: bool = False
    """Whether every region aims at the same; counts and money are shared out."""
    each_seller: bool = False
    shared: bool = False
    """Whether it adds up over people: what a team aims at is its part of it."""


def _rate(value: float, *, team: bool = False, seller: bool = False) -> Aim:
    """The same at every grain."""
    return Aim(value, value, value, each_team=team, each_seller=seller)


def _flow(month: float, growth: float = 0.08, *, team: bool = False, seller: bool = False) -> Aim:
    """What adds up over time."""
    return Aim(
        month,
        3 * month,
        12 * month,
        growth=growth,
        each_team=team,
        each_seller=seller,
        shared=True,
    )


def _stock(value: float, growth: float = 0.0) -> Aim:
    """What stands at a period's end, the same for month and quarter."""
    return Aim(value, value, value, growth=growth)


KESTREL_AIMS: Mapping[str, Aim] = {
    "website_visits": _flow(12_200),
    "campaign_response_rate": _rate(0.026),
    "event_participation": _rate(0.58),
    "new_leads": _flow(205, team=True),
    "qualified_leads": _flow(80, team=True),
    "qualification_rate": _rate(0.37, team=True),
    "lead_to_opportunity_rate": _rate(0.21),
    "lead_conversion_rate": _rate(0.22),
    "lead_response_hours": _rate(2.7, team=True, seller=True),
    "lead_response_within_sla": _rate(0.58, team=True, seller=True),
    "cost_per_qualified_lead": _rate(290),
    "campaign_roi": Aim(quarter=4.0, year=4.0),
    "calls_made": Aim(430, 1_290, 5_160, 0.15, each_team=True, each_seller=True, shared=True),
    "emails_sent": Aim(600, 1_800, 7_200, 0.15, each_team=True, shared=True),
    "meetings_held": _flow(185, team=True, seller=True),
    "email_response_rate": _rate(0.24, team=True, seller=True),
    "call_connect_rate": _rate(0.31, team=True, seller=True),
    "follow_up_on_time_rate": _rate(0.84, team=True, seller=True),
    "opportunities_created": _flow(84, team=True),
    "win_rate": _rate(0.25, team=True, seller=True),
    "average_deal_size": _rate(36_000, team=True),
    "won_deals": _flow(20.5, team=True, seller=True),
    "sales_cycle_days": _rate(52, team=True, seller=True),
    "slipped_deals": Aim(5, 12, 40, each_team=True, shared=True),
    "quota_attainment": _rate(1.0, team=True, seller=True),
    "pipeline_value": _stock(3_900_000, 0.1),
    "pipeline_created": _flow(2_900_000, team=True, seller=True),
    "pipeline_coverage": Aim(quarter=1.6),
    "pipeline_coverage_remaining": Aim(quarter=3.0, each_team=True, each_seller=True),
    "forecast_accuracy": Aim(quarter=0.75, each_team=True),
    "forecast_bias": Aim(quarter=0.0, spread=0.08, each_team=True),
    "first_response_hours": _rate(0.95),
    "sla_first_response_rate": _rate(0.84),
    "resolution_hours": _rate(22.5),
    "sla_resolution_rate": _rate(0.76),
    "first_contact_resolution": _rate(0.42),
    "reopen_rate": _rate(0.07),
    "csat": _rate(0.88),
    "csat_response_rate": _rate(0.42),
    "open_tickets": _stock(22),
    "complaints": Aim(6, 18, 72, shared=True),
    "onboarding_completion_rate": _rate(0.85),
    "activation_days": _rate(5),
    "product_usage_days": Aim(9.6, 29.0),
    "mrr": _stock(1_480_000, 0.26),
    "mrr_growth_rate": Aim(0.021, 0.065, 0.26),
    "active_customers": _stock(405, 0.2),
    "new_customers": _flow(11, 0.05),
    "customer_churn_rate": Aim(0.008, 0.024, 0.10),
    "gross_revenue_retention": Aim(0.992, 0.975, 0.90),
    "net_revenue_retention": Aim(1.004, 1.012, 1.05),
    "expansion_revenue": _flow(15_500),
    "renewal_rate": _rate(0.90),
    "customer_health": _stock(81),
    "at_risk_revenue": _stock(18_000),
}
"""Counts and money are those of today's year; a year before they were smaller by the growth."""

RAVENSTACK_AIMS: Mapping[str, Aim] = {
    "mrr": _stock(9_000_000, 1.6),
    "active_customers": _stock(480, 0.9),
    "customer_churn_rate": Aim(0.02, 0.05),
    "net_revenue_retention": Aim(1.10, 1.40),
    "gross_revenue_retention": Aim(0.98, 0.95),
    "first_response_hours": _rate(1.5),
    "resolution_hours": _rate(36),
    "csat": _rate(0.65),
    "tickets_created": Aim(83, 250, spread=0.15),
    "open_tickets": _stock(8),
}
