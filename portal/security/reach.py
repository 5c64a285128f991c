"""Whose numbers a person may see: everybody's, or those of some teams and some people.

A permission says what may be done; the reach says for whom. What is missing means nothing: a leader
without a team and a rep without a user of the CRM see no number at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from portal.security.actor import Actor
from portal.security.roles import Role

TENANT, TEAM, OWNER = "tenant", "team", "owner"
"""The kinds of scope, as observations name them."""
_EVERYTHING = frozenset({Role.EXECUTIVE, Role.ANALYST, Role.OWNER})
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
class Reach:
    """The scopes of one person; empty sees nothing."""

    everything: bool = False
    teams: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    median_of: str | None = None
    """The team whose median may be shown beside the person's own numbers."""

    def sees(self, kind: str, scope_id: str = "") -> bool:
        """Say whether a scope's numbers may be shown; an unknown kind's never."""
        if self.everything:
            return kind in {TENANT, TEAM, OWNER}
        if kind == TEAM:
            return scope_id in self.teams
        return kind == OWNER and scope_id in self.owners


NOTHING = Reach()


def reach_of(actor: Actor, roster: Roster) -> Reach:
    """Return the reach of a person: what any of their roles gives, together."""
    if actor.roles & _EVERYTHING:
        return Reach(everything=True)
    me = roster.of_crm_user(actor.crm_user_id) if actor.crm_user_id else None
    teams, owners = frozenset[str](), frozenset[str]()
    if team := team_led(actor, roster):
        teams = frozenset({team, *roster.below(team)})
        owners = frozenset(member.key for each in teams for member in roster.members(each))
    if me is not None and actor.roles & {Role.REP, Role.LEADER}:
        owners |= {me.key}
    median = _median(me, roster) if Role.REP in actor.roles else None
    return Reach(teams=teams, owners=owners, median_of=median)


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
