"""Which numbers a person may be told of: those within their reach, and those of their own KPIs.

Whoever answers for a KPI of the whole company sees its numbers of every scope, whatever their other
roles reach; whoever answers for a team's, sees that team's.
"""

from dataclasses import dataclass
from datetime import date, datetime

from kpi_engine.definitions.kinds import KpiKey
from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.security.reach import Reach, reach_of
from portal.services import moments, ownership, tenants
from portal.services.engines import calendar_of
from portal.services.numbers import TENANT, Who
from portal.services.rosters import roster
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may be told of."""

    reach: Reach
    own: frozenset[tuple[KpiKey, Who]] = frozenset()
    """The KPIs that they are accountable for, each with whose numbers."""

    def sees(self, kpi: str | None, who: Who | None) -> bool:
        """Say whether the person may be told of a KPI's number; of what tells none, always."""
        if who is None or self.reach.sees(who.kind, who.id):
            return True
        return kpi is not None and any((KpiKey(kpi), one) in self.own for one in (TENANT, who))


def sight_of(session: TenantSession, actor: Actor, now: datetime) -> Sight:
    """Return what a person may be told of at a moment."""
    reach = reach_of(actor, roster(session))
    if reach.everything or not isinstance(may(actor, Permission.KPI_READ), Allowed):
        return Sight(reach)
    today = calendar_of(tenants.get(session)).local_date(moments.naive(now))
    return Sight(reach, _own(session, actor, today))


def _own(session: TenantSession, actor: Actor, today: date) -> frozenset[tuple[KpiKey, Who]]:
    owned = ownership.owned_by(session, actor.person, today)
    return frozenset((one.kpi, one.who) for one in owned if one.accountable.id == actor.person)
