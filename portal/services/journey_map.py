"""The journey as the map draws it: which KPIs stand for a stage, and what leads to the next."""

from dataclasses import dataclass

from kpi_engine.definitions.described import KpiClass, Stage
from kpi_engine.language import mark


@dataclass(frozen=True, slots=True)
class Leg:
    """A column of the map. `volume` is the KPI that says how many are in the stage."""

    stage: Stage
    name: str
    volume: str
    noun: str
    """What the volume counts: 'visits'."""
    faces: tuple[tuple[KpiClass, tuple[str, ...]], ...]
    """For each class the KPIs that may stand for it, the first with a number is shown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """From one stage to the next: the KPI that tells the share, and its words."""

    kpi: str
    words: str


_A, _Q, _O = KpiClass.ACTIVITY, KpiClass.QUALITY, KpiClass.OUTCOME

LEGS = (
    Leg(
        Stage.AWARENESS,
        mark("Awareness"),
        "website_visits",
        mark("visits"),
        (
            (_A, ("website_visits",)),
            (_Q, ("campaign_response_rate", "email_bounce_rate", "event_participation")),
            (_O, ()),
        ),
    ),
    Leg(
        Stage.LEAD_GENERATION,
        mark("Lead generation"),
        "new_leads",
        mark("leads"),
        (
            (_A, ("new_leads", "form_submissions")),
            (_Q, ("lead_source_quality", "lead_capture_rate")),
            (_O, ("campaign_conversion_rate", "campaign_conversion_rate_by_visit")),
        ),
    ),
    Leg(
        Stage.QUALIFICATION,
        mark("Qualification"),
        "qualified_leads",
        mark("qualified leads"),
        (
            (_A, ()),
            (_Q, ("lead_response_within_sla", "lead_response_hours", "qualification_rate")),
            (_O, ("lead_conversion_rate", "cost_per_qualified_lead")),
        ),
    ),
    Leg(
        Stage.SALES,
        mark("Sales"),
        "opportunities_created",
        mark("opportunities"),
        (
            (_A, ("opportunities_created", "meetings_booked", "calls_made")),
            (_Q, ("win_rate", "proposal_rate", "pipeline_value")),
            (_O, ("won_revenue", "won_deals", "quota_attainment")),
        ),
    ),
    Leg(
        Stage.ONBOARDING,
        mark("Onboarding"),
        "new_customers",
        mark("new customers"),
        (
            (_A, ()),
            (_Q, ("activation_days", "activation_p90_days")),
            (_O, ("onboarding_completion_rate",)),
        ),
    ),
    Leg(
        Stage.RETENTION,
        mark("Retention"),
        "active_customers",
        mark("customers"),
        (
            (_A, ()),
            (_Q, ("customer_health", "product_usage_days", "at_risk_revenue")),
            (_O, ("net_revenue_retention", "renewal_rate", "customer_churn_rate")),
        ),
    ),
)
"""The stages from awareness to retention; what no KPI of a class measures is an empty cell."""

PASSAGES = (
    Passage("lead_capture_rate", mark("leave their details")),
    Passage("qualification_rate", mark("are worth pursuing")),
    Passage("lead_to_opportunity_rate", mark("become opportunities")),
    Passage("win_rate", mark("are won")),
    Passage("onboarding_completion_rate", mark("finish onboarding")),
)
"""Between each stage and the next, one fewer than there are stages."""

SERVICE = ("first_response_hours", "sla_resolution_rate", "csat", "open_tickets")
"""What the lane of service shows, which carries onboarding and retention."""
KINDS = {
    KpiClass.ACTIVITY: mark("Activity"),
    KpiClass.QUALITY: mark("Quality"),
    KpiClass.OUTCOME: mark("Outcome"),
}
"""What the classes are called on the map."""
NO_NUMBER = {
    KpiClass.ACTIVITY: mark("No activity KPI here has a number"),
    KpiClass.QUALITY: mark("No quality KPI here has a number"),
    KpiClass.OUTCOME: mark("No outcome KPI here has a number"),
}
"""What is said of a cell whose KPIs have no number."""
NONE = {
    KpiClass.ACTIVITY: mark("No activity KPI here"),
    KpiClass.QUALITY: mark("No quality KPI here"),
    KpiClass.OUTCOME: mark("No outcome KPI here"),
}
"""What is said of a cell without any KPI."""
ALL = mark(
    "Stage colour: mean attainment of all its KPIs with a target. Rows: activity, quality,"
    " outcome. Change against {period}."
)
OWN = mark(
    "You see the KPIs that you answer for. Stage colour: mean attainment of those with a target."
    " Rows: activity, quality, outcome. Change against {period}."
)
"""How the map is to be read: by who sees all of it, and by who sees their own KPIs of it."""
