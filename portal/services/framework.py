"""The framework that a tenant begins with: three strategic goals and the KPIs that support them.

It is the default and is told as such. A goal's weights say how much each KPI counts in its score.
"""

from collections.abc import Container
from dataclasses import dataclass, replace

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark


@dataclass(frozen=True, slots=True)
class Support:
    """A KPI that serves a goal, and how much it counts in the goal's score."""

    kpi: KpiKey
    weight: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A strategic goal with its KPIs, the weightiest first."""

    key: str
    name: str
    question: str
    supports: tuple[Support, ...]


def _goal(key: str, name: str, question: str, weights: dict[str, int]) -> Goal:
    supports = tuple(Support(KpiKey(kpi), weight) for kpi, weight in weights.items())
    return Goal(key, name, question, supports)


DEFAULT = (
    _goal(
        "growth",
        mark("Faster growth"),
        mark("Do we win more, larger deals from a healthy pipeline?"),
        {
            "won_revenue": 30,
            "win_rate": 20,
            "average_deal_size": 15,
            "pipeline_value": 15,
            "new_customers": 10,
            "lead_to_opportunity_rate": 10,
        },
    ),
    _goal(
        "retention",
        mark("Retention"),
        mark("Do customers stay, and are they content?"),
        {
            "gross_revenue_retention": 30,
            "customer_churn_rate": 25,
            "csat": 20,
            "customer_health": 15,
            "sla_resolution_rate": 10,
        },
    ),
    _goal(
        "lifetime_value",
        mark("Customer lifetime value"),
        mark("Is a customer worth more to us every year?"),
        {
            "customer_lifetime_value": 30,
            "renewal_rate": 25,
            "upsell_rate": 15,
            "expansion_revenue": 15,
            "product_usage_days": 15,
        },
    ),
)
TOLD = mark("Default framework: three goals with fixed weights.")
"""What a page says of where its goals come from."""


def goals(known: Container[KpiKey]) -> tuple[Goal, ...]:
    """Return the goals with those of their KPIs that the tenant's catalogue knows."""
    kept = (
        replace(goal, supports=tuple(one for one in goal.supports if one.kpi in known))
        for goal in DEFAULT
    )
    return tuple(goal for goal in kept if goal.supports)
