"""Whose numbers a page of a KPI shows: what the address asks for, as far as the person may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.language import mark, tr
from kpi_engine.questions import Scope
from kpi_engine.questions import ScopeKind as Reaching
from portal.models.observations import ScopeKind
from portal.services.desks import WHOLE, Desk, widest
from portal.services.numbers import TENANT, Who

_NARROWED = mark(
    "The link asks for numbers that are not open to you. These are the numbers of {name}."
)
_UNKNOWN = mark(
    "The link names a team or a person that there is not. These are the numbers of {name}."
)
_MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Whose numbers, by which name, and what the address says for it."""

    who: Who
    name: str
    query: Mapping[str, str]
    notice: str = ""
    """Why it is not what the address asked for; empty where it is."""

    @property
    def scope(self) -> Scope:
        """The same as the engine is asked it."""
        if self.who.kind is ScopeKind.TENANT:
            return Scope()
        kind = Reaching.TEAM if self.who.kind is ScopeKind.TEAM else Reaching.OWN
        return Scope(kind, (self.who.id,))


def viewpoint(desk: Desk, query: Mapping[str, str]) -> Viewpoint:
    """Return whose numbers are shown: those asked for, or else the most that the person sees.

    Raises:
        NoReachError: if no numbers at all are open to the person.
    """
    team, owner = query.get("team", ""), query.get("owner", "")
    if not team and not owner:
        return _widest(desk)
    kind = ScopeKind.OWNER if owner else ScopeKind.TEAM
    key = _key(desk, kind, owner or team)
    if key is not None and desk.reach.sees(kind, key):
        return _named(desk, kind, key)
    own = _widest(desk)
    # Who may see everything is told the truth; to others what is not theirs is not there.
    told = _UNKNOWN if own.who == TENANT else _NARROWED
    return Viewpoint(own.who, own.name, own.query, tr(told, name=own.name))


def choices(desk: Desk) -> Iterator[Viewpoint]:
    """Yield every viewpoint that the person may choose: the whole, then teams, then people."""
    if desk.reach.sees(ScopeKind.TENANT, ""):
        yield Viewpoint(TENANT, tr(WHOLE), {})
    teams = sorted(desk.roster.teams.values(), key=lambda one: one.name)
    people = sorted(desk.roster.people.values(), key=lambda one: one.name)
    left = _MOST_CHOICES
    for kind, keys in (
        (ScopeKind.TEAM, [one.key for one in teams]),
        (ScopeKind.OWNER, [one.key for one in people if one.active]),
    ):
        for key in keys:
            if left and desk.reach.sees(kind, key):
                left -= 1
                yield _named(desk, kind, key)


def _widest(desk: Desk) -> Viewpoint:
    who, _, _ = widest(desk)
    return of_who(desk, who)


def of_who(desk: Desk, who: Who) -> Viewpoint:
    """Return the viewpoint of a scope, whether or not it is open to the person."""
    return Viewpoint(TENANT, tr(WHOLE), {}) if who == TENANT else _named(desk, who.kind, who.id)


def _named(desk: Desk, kind: ScopeKind, key: str) -> Viewpoint:
    word = "team" if kind is ScopeKind.TEAM else "owner"
    return Viewpoint(Who(kind, key), desk.roster.name(key), {word: _word(desk, kind, key)})


def _word(desk: Desk, kind: ScopeKind, key: str) -> str:
    """Return how the address names a team or a person: by the id, with its source if several."""
    plain = key.rpartition(KEY_SEPARATOR)[2]
    return plain if _key(desk, kind, plain) == key else key.replace(KEY_SEPARATOR, "/")


def _key(desk: Desk, kind: ScopeKind, word: str) -> str | None:
    found = desk.roster.of_team(word) if kind is ScopeKind.TEAM else desk.roster.of_crm_user(word)
    if found is not None:
        return found.key
    known = desk.roster.teams if kind is ScopeKind.TEAM else desk.roster.people
    key = word.replace("/", KEY_SEPARATOR, 1)
    return key if key in known else None
