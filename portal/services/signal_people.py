"""Who is told what: owners of a KPI, leaders of their team's numbers; never what is not theirs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from portal.models import people as questions
from portal.models.observations import ScopeKind
from portal.readmodels.formats import Formats
from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.security.reach import Reach, team_led
from portal.services import ownership, reaches
from portal.services.numbers import TENANT, Who
from portal.services.rosters import Roster
from portal.services.signal_facts import House, Scope
from portal.services.signing_in import actor_of
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be told: with the roles and the reach of this moment."""

    actor: Actor
    reach: Reach
    formats: Formats
    leads: str | None
    """The key of the team that they lead."""

    def sees(self, kpi: str, scope: Scope) -> bool:
        """Say whether a KPI's numbers of a scope are open to the person."""
        return self.reach.sees(kpi, scope.who.kind, scope.who.id)

    def may(self, permission: Permission) -> bool:
        """Say whether the person may do something."""
        return isinstance(may(self.actor, permission), Allowed)


def readers(
    session: TenantSession, roster: Roster, currency: str, today: date
) -> Mapping[UUID, Reader]:
    """Return everybody who has an account that is not shut, with what they answer for today."""
    found = {}
    answers = reaches.answers_of_all(ownership.everything(session, today), roster)
    for row in session.scalars(questions.everybody()):
        if row.disabled_at is None:
            actor = actor_of(session.tenant, row)
            formats = Formats(actor.locale, currency)
            led = team_led(actor, roster)
            found[row.id] = Reader(actor, reaches.reach_among(actor, roster, answers), formats, led)
    return found


def scopes(house: House, people: Mapping[UUID, Reader]) -> tuple[Scope, ...]:
    """Return whose numbers are watched: the whole company's, and of teams that somebody leads."""
    led = {reader.leads for reader in people.values() if reader.leads}
    teams = [house.roster.teams[key] for key in sorted(led) if key in house.roster.teams]
    return (
        Scope(TENANT),
        *(Scope(Who(ScopeKind.TEAM, team.key), team.name, team.id) for team in teams),
    )


def told(
    house: House, scope: Scope, kpis: Collection[KpiKey], people: Mapping[UUID, Reader]
) -> Mapping[KpiKey, tuple[Reader, ...]]:
    """Return who is told of each KPI of a scope, each person once.

    The accountable owner, the co-owners and today's cover; of a team's numbers also who leads it.
    Whoever may not see the number now is not told.
    """
    owned = ownership.owners(house.session, kpis, house.today, scope.who)
    heads = {reader.actor.person for reader in people.values() if _leads(reader, scope)}
    found = {}
    for kpi in kpis:
        mine = heads | _involved(owned.get(kpi))
        found[kpi] = tuple(
            people[one]
            for one in sorted(mine)
            if one in people and _may_see(people[one], scope, kpi)
        )
    return found


def _leads(reader: Reader, scope: Scope) -> bool:
    return scope.who.kind is ScopeKind.TEAM and reader.leads == scope.who.id


def _involved(owned: ownership.Ownership | None) -> set[UUID]:
    if owned is None:
        return set()
    found = {owned.accountable.id, *(share.person.id for share in owned.shares)}
    return found | ({owned.cover.id} if owned.cover is not None else set())


def _may_see(reader: Reader, scope: Scope, kpi: KpiKey) -> bool:
    return reader.sees(kpi, scope) and reader.may(Permission.KPI_READ)
