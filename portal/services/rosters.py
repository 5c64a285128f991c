"""Teams and people of a tenant's CRM, as the last refresh read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from kpi_engine.compiler.relations import KEY_SEPARATOR
from portal.models import rosters as questions
from portal.models.rosters import RosterMember, RosterTeam
from portal.services.engines import Opened
from portal.services.remembering import remembered
from portal.tenancy.session import TenantSession

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Team:
    """A team. `key` is what observations have as scope id, `id` what the CRM calls it."""

    key: str
    id: str
    name: str
    parent: str | None
    """The key of the team above."""
    region: str | None = None
    manager: str | None = None
    """The key of the person who leads it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the CRM. `team` is the key of theirs."""

    key: str
    id: str
    name: str
    team: str | None
    active: bool


@dataclass(frozen=True)
class Roster:
    """Who is who: teams and people by their keys."""

    teams: Mapping[str, Team]
    people: Mapping[str, Member]

    def below(self, team_key: str) -> frozenset[str]:
        """Return the key of a team and of every team below it; a loop of parents ends."""
        found: set[str] = set()
        left = [team_key]
        while left:
            key = left.pop()
            if key not in found:
                found.add(key)
                left.extend(self._children.get(key, ()))
        return frozenset(found)

    def members(self, team_key: str, *, below: bool = True) -> tuple[Member, ...]:
        """Return the people of a team and, unless told otherwise, of the teams below it."""
        keys = self.below(team_key) if below else frozenset((team_key,))
        return tuple(one for one in self.people.values() if one.team in keys)

    def of_crm_user(self, user_id: str | None) -> Member | None:
        """Return the person whose id in the CRM that is; None if nobody's, or several sources'."""
        return _only(one for one in self.people.values() if one.id == user_id)

    def of_team(self, team_id: str | None) -> Team | None:
        """Return the team whose id in the CRM that is; None if none's, or several sources'."""
        return _only(one for one in self.teams.values() if one.id == team_id)

    def name(self, key: str) -> str:
        """Return what a person reads for a team's or owner's key; its id where it has no name."""
        found = self.teams.get(key) or self.people.get(key)
        return found.name if found else key.rpartition(KEY_SEPARATOR)[2]

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for team in self.teams.values():
            if team.parent is not None:
                found.setdefault(team.parent, []).append(team.key)
        return found


@remembered
def roster(session: TenantSession) -> Roster:
    """Return the tenant's teams and people; empty before the first refresh."""
    teams = [
        Team(row.key, row.id, row.name, row.parent, row.region, row.manager)
        for row in session.scalars(questions.teams())
    ]
    people = [
        Member(row.key, row.id, row.name, row.team, row.active)
        for row in session.scalars(questions.members())
    ]
    return Roster({one.key: one for one in teams}, {one.key: one for one in people})


def read(opened: Opened) -> Roster:
    """Return the teams and people as the facts now tell them."""
    teams = [
        Team(
            key=_key(row["source"], row["id"]),
            id=str(row["id"]),
            name=str(row["name"] or row["id"]),
            parent=_reference(row, "parent_id"),
            region=row["region"],
            manager=_reference(row, "manager_id"),
        )
        for row in _rows(opened, "team", ("name", "parent_id", "region", "manager_id"))
    ]
    people = [
        Member(
            key=_key(row["source"], row["id"]),
            id=str(row["id"]),
            name=str(row["name"] or row["id"]),
            team=_reference(row, "team_id"),
            # Who is not said to have left is there.
            active=row["active"] is not False,
        )
        for row in _rows(opened, "user", ("name", "team_id", "active"))
    ]
    return Roster({one.key: one for one in teams}, {one.key: one for one in people})


def keep(session: TenantSession, found: Roster) -> None:
    """Put these teams and people in the place of those that were kept."""
    session.execute(questions.forget_teams())
    session.execute(questions.forget_members())
    session.add_rows(
        RosterTeam,
        [
            {
                "key": one.key,
                "id": one.id,
                "name": one.name,
                "parent": one.parent,
                "region": one.region,
                "manager": one.manager,
            }
            for one in found.teams.values()
        ],
    )
    session.add_rows(
        RosterMember,
        [
            {
                "key": one.key,
                "id": one.id,
                "name": one.name,
                "team": one.team,
                "active": one.active,
            }
            for one in found.people.values()
        ],
    )


def _rows(opened: Opened, entity: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    engine = opened.engine
    if entity not in engine.facts:
        return []
    wanted = ["id", "source", *columns]
    records = engine.runner.now(engine.facts[entity], wanted)
    told = ", ".join(f"r.{name}" for name in wanted)
    found: list[dict[str, Any]] = engine.runner.run(
        f"SELECT {told} FROM {records} AS r ORDER BY r.source, r.id"
    ).to_pylist()
    return found


def _key(source: object, identity: object) -> str:
    return f"{source}{KEY_SEPARATOR}{identity}"


def _reference(row: Mapping[str, object], column: str) -> str | None:
    """The key of what a column names: an id is of the source that says it."""
    return None if row[column] is None else _key(row["source"], row[column])


def _only(found: Iterable[Found]) -> Found | None:
    several = list(found)
    return several[0] if len(several) == 1 else None
