"""What the home of each department shows: its KPIs, its trends, its tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_engine.definitions.described import Department
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension
from portal.services.breakdowns import Breakdown
from portal.services.trends import Drawn


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one home. Cards and trends together name at most seven KPIs."""

    department: Department
    title: str
    sub: str
    cards: tuple[str, ...]
    """The first four with numbers are shown."""
    trends: tuple[Drawn, ...]
    tables: tuple[Breakdown, ...]
    renewals: bool = False
    """Whether the renewals that come up are listed."""


_MARKETING = Plan(
    Department.MARKETING,
    "Marketing",
    "Which campaigns and sources bring leads that are worth having?",
    ("new_leads", "lead_source_quality", "cost_per_qualified_lead", "campaign_conversion_rate"),
    (
        Drawn("leads", "Leads", "new_leads", beside="qualified_leads"),
        Drawn("quality", "Quality of leads", "lead_source_quality", beside="lead_capture_rate"),
    ),
    (
        Breakdown(
            "campaigns",
            "Campaigns",
            "Leads of the period by the campaign that brought them, and what became of them.",
            Dimension.CAMPAIGN,
            "Campaign",
            (
                ("new_leads", "New leads"),
                ("lead_source_quality", "Worth pursuing"),
                ("lead_to_opportunity_rate", "Became opportunities"),
                ("lead_conversion_rate", "Became customers"),
                ("campaign_conversion_rate", "Converted"),
                ("won_revenue", "Won"),
            ),
            "No lead names a campaign in this period.",
        ),
        Breakdown(
            "costs",
            "What campaigns cost and return",
            "Campaigns that started in the year; what they brought in by now.",
            Dimension.CAMPAIGN,
            "Campaign",
            (
                ("new_leads", "New leads"),
                ("cost_per_qualified_lead_attributed", "Cost per qualified lead"),
                ("campaign_roi", "Return on its cost"),
            ),
            "No campaign has leads in this year.",
            Grain.YEAR,
        ),
        Breakdown(
            "sources",
            "Lead sources",
            "Leads of the period by where they came from.",
            Dimension.LEAD_SOURCE,
            "Source",
            (
                ("new_leads", "New leads"),
                ("lead_source_quality", "Worth pursuing"),
                ("lead_to_opportunity_rate", "Became opportunities"),
                ("lead_conversion_rate", "Became customers"),
                ("win_rate", "Win rate"),
                ("won_revenue", "Won"),
            ),
            "No lead names a source in this period.",
        ),
    ),
)
_SERVICE = Plan(
    Department.SERVICE,
    "Customer service",
    "Do customers get an answer in time, and are they content with it?",
    ("first_response_hours", "resolution_hours", "open_tickets", "csat"),
    (
        Drawn("backlog", "Backlog", "open_tickets", beside="tickets_created"),
        Drawn("response", "Response", "first_response_hours", beside="first_response_p90_hours"),
        Drawn("satisfaction", "Satisfaction", "csat", beside="sla_resolution_rate"),
    ),
    (
        Breakdown(
            "products",
            "By product",
            "Tickets of the period by the product that they are about.",
            Dimension.PRODUCT,
            "Product",
            (
                ("tickets_created", "Tickets"),
                ("complaints", "Complaints"),
                ("first_response_hours", "First response"),
                ("resolution_hours", "Resolution"),
                ("sla_resolution_rate", "Resolved in time"),
                ("csat", "Satisfied"),
            ),
            "No ticket names a product in this period.",
        ),
        Breakdown(
            "priorities",
            "By priority",
            "Tickets of the period by their priority.",
            Dimension.PRIORITY,
            "Priority",
            (
                ("tickets_created", "Tickets"),
                ("first_response_hours", "First response"),
                ("resolution_hours", "Resolution"),
                ("sla_resolution_rate", "Resolved in time"),
                ("csat", "Satisfied"),
            ),
            "No ticket has a priority in this period.",
        ),
    ),
)
_SUCCESS = Plan(
    Department.SUCCESS,
    "Customer success",
    "Who is at risk before they leave, which renewals are due, and who grows?",
    ("renewal_rate", "gross_revenue_retention", "at_risk_revenue", "expansion_revenue"),
    (
        Drawn("risk", "Revenue at risk", "at_risk_revenue"),
        Drawn("retention", "Retention", "net_revenue_retention", beside="gross_revenue_retention"),
        Drawn("expansion", "Expansion", "expansion_revenue"),
    ),
    (
        Breakdown(
            "segments",
            "Risk and growth by segment",
            "Customers at the end of the period by segment.",
            Dimension.SEGMENT,
            "Segment",
            (
                ("mrr", "MRR"),
                ("active_customers", "Customers"),
                ("customer_health", "Health"),
                ("at_risk_revenue", "At risk"),
                ("customer_churn_rate", "Churn"),
                ("expansion_revenue", "Expansion"),
            ),
            "No account names a segment.",
        ),
        Breakdown(
            "industries",
            "Risk and growth by industry",
            "Customers at the end of the period by industry.",
            Dimension.INDUSTRY,
            "Industry",
            (
                ("mrr", "MRR"),
                ("active_customers", "Customers"),
                ("customer_health", "Health"),
                ("at_risk_revenue", "At risk"),
                ("customer_churn_rate", "Churn"),
                ("expansion_revenue", "Expansion"),
            ),
            "No account names an industry.",
        ),
    ),
    renewals=True,
)

PLANS: Mapping[str, Plan] = {
    plan.department.value: plan for plan in (_MARKETING, _SERVICE, _SUCCESS)
}
"""By the word that an address has for it."""
_WORDS = {
    "marketing": "marketing",
    "demand": "marketing",
    "service": "service",
    "support": "service",
    "success": "success",
    "renewals": "success",
}


def of_team(name: str) -> str:
    """Return which department a team's name says that it is; empty where it says none."""
    words = name.lower().replace("-", " ").split()
    return next((_WORDS[word] for word in words if word in _WORDS), "")
