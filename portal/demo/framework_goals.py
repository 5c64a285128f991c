"""Gives the demo its goals, and every KPI of them an owner, as a company that runs it would.

One KPI is left without an owner and one has a cover, so that the pages have something to tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from kpi_engine.definitions.kinds import KpiKey
from portal.demo.cast import CAST
from portal.demo.companies import KESTREL, Company
from portal.demo.generated.people import OTHERS, REGIONS
from portal.models.ownership import Help
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import (
    framework,
    goal_changes,
    goals,
    ownership,
    ownership_changes,
    shares,
)
from portal.services.auditing import Trace
from portal.services.desks import Desk, open_desk
from portal.services.goal_changes import GoalEdit
from portal.services.lifecycles import LifeMove, LifeState, move
from portal.services.office import Office
from portal.services.ownership import Person
from portal.services.ownership_changes import NewHelp, OwnerChange
from portal.services.shares import NewShare, NewSplit

CHIEF, MARKETING, SERVICE, SUCCESS, ANALYST = (OTHERS[number][1] for number in range(5))
DACH, NORDICS, UKI, SOUTH = (region.leader for region in REGIONS)
SHARED = KpiKey("lead_to_opportunity_rate")
UNOWNED = KpiKey("customer_lifetime_value")
"""Left to nobody, so that the pages have a gap to tell of."""
COVERED = KpiKey("csat")
_LED = timedelta(days=400)
"""So long ago most owners took on their KPIs."""
_AWAY = timedelta(days=9)
_SHARED_FOR = timedelta(days=300)

_OWNERS: Mapping[str, tuple[str, ...]] = {
    CHIEF: (
        *("won_revenue", "won_deals", "quota_attainment", "forecast_accuracy", "forecast_bias"),
        *("net_revenue_retention", "mrr", "mrr_growth_rate"),
    ),
    DACH: (
        *("win_rate", "opportunity_conversion_rate", "lead_conversion_rate"),
        *("lead_response_hours", "lead_response_within_sla"),
    ),
    NORDICS: (
        *("pipeline_value", "pipeline_velocity", "pipeline_coverage", "slipped_deals"),
        *("opportunities_created", "pipeline_coverage_remaining"),
    ),
    UKI: ("average_deal_size", "sales_cycle_days", "pipeline_created", "meetings_held"),
    SOUTH: (
        *("new_customers", "calls_made", "call_connect_rate", "emails_sent"),
        *("email_response_rate", "follow_up_on_time_rate"),
    ),
    MARKETING: (
        *(SHARED, "new_leads", "qualified_leads", "qualification_rate", "website_visits"),
        *("cost_per_qualified_lead", "campaign_response_rate", "campaign_roi"),
        "event_participation",
    ),
    SERVICE: (
        *("csat", "csat_response_rate", "complaints", "open_tickets", "reopen_rate"),
        *("first_response_hours", "sla_first_response_rate", "first_contact_resolution"),
        *("resolution_hours", "sla_resolution_rate"),
    ),
    SUCCESS: (
        *("gross_revenue_retention", "customer_churn_rate", "customer_health", "renewal_rate"),
        *("upsell_rate", "expansion_revenue", "product_usage_days", "activation_days"),
        *("onboarding_completion_rate", "at_risk_revenue", "active_customers"),
    ),
    ANALYST: (
        *("lead_source_quality", "lead_capture_rate", "campaign_conversion_rate"),
        *("cost_per_qualified_lead_attributed", "tickets_created", "first_response_p90_hours"),
    ),
}
"""Who is accountable for what; what the catalogue does not have is passed over."""

_UPDATERS: Mapping[str, tuple[str, ...]] = {
    ANALYST: ("won_revenue",),
    MARKETING: (
        *("lead_source_quality", "lead_capture_rate", "campaign_conversion_rate"),
        *("cost_per_qualified_lead_attributed", "lead_conversion_rate"),
    ),
    SERVICE: ("tickets_created", "first_response_p90_hours"),
    SUCCESS: ("mrr", "net_revenue_retention"),
}
"""Who keeps up to date what another is accountable for, and so sees its numbers too."""
RAVEN_CHIEF, RAVEN_SERVICE = "Edda Ravn", "Piotr Lis"
_RAVEN_OWNERS: Mapping[str, tuple[str, ...]] = {
    RAVEN_SERVICE: (
        *("first_response_hours", "first_response_p90_hours", "resolution_hours", "csat"),
        *("open_tickets", "tickets_created", "sla_resolution_rate"),
    ),
}
"""The other company has no goals of its own; one of its people answers for service."""

_LEADS: Mapping[str, str] = {"growth": CHIEF, "retention": SUCCESS, "lifetime_value": SUCCESS}
"""Who owns which goal."""


@dataclass(frozen=True, slots=True)
class _Seed:
    desk: Desk
    trace: Trace
    people: Mapping[str, Person]


def set_framework(office: Office, company: Company) -> None:
    """Say the goals and the owners of a demo company, unless somebody said any before."""
    now = office.now()
    if company is not KESTREL:
        _set_raven(office, company, now)
        return
    with office.database.session(company.key) as session:
        if goals.own_goals(session):
            return
        people = {one.name: one for one in ownership.everybody(session).values()}
        chief = _actor(company, people[CHIEF], (Role.EXECUTIVE,))
        seed = _Seed(open_desk(session, chief, now), Trace(now), people)
        _set_goals(seed)
        _set_owners(seed, _OWNERS)
        _share(seed)
        _set_helps(seed)
        _set_lives(seed)
        for name in (MARKETING, DACH):
            _acknowledge(company, seed, people[name], now)


def _set_raven(office: Office, company: Company, now: datetime) -> None:
    with office.database.session(company.key) as session:
        people = {one.name: one for one in ownership.everybody(session).values()}
        if RAVEN_SERVICE not in people:
            return
        chief = _actor(company, people[RAVEN_CHIEF], (Role.EXECUTIVE,))
        seed = _Seed(open_desk(session, chief, now), Trace(now), people)
        if not ownership.everything(session, seed.desk.today):
            _set_owners(seed, _RAVEN_OWNERS)


def _set_goals(seed: _Seed) -> None:
    start = seed.desk.today.replace(month=1, day=1)
    for goal in framework.goals(seed.desk.catalogue):
        owner = seed.people[_LEADS[goal.key]].id
        edit = GoalEdit(goal.name, goal.question, owner, start, None, goal.supports)
        goal_changes.add_goal(seed.desk, edit, seed.trace)


def _set_owners(seed: _Seed, owners: Mapping[str, tuple[str, ...]]) -> None:
    since = seed.desk.today - _LED
    for name, kpis in owners.items():
        for kpi in kpis:
            if kpi in seed.desk.catalogue:
                change = OwnerChange(KpiKey(kpi), seed.people[name].id, since)
                ownership_changes.set_owner(seed.desk, change, seed.trace)


def _share(seed: _Seed) -> None:
    """Lead-to-opportunity conversion is marketing's and sales': the right leads, worked well."""
    parts = (
        NewShare(
            "Lead quality",
            seed.people[MARKETING].id,
            Decimal(60),
            "Attract leads that fit the ideal customer profile, from sources that convert.",
            _known(seed, "qualification_rate"),
        ),
        NewShare(
            "Follow-up",
            seed.people[DACH].id,
            Decimal(40),
            "Work every fitting lead within 4 hours until it is an opportunity or out.",
            _known(seed, "lead_response_hours"),
        ),
    )
    # Long before the reviews that the demo looks back on.
    desk = replace(seed.desk, today=seed.desk.today - _SHARED_FOR)
    shares.set_shares(desk, NewSplit(SHARED, parts), seed.trace)


def _known(seed: _Seed, kpi: str) -> KpiKey | None:
    return KpiKey(kpi) if kpi in seed.desk.catalogue else None


def _set_helps(seed: _Seed) -> None:
    today = seed.desk.today
    cover = NewHelp(COVERED, Help.COVER, seed.people[SUCCESS].id, today - _AWAY, today + _AWAY)
    ownership_changes.add_help(seed.desk, cover, seed.trace)
    for name, kpis in _UPDATERS.items():
        for kpi in kpis:
            if kpi in seed.desk.catalogue:
                helping = NewHelp(KpiKey(kpi), Help.UPDATER, seed.people[name].id, today - _LED)
                ownership_changes.add_help(seed.desk, helping, seed.trace)


def _set_lives(seed: _Seed) -> None:
    asked = LifeMove(
        KpiKey("average_deal_size"),
        LifeState.UNDER_REVIEW,
        "A few large renewals pull it up; the median may say more.",
    )
    move(seed.desk, asked, seed.trace)


def _acknowledge(company: Company, seed: _Seed, person: Person, now: datetime) -> None:
    """Let a co-owner say themselves that a share is theirs."""
    actor = _actor(company, person, next(one.roles for one in CAST if one.name == person.name))
    desk = open_desk(seed.desk.session, actor, now)
    found = ownership.owners(desk.session, [SHARED], desk.today)[SHARED]
    for share in found.shares:
        if share.person.id == person.id:
            shares.acknowledge(desk, str(share.id), seed.trace)


def _actor(company: Company, person: Person, roles: tuple[Role, ...]) -> Actor:
    return Actor(company.key, person.id, person.email, person.name, frozenset(roles))
