"""The company of `company.py`, with numbers up to May 2017, and ways to share its KPIs."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest

from kpi_engine.periods import Grain
from portal.models.ownership import KpiOwner, KpiShare, KpiSplit
from portal.security.roles import Role
from portal.services import refreshing
from portal.services.attributions import attribution
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from portal.tenancy.keys import TenantKey
from tests.attribution.company import TABLES
from tests.kpis.place import Place, desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 5, 20, 12, tzinfo=UTC)
LONG_AGO = date(2017, 1, 1)
_REVISIONS = count(1)


class Company(Place):
    """The same, with desks of its people, shares, and who moved its KPIs from February to March."""

    @contextmanager
    def desk(self, role=Role.EXECUTIVE, user=None, team=None):
        """Open the desk of somebody."""
        actor = self.actor(role, user, team)
        with self.database.session(self.tenant) as session:
            yield open_desk(session, actor, NOW)

    def moved(self, kpi, who=TENANT, *, role=Role.EXECUTIVE, user=None, team=None):
        """Return who moved a KPI from February to March."""
        with self.desk(role, user, team) as desk:
            before, now = (
                desk.calendar.holding(date(2017, month, 1), Grain.MONTH) for month in (2, 3)
            )
            found = desk.catalogue.kpi(kpi)
            return attribution(self.workshop, desk, found, who, before, now)

    def share(self, kpi, shares: Sequence[tuple[str, str | None, int]]):
        """Share a KPI: components with the KPI that each answers for, and its per cent."""
        people = [self.actor(Role.OWNER, f"u{place}").person for place in range(len(shares))]
        owner = {"kpi": kpi, "scope_kind": "tenant", "scope_id": ""}
        said = {"set_by": None, "set_by_name": "test", "set_at": NOW}
        with self.database.session(self.tenant) as session:
            number = next(_REVISIONS)
            session.add(
                KpiOwner(
                    **owner, **said, from_day=LONG_AGO, revision=number, person=people[0], reason=""
                )
            )
            split = KpiSplit(**owner, **said, from_day=LONG_AGO, revision=number)
            session.add(split)
            session.flush()
            for place, (component, key, percent) in enumerate(shares):
                session.add(
                    KpiShare(
                        split=split.id,
                        position=place + 1,
                        component=component,
                        person=people[place],
                        percent=Decimal(percent),
                        responsibility=f"Mind the {component}.",
                        input=key,
                    )
                )


@pytest.fixture(scope="session")
def company(desk, database, workshop) -> Company:
    """The company; the last word on the shares of a KPI holds."""
    tenant = TenantKey(desk.tenant("--currency", "EUR"))
    desk.bring(tenant, TABLES, "--as-of", "2017-05-20T10:00:00Z")
    refreshing.refresh(workshop, tenant, NOW, back=5)
    return Company(tenant, database, workshop)
