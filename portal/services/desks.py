"""What a page of the company's numbers is read with: one transaction, one person, one calendar.

And whose numbers in which period are asked for: the address says so, the person's reach allows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.language import mark, tr
from kpi_engine.periods import Calendar, Grain, Period
from portal.errors import BadInputError, DeniedError
from portal.models.observations import ScopeKind
from portal.readmodels.formats import Formats
from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.security.reach import Reach, reach_of
from portal.services import moments, numbers, tenants
from portal.services.engines import calendar_of, catalogue_of
from portal.services.numbers import TENANT, Who
from portal.services.periods import period_of
from portal.services.rosters import Roster, roster
from portal.services.tenants import TenantCard
from portal.tenancy.session import TenantSession

WHOLE = mark("Whole company")


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of numbers needs."""

    session: TenantSession
    actor: Actor
    card: TenantCard
    catalogue: Catalogue
    calendar: Calendar
    roster: Roster
    reach: Reach
    formats: Formats
    now: datetime
    today: date

    def may(self, permission: Permission) -> bool:
        """Say whether the person may do something."""
        return isinstance(may(self.actor, permission), Allowed)


def open_desk(session: TenantSession, actor: Actor, now: datetime) -> Desk:
    """Return the desk of a person in the session's tenant."""
    card = tenants.get(session)
    calendar = calendar_of(card)
    known = roster(session)
    return Desk(
        session,
        actor,
        card,
        catalogue_of(session, card),
        calendar,
        known,
        reach_of(actor, known),
        Formats(actor.locale, card.currency),
        now,
        calendar.local_date(moments.naive(now)),
    )


def formats_of(session: TenantSession, actor: Actor) -> Formats:
    """Return how a person reads numbers and dates, where a page shows none of the KPIs."""
    return Formats(actor.locale, tenants.get(session).currency)


@dataclass(frozen=True, slots=True)
class View:
    """Whose numbers, and up to which closed period."""

    who: Who
    name: str
    """Whose they are, by name."""
    team: str
    """The team's id as the address has it; empty for the whole."""
    last: Period


class NoReachError(DeniedError):
    """The person may not see the numbers that the address names."""


def view_of(desk: Desk, query: Mapping[str, str], grain: Grain) -> View:
    """Return what the address asks for; what it leaves out is the most that the person sees.

    Raises:
        BadInputError: if the period or team is none, or the period has not ended.
        NoReachError: if the numbers are not for this person.
    """
    who, name, team = _who(desk, query.get("team", ""))
    return View(who, name, team, _last(desk, query.get("period", ""), grain))


def _last(desk: Desk, label: str, grain: Grain) -> Period:
    latest = numbers.latest(desk.session, desk.calendar, grain, desk.today)
    if not label:
        return latest
    period = period_of(label, desk.calendar)
    if period.grain is not grain:
        # A link from a page by quarter still opens a page by month: at the quarter's last month.
        period = desk.calendar.holding(_last_day(period), grain)
    if period.start > latest.start:
        raise BadInputError(
            tr(
                "{period} has no final numbers. The last that has is {latest}.",
                period=desk.formats.period(period),
                latest=desk.formats.period(latest),
            )
        )
    return period


def _last_day(period: Period) -> date:
    return date.fromordinal(period.end.toordinal() - 1)


def _who(desk: Desk, team_id: str) -> tuple[Who, str, str]:
    if not team_id:
        return widest(desk)
    team = desk.roster.of_team(team_id)
    # A team that is not the person's is told like one that there is not.
    if team is None or not desk.reach.sees(ScopeKind.TEAM, team.key):
        raise NoReachError(tr("There is no team of that name whose numbers are open to you."))
    return Who(ScopeKind.TEAM, team.key), team.name, team.id


def widest(desk: Desk) -> tuple[Who, str, str]:
    """Return the most that the person sees: whose numbers, their name, the team's id if a team's.

    Raises:
        NoReachError: if no numbers at all are open to the person.
    """
    if desk.reach.sees(ScopeKind.TENANT, ""):
        return TENANT, tr(WHOLE), ""
    team = desk.roster.of_team(desk.actor.team_id)
    if team is not None and desk.reach.sees(ScopeKind.TEAM, team.key):
        return Who(ScopeKind.TEAM, team.key), team.name, team.id
    own = desk.roster.of_crm_user(desk.actor.crm_user_id)
    if own is not None and desk.reach.sees(ScopeKind.OWNER, own.key):
        return Who(ScopeKind.OWNER, own.key), own.name, ""
    raise NoReachError(
        tr(
            "No numbers are open to you yet: your account is tied to no team and to nobody in the"
            " CRM. An administrator of your company can tie it."
        )
    )
