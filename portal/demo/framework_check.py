"""Gives the demo what the framework check reads of the past: who looked at what, and its score.

Who looks at which KPI is drawn by a fixed hash: the same on every machine. Some KPIs nobody opens.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from kpi_engine.definitions.kinds import KpiKey
from portal.demo.cast import CAST
from portal.demo.companies import KESTREL, Company
from portal.models.kpi_views import KpiView
from portal.models.people import Person, everybody
from portal.security.actor import Actor
from portal.security.permissions import GRANTS, Permission
from portal.security.roles import Role
from portal.services import (
    framework_scores,
    kpi_views,
    lifecycles,
    linting,
    moments,
    ownership,
    people,
    waivers,
)
from portal.services.auditing import Trace
from portal.services.linting import TenantGround
from portal.services.office import Office
from portal.services.waivers import NewWaiver
from portal.tenancy.session import TenantSession

_DAYS, _WEEKS = 206, 16
UNSEEN = ("emails_sent", "event_participation", "forecast_bias")
"""What nobody of the demo opens."""
_OFTEN, _SELDOM = 12, 2
"""In how many of 100 days an owner, or anybody else, looks at a KPI."""
_WHY = "What awareness brings about is read at lead capture, a stage later."
_FOR = timedelta(days=130)


def keep_the_past(office: Office, company: Company) -> None:
    """Keep views, a waiver and the score of the last weeks, unless there are any."""
    if company is not KESTREL:
        return
    now = office.now()
    with office.database.session(company.key) as session:
        if framework_scores.trend(session) or kpi_views.kept_since(session) is not None:
            return
        ground = linting.ground_of(session)
        today = ground.calendar.local_date(moments.naive(now))
        session.add_rows(KpiView, list(_views(session, ground, today)))
        _waive(session, company, today, Trace(now))
        for back in range(_WEEKS, -1, -2):
            day, moment = today - timedelta(weeks=back), now - timedelta(weeks=back)
            framework_scores.keep(session, linting.check(session, ground, day), day, moment)


def _views(
    session: TenantSession, ground: TenantGround, today: date
) -> Iterator[dict[str, object]]:
    kpis = sorted(lifecycles.adopted(session, ground.catalogue, today) - set(UNSEEN))
    owned = ownership.owners(session, kpis, today)
    for row in session.scalars(everybody()):
        if not _may_look(row):
            continue
        for kpi in kpis:
            mine = kpi in owned and owned[kpi].involves(row.id)
            yield from _of_person(row, kpi, today, _OFTEN if mine else _SELDOM)


def _of_person(row: Person, kpi: KpiKey, today: date, often: int) -> Iterator[dict[str, object]]:
    for back in range(_DAYS, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() < 5 and _drawn(row.email, kpi, day) < often:  # noqa: PLR2004 - a working day
            yield {"person_id": row.id, "kpi": kpi, "seen_on": day}


def _drawn(email: str, kpi: str, day: date) -> int:
    """Return 0 to 99, the same wherever the demo is made."""
    told = hashlib.sha256(f"{email} {kpi} {day}".encode()).digest()
    return int.from_bytes(told[:4]) % 100


def _may_look(row: Person) -> bool:
    roles = [Role(each) for each in row.roles]
    return row.disabled_at is None and any(Permission.KPI_READ in GRANTS[role] for role in roles)


def _waive(session: TenantSession, company: Company, today: date, trace: Trace) -> None:
    """Let one empty cell stand, in the name of the first executive."""
    chief = next(one for one in CAST if one.company == company.key and Role.EXECUTIVE in one.roles)
    card = people.find(session, chief.email)
    if card is None:
        return
    actor = Actor(company.key, card.id, card.email, chief.name, frozenset(chief.roles))
    new = NewWaiver("C22", "awareness/outcome", _WHY, (today + _FOR).isoformat())
    waivers.waive(session, actor, new, today, trace)
