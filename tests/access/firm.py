"""A company counted by hand, behind the real doors, in which people answer for KPIs."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kpi_engine.definitions.kinds import KpiKey
from portal.app import Joined
from portal.models.observations import ScopeKind
from portal.models.ownership import Help
from portal.models.people import everybody
from portal.security.roles import Role
from portal.services import ownership_changes, people, shares
from portal.services.auditing import Trace
from portal.services.desks import open_desk
from portal.services.numbers import TENANT, Who
from portal.services.ownership_changes import NewHelp, OwnerChange
from portal.services.people import NewPerson
from portal.services.shares import NewShare, NewSplit
from portal.services.signing_in import actor_of
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from tests.kpi_page.conftest import NOW
from tests.web.conftest import new_browser
from tests.web.portals import PASSWORD, Browser, Clock

TODAY = NOW.date()
WON, RATE = KpiKey("won_revenue"), KpiKey("win_rate")
NORTH, SOUTH = (Who(ScopeKind.TEAM, f"crm\x1f{name}") for name in ("north", "south"))


@dataclass
class Firm:
    """One tenant with its portal; people are known by the name that a test gives them."""

    joined: Joined
    database: Database
    tenant: TenantKey
    clock: Clock
    ids: dict[str, uuid.UUID] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def add(self, *roles: str, user: str | None = None, team: str | None = None) -> str:
        """Add somebody of these roles, and return the address that they sign in with."""
        email = f"p{uuid.uuid4().hex[:10]}@example.org"
        new = NewPerson(email, roles, user, team, PASSWORD, name=email.partition("@")[0])
        with self.database.session(self.tenant) as session:
            self.ids[email] = people.add(session, new, NOW).id
        return email

    def ask(self, email: str, path: str):
        """Return what somebody is answered; they sign in at the first time."""
        if email not in self.browsers:
            self.browsers[email] = new_browser(self.joined)
            assert self.browsers[email].sign_in(email).status_code == 303
        return self.browsers[email].get(path)

    def chief(self, session):
        """Open the desk of an executive at the moment of the clock."""
        rows = session.scalars(everybody()).all()
        row = next((one for one in rows if Role.EXECUTIVE.value in one.roles), None)
        if row is None:
            self.add("executive")
            return self.chief(session)
        return open_desk(session, actor_of(self.tenant, row), self.clock())

    def own(self, kpi: KpiKey, email: str | None, who: Who = TENANT, since: date = TODAY) -> None:
        """Let somebody be accountable for a KPI from a day on; None ends it."""
        with self.database.session(self.tenant) as session:
            person = None if email is None else self.ids[email]
            change = OwnerChange(kpi, person, since, who=who)
            ownership_changes.set_owner(self.chief(session), change, Trace(self.clock()))

    def help(self, kpi: KpiKey, email: str, kind: Help, first: date, last: date | None) -> None:
        """Let somebody update or cover a KPI of the company."""
        with self.database.session(self.tenant) as session:
            new = NewHelp(kpi, kind, self.ids[email], first, last)
            ownership_changes.add_help(self.chief(session), new, Trace(self.clock()))

    def share(self, kpi: KpiKey, *emails: str) -> None:
        """Share a KPI of the company in equal parts."""
        parts = tuple(
            NewShare(f"Part {at}", self.ids[one], Decimal(100) / len(emails), "Do it well.")
            for at, one in enumerate(emails)
        )
        with self.database.session(self.tenant) as session:
            shares.set_shares(self.chief(session), NewSplit(kpi, parts), Trace(self.clock()))
