"""Which numbers a person may be told of: those of their roles' scopes, and of their own KPIs."""

from dataclasses import dataclass
from datetime import datetime

from portal.security.actor import Actor
from portal.security.reach import Reach
from portal.services import reaches
from portal.services.numbers import Who
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person may be told of."""

    reach: Reach

    def sees(self, kpi: str | None, who: Who | None) -> bool:
        """Say whether the person may be told of a KPI's number; of what tells none, always."""
        if who is None:
            return True
        if kpi is None:
            return self.reach.spans(who.kind, who.id)
        return self.reach.sees(kpi, who.kind, who.id)


def sight_of(session: TenantSession, actor: Actor, now: datetime) -> Sight:
    """Return what a person may be told of at a moment."""
    return Sight(reaches.reach_at(session, actor, now))
