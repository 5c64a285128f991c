"""Which KPIs are looked at, by whose roles: evidence for the review of the framework.

Kept is that a person had a KPI's page open on a day, not when, how often or how long. Nobody is
shown by name: what is told is how many of a role looked.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta

from kpi_engine.definitions.kinds import KpiKey
from portal.models import kpi_views as questions
from portal.models.kpi_views import KpiView
from portal.models.people import everybody
from portal.security.actor import Actor
from portal.security.permissions import GRANTS, Permission
from portal.security.roles import Role
from portal.tenancy.database import OUT_OF_REACH
from portal.tenancy.session import TenantSession

KEPT = timedelta(days=400)
"""A view is kept for so long: a year's review still finds the last one's evidence."""


def note(session: TenantSession, actor: Actor, kpi: KpiKey, day: date) -> None:
    """Keep that a person looked at a KPI on a day: once, and not while somebody looks as them.

    A page must not fail because it could not be noted that it was seen.
    """
    if actor.viewed_by is not None:
        return
    with suppress(*OUT_OF_REACH), session.begin_nested():
        if session.scalars(questions.view_of(actor.person, kpi, day)).one_or_none() is None:
            session.insert_new(KpiView(person_id=actor.person, kpi=kpi, seen_on=day))


def views(
    session: TenantSession, kpis: Collection[KpiKey], first: date, last: date
) -> Mapping[KpiKey, Mapping[Role, tuple[int, int]]]:
    """Return how many of each role saw each KPI in the days [first, last), of how many who may.

    Who has several roles counts in each of them. Roles that nobody has are left out.
    """
    roles = {
        row.id: frozenset(Role(each) for each in row.roles)
        for row in session.scalars(everybody())
        if row.disabled_at is None
    }
    may = {
        role: sum(role in held for held in roles.values())
        for role in Role
        if Permission.KPI_READ in GRANTS[role]
    }
    seen = {kpi: dict.fromkeys(may, 0) for kpi in kpis}
    for kpi, person in session.execute(questions.viewers(kpis, first, last)):
        for role in roles.get(person, frozenset()) & may.keys():
            seen[KpiKey(kpi)][role] += 1
    return {
        kpi: {role: (count, may[role]) for role, count in counts.items() if may[role]}
        for kpi, counts in seen.items()
    }


def viewers(
    session: TenantSession, kpis: Collection[KpiKey], first: date, last: date
) -> Mapping[KpiKey, int]:
    """Return how many people saw each KPI in the days [first, last), whatever their roles."""
    seen = Counter(KpiKey(kpi) for kpi, _ in session.execute(questions.viewers(kpis, first, last)))
    return {kpi: seen[kpi] for kpi in kpis}


def kept_since(session: TenantSession) -> date | None:
    """Return the first day of which a view is kept; None before anybody looked."""
    return session.scalars(questions.first_view()).one_or_none()


def forget(session: TenantSession, today: date) -> int:
    """Take away the views that are older than they may be kept; return how many."""
    done = session.execute(questions.views_before(today - KEPT))
    return int(getattr(done, "rowcount", 0))
