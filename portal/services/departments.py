"""What the home of each department shows: its KPIs, its trends, its tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kpi_engine.definitions.described import Department
from kpi_engine.language import mark
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
    mark("Marketing"),
    mark("Which campaigns and sources bring leads that are worth having?"),
    ("new_leads", "lead_source_quality", "cost_per_qualified_lead", "campaign_conversion_rate"),
    (
        Drawn("leads", mark("Leads"), "new_leads", beside="qualified_leads"),
        Drawn(
            "quality", mark("Quality of leads"), "lead_source_quality", beside="lead_capture_rate"
        ),
    ),
    (
        Breakdown(
            "campaigns",
            mark("Campaigns"),
            mark("Leads of the period by the campaign that brought them, and what became of them."),
            Dimension.CAMPAIGN,
            mark("Campaign"),
            (
                ("new_leads", mark("New leads")),
                ("lead_source_quality", mark("Worth pursuing")),
                ("lead_to_opportunity_rate", mark("Became opportunities")),
                ("lead_conversion_rate", mark("Converted by now")),
                ("campaign_conversion_rate", mark("Converted")),
                ("won_revenue", mark("Won")),
            ),
            mark("No lead names a campaign in this period."),
        ),
        Breakdown(
            "costs",
            mark("What campaigns cost and return"),
            mark("Campaigns that started in the year; what they brought in by now."),
            Dimension.CAMPAIGN,
            mark("Campaign"),
            (
                ("new_leads", mark("New leads")),
                ("cost_per_qualified_lead_attributed", mark("Cost per qualified lead")),
                ("campaign_roi", mark("Return on its cost")),
            ),
            mark("No campaign has leads in this year."),
            Grain.YEAR,
        ),
        Breakdown(
            "sources",
            mark("Lead sources"),
            mark("Leads of the period by where they came from."),
            Dimension.LEAD_SOURCE,
            mark("Source"),
            (
                ("new_leads", mark("New leads")),
                ("lead_source_quality", mark("Worth pursuing")),
                ("lead_to_opportunity_rate", mark("Became opportunities")),
                ("lead_conversion_rate", mark("Converted by now")),
                ("win_rate", mark("Win rate")),
                ("won_revenue", mark("Won")),
            ),
            mark("No lead names a source in this period."),
        ),
    ),
)
_SERVICE = Plan(
    Department.SERVICE,
    mark("Customer service"),
    mark("Do customers get an answer in time, and are they content with it?"),
    ("first_response_hours", "resolution_hours", "open_tickets", "csat"),
    (
        Drawn("backlog", mark("Backlog"), "open_tickets", beside="tickets_created"),
        Drawn(
            "response", mark("Response"), "first_response_hours", beside="first_response_p90_hours"
        ),
        Drawn("satisfaction", mark("Satisfaction"), "csat", beside="sla_resolution_rate"),
    ),
    (
        Breakdown(
            "products",
            mark("By product"),
            mark("Tickets of the period by the product that they are about."),
            Dimension.PRODUCT,
            mark("Product"),
            (
                ("tickets_created", mark("Tickets")),
                ("complaints", mark("Complaints")),
                ("first_response_hours", mark("First response")),
                ("resolution_hours", mark("Resolution")),
                ("sla_resolution_rate", mark("Resolved in time")),
                ("csat", mark("Satisfied")),
            ),
            mark("No ticket names a product in this period."),
        ),
        Breakdown(
            "priorities",
            mark("By priority"),
            mark("Tickets of the period by their priority."),
            Dimension.PRIORITY,
            mark("Priority"),
            (
                ("tickets_created", mark("Tickets")),
                ("first_response_hours", mark("First response")),
                ("resolution_hours", mark("Resolution")),
                ("sla_resolution_rate", mark("Resolved in time")),
                ("csat", mark("Satisfied")),
            ),
            mark("No ticket has a priority in this period."),
        ),
    ),
)
_SUCCESS = Plan(
    Department.SUCCESS,
    mark("Customer success"),
    mark("Who is at risk before they leave, which renewals are due, and who grows?"),
    ("renewal_rate", "gross_revenue_retention", "at_risk_revenue", "expansion_revenue"),
    (
        Drawn("risk", mark("Revenue at risk"), "at_risk_revenue"),
        Drawn(
            "retention",
            mark("Retention"),
            "net_revenue_retention",
            beside="gross_revenue_retention",
        ),
        Drawn("expansion", mark("Expansion"), "expansion_revenue"),
    ),
    (
        Breakdown(
            "segments",
            mark("Risk and growth by segment"),
            mark("Customers at the end of the period by segment."),
            Dimension.SEGMENT,
            mark("Segment"),
            (
                ("mrr", mark("MRR")),
                ("active_customers", mark("Customers")),
                ("customer_health", mark("Health")),
                ("at_risk_revenue", mark("At risk")),
                ("customer_churn_rate", mark("Churn")),
                ("expansion_revenue", mark("Expansion")),
            ),
            mark("No account names a segment."),
        ),
        Breakdown(
            "industries",
            mark("Risk and growth by industry"),
            mark("Customers at the end of the period by industry."),
            Dimension.INDUSTRY,
            mark("Industry"),
            (
                ("mrr", mark("MRR")),
                ("active_customers", mark("Customers")),
                ("customer_health", mark("Health")),
                ("at_risk_revenue", mark("At risk")),
                ("customer_churn_rate", mark("Churn")),
                ("expansion_revenue", mark("Expansion")),
            ),
            mark("No account names an industry."),
        ),
    ),
    renewals=True,
)


def narrowed(plan: Plan, sees: Callable[[str], bool]) -> Plan:
    """Return what of a plan may be shown: its parts whose KPIs are open to the reader.

    A trend stays without what stands beside it, a table without the columns of other KPIs. What
    belongs to no single number goes by the KPI that it explains: renewals by the renewal rate.
    """
    trends = tuple(
        one if sees(one.beside) else replace(one, beside="") for one in plan.trends if sees(one.kpi)
    )
    tables = (
        replace(one, kpis=tuple(column for column in one.kpis if sees(column[0])))
        for one in plan.tables
    )
    return replace(
        plan,
        cards=tuple(kpi for kpi in plan.cards if sees(kpi)),
        trends=trends,
        tables=tuple(one for one in tables if one.kpis),
        renewals=plan.renewals and sees(_RENEWALS),
    )


_RENEWALS = "renewal_rate"

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
