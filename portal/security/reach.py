"""Whose numbers a person may see: everybody's, those of some teams and people, those of some KPIs.

A permission says what may be done; the reach says for whom. What is missing means nothing: a leader
without a team, a rep without a user of the CRM and an owner without a KPI see no number at all.

Roles give whole scopes, in which every KPI is open. Answering for a KPI gives scopes of that one.
So whether a number is open is asked of the KPI and the scope together (`sees`), and what tells of
no single KPI, as a list of deals, of the scope alone (`spans`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from portal.security.actor import Actor
from portal.security.roles import Role

TENANT, TEAM, OWNER = "tenant", "team", "owner"
"""The kinds of scope, as observations name them."""
_EVERYTHING = frozenset({Role.EXECUTIVE, Role.ANALYST})
SMALLEST_TEAM = 4
"""From so many members on, a member may see the team's median: nobody's own number shows in it."""


class Member(Protocol):
    """A person of the CRM, as far as the reach asks."""

    @property
    def key(self) -> str:
        """The person's key in the facts."""

    @property
    def team(self) -> str | None:
        """The key of their team."""


class Team(Protocol):
    """A team of the CRM, as far as the reach asks."""

    @property
    def key(self) -> str:
        """The team's key in the facts."""


class Roster(Protocol):
    """Who is in which team, and which team below which; `portal.services.rosters` has it."""

    def below(self, team_key: str) -> Iterable[str]:
        """The keys of the teams below one, at any depth."""

    def members(self, team_key: str, *, below: bool = True) -> Iterable[Member]:
        """The people of one team and, unless told otherwise, of those below it."""

    def of_crm_user(self, user_id: str | None) -> Member | None:
        """The person whom the CRM knows by that id."""

    def of_team(self, team_id: str | None) -> Team | None:
        """The team that the CRM knows by that id."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """Some scopes: all of them, or some teams and some people; empty holds none."""

    everything: bool = False
    teams: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    def holds(self, kind: str, scope_id: str) -> bool:
        """Say whether a scope is one of them; an unknown kind never is."""
        if self.everything:
            return kind in {TENANT, TEAM, OWNER}
        if kind == TEAM:
            return scope_id in self.teams
        return kind == OWNER and scope_id in self.owners

    def __or__(self, other: "Scopes") -> "Scopes":
        """Return the scopes of both."""
        return Scopes(
            self.everything or other.everything,
            self.teams | other.teams,
            self.owners | other.owners,
        )


NO_KPI: Mapping[str, Scopes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reach:
    """What one person sees: the scopes that their roles give, and those of their own KPIs."""

    by_role: Scopes = Scopes()
    median_of: str | None = None
    """The team whose median may be shown beside the person's own numbers."""
    answers: Mapping[str, Scopes] = field(default_factory=lambda: NO_KPI)
    """By the key of each KPI that the person answers for, the scopes in which they do."""

    @property
    def everything(self) -> bool:
        """Whether every number of every scope is open."""
        return self.by_role.everything

    @property
    def teams(self) -> frozenset[str]:
        """The teams that the roles give."""
        return self.by_role.teams

    def sees(self, kpi: str, kind: str, scope_id: str) -> bool:
        """Say whether the numbers of one KPI in one scope may be shown."""
        if self.by_role.holds(kind, scope_id):
            return True
        mine = self.answers.get(kpi)
        return mine is not None and mine.holds(kind, scope_id)

    def spans(self, kind: str, scope_id: str = "") -> bool:
        """Say whether everything of a scope may be shown: every KPI, and what belongs to none."""
        return self.by_role.holds(kind, scope_id)

    def touches(self, kind: str, scope_id: str = "") -> bool:
        """Say whether anything of a scope may be shown: a page of several KPIs checks each."""
        return self.spans(kind, scope_id) or any(
            mine.holds(kind, scope_id) for mine in self.answers.values()
        )


NOTHING = Reach()


def reach_of(actor: Actor, roster: Roster, answers: Mapping[str, Scopes] = NO_KPI) -> Reach:
    """Return the reach of a person: what any of their roles gives, together.

    Args:
        actor: Who.
        roster: Who is in which team.
        answers: The scopes of the KPIs that they answer for; left out, nothing is open by them.
    """
    if actor.roles & _EVERYTHING:
        return Reach(Scopes(everything=True))
    me = roster.of_crm_user(actor.crm_user_id) if actor.crm_user_id else None
    given = Scopes()
    if team := team_led(actor, roster):
        given = scopes_of(TEAM, team, roster)
    if me is not None and actor.roles & {Role.REP, Role.LEADER}:
        given |= Scopes(owners=frozenset({me.key}))
    median = _median(me, roster) if Role.REP in actor.roles else None
    return Reach(given, median, answers)


def scopes_of(kind: str, scope_id: str, roster: Roster) -> Scopes:
    """Return a scope with all that it is made of: a team with those below it and its people."""
    if kind == TENANT:
        return Scopes(everything=True)
    if kind == OWNER:
        return Scopes(owners=frozenset({scope_id}))
    if kind != TEAM:
        return Scopes()
    teams = frozenset({scope_id, *roster.below(scope_id)})
    people = (member.key for each in teams for member in roster.members(each))
    return Scopes(teams=teams, owners=frozenset(people))


def team_led(actor: Actor, roster: Roster) -> str | None:
    """Return the team that a leader leads: the one said of them, else the one that they are in."""
    if Role.LEADER not in actor.roles:
        return None
    if actor.team_id:
        said = roster.of_team(actor.team_id)
        return said.key if said is not None else None
    me = roster.of_crm_user(actor.crm_user_id) if actor.crm_user_id else None
    return me.team if me is not None else None


def _median(me: Member | None, roster: Roster) -> str | None:
    if me is None or me.team is None:
        return None
    return me.team if len(list(roster.members(me.team, below=False))) >= SMALLEST_TEAM else None
