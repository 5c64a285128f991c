"""What a page of the company's numbers is read with: one transaction, one person, one calendar.

And whose numbers in which period are asked for: the address says so, the person's reach allows it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.periods import Calendar, Grain, Period
from portal.errors import BadInputError, DeniedError
from portal.models.observations import ScopeKind
from portal.readmodels.formats import Formats
from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.security.reach import Reach
from portal.security.roles import Role
from portal.services import moments, numbers, ownership, reaches, tenants
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

    def moment(self, moment: datetime) -> str:
        """Return a moment in words, as the tenant's clock has it."""
        return self.formats.moment(moment.astimezone(self._zone))

    def day_of(self, moment: datetime, *, year: bool = True) -> str:
        """Return the day of a moment in words, as the tenant's calendar has it."""
        return self.formats.day(moment.astimezone(self._zone).date(), year=year)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.card.timezone)

    def may(self, permission: Permission) -> bool:
        """Say whether the person may do something."""
        return isinstance(may(self.actor, permission), Allowed)

    def sees(self, kpi: str, who: Who) -> bool:
        """Say whether the numbers of one KPI in a scope are open to the person."""
        return self.reach.sees(kpi, who.kind, who.id)

    def spans(self, who: Who) -> bool:
        """Say whether all of a scope is open: every KPI, and what belongs to no single one."""
        return self.reach.spans(who.kind, who.id)

    def touches(self, who: Who) -> bool:
        """Say whether any number of a scope is open; a page of several KPIs checks each."""
        return self.reach.touches(who.kind, who.id)


def open_desk(session: TenantSession, actor: Actor, now: datetime) -> Desk:
    """Return the desk of a person in the session's tenant."""
    card = tenants.get(session)
    calendar = calendar_of(card)
    known = roster(session)
    today = calendar.local_date(moments.naive(now))
    return Desk(
        session,
        actor,
        card,
        catalogue_of(session, card),
        calendar,
        known,
        reaches.reach(session, actor, today, known),
        Formats(actor.locale, card.currency),
        now,
        today,
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
    if team is None or not desk.touches(Who(ScopeKind.TEAM, team.key)):
        raise NoReachError(tr("There is no team of that name whose numbers are open to you."))
    return Who(ScopeKind.TEAM, team.key), team.name, team.id


def widest(desk: Desk) -> tuple[Who, str, str]:
    """Return the most that the person sees: whose numbers, their name, the team's id if a team's.

    What their roles give comes first: there every KPI is open. Else it is what they answer for.

    Raises:
        NoReachError: if no numbers at all are open to the person.
    """
    for who in _given(desk):
        if desk.spans(who):
            return named(desk, who)
    for who in _answered(desk):
        if desk.touches(who):
            return named(desk, who)
    raise NoReachError(_why_nothing(desk))


def widest_of(desk: Desk, kpi: str) -> Who:
    """Return the most of one KPI that the person sees: the company, or else a team, or a person.

    Raises:
        NoReachError: if no number of it is open to the person.
    """
    whole, *given = _given(desk)
    for who in (whole, *_teams(given), *_answered(desk), *given):
        if desk.sees(kpi, who):
            return who
    # Whoever sees other numbers is told of this one; a KPI is no secret, its numbers are.
    widest(desk)
    raise NoReachError(_why_not(desk, kpi))


def named(desk: Desk, who: Who) -> tuple[Who, str, str]:
    """Return a scope with its name, and its team's id where it is a team's."""
    if who == TENANT:
        return who, tr(WHOLE), ""
    team = desk.roster.teams.get(who.id) if who.kind is ScopeKind.TEAM else None
    return who, desk.roster.name(who.id), team.id if team is not None else ""


def _given(desk: Desk) -> tuple[Who, ...]:
    """Return the scopes that a person may have by their roles, the widest first."""
    team = desk.roster.of_team(desk.actor.team_id)
    own = desk.roster.of_crm_user(desk.actor.crm_user_id)
    return (
        TENANT,
        *(() if team is None else (Who(ScopeKind.TEAM, team.key),)),
        *(() if own is None else (Who(ScopeKind.OWNER, own.key),)),
    )


def _answered(desk: Desk) -> Iterator[Who]:
    """Yield the scopes that somebody may answer for, the widest first."""
    known = desk.roster
    yield TENANT
    for team in sorted(known.teams, key=lambda one: (-len(known.below(one)), known.name(one))):
        yield Who(ScopeKind.TEAM, team)
    for person in sorted(known.people, key=known.name):
        yield Who(ScopeKind.OWNER, person)


def _teams(scopes: Iterable[Who]) -> tuple[Who, ...]:
    return tuple(who for who in scopes if who.kind is ScopeKind.TEAM)


def _why_nothing(desk: Desk) -> str:
    if Role.OWNER in desk.actor.roles and not desk.reach.answers:
        return tr(
            "Nobody has made you the owner of a KPI yet, so no numbers are open to you. An"
            " executive or an analyst of your company can name you as the owner of one."
        )
    return tr(
        "No numbers are open to you yet: your account is tied to no team and to nobody in the"
        " CRM. An administrator of your company can tie it."
    )


def _why_not(desk: Desk, kpi: str) -> str:
    found = ownership.answering(desk.session, (KpiKey(kpi),), desk.today).get(KpiKey(kpi))
    name = desk.catalogue[KpiKey(kpi)].name if kpi in desk.catalogue else kpi
    if found is None:
        return tr(
            "The numbers of {kpi} are not open to you: you see those of the KPIs that you answer"
            " for. Nobody answers for this one yet.",
            kpi=name,
        )
    return tr(
        "The numbers of {kpi} are not open to you: you see those of the KPIs that you answer for."
        " For this one {person} answers.",
        kpi=name,
        person=found.acting.name,
    )
