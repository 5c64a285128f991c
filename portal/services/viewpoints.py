"""Whose numbers a page of a KPI shows: what the address asks for, as far as the person may see."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.language import mark, tr
from kpi_engine.questions import Scope
from kpi_engine.questions import ScopeKind as Reaching
from portal.models.observations import ScopeKind
from portal.services.desks import WHOLE, Desk, NoReachError, widest, widest_of
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


def viewpoint(desk: Desk, query: Mapping[str, str], kpi: str) -> Viewpoint:
    """Return whose numbers of one KPI are shown: those asked for, or else the most one sees of it.

    Raises:
        NoReachError: if no number of it is open to the person.
    """
    return _chosen(desk, query, lambda who: desk.sees(kpi, who), lambda: widest_of(desk, kpi))


def viewpoint_of_several(desk: Desk, query: Mapping[str, str]) -> Viewpoint:
    """Return whose numbers a list of KPIs shows; which of them are open is asked for each.

    Raises:
        NoReachError: if no numbers at all are open to the person.
    """
    return _chosen(desk, query, desk.touches, lambda: widest(desk)[0])


def viewpoint_of_any(desk: Desk, query: Mapping[str, str]) -> Viewpoint:
    """Return whose numbers a KPI shows that is not defined yet: it may come to tell anything.

    Raises:
        NoReachError: if no scope is open to the person as a whole.
    """
    return _chosen(desk, query, desk.spans, lambda: _spanned(desk))


def _chosen(
    desk: Desk, query: Mapping[str, str], sees: Callable[[Who], bool], most: Callable[[], Who]
) -> Viewpoint:
    team, owner = query.get("team", ""), query.get("owner", "")
    if not team and not owner:
        return of_who(desk, most())
    kind = ScopeKind.OWNER if owner else ScopeKind.TEAM
    key = _key(desk, kind, owner or team)
    if key is not None and sees(Who(kind, key)):
        return _named(desk, kind, key)
    own = of_who(desk, most())
    # Who may see everything is told the truth; to others what is not theirs is not there.
    told = _UNKNOWN if own.who == TENANT else _NARROWED
    return Viewpoint(own.who, own.name, own.query, tr(told, name=own.name))


def _spanned(desk: Desk) -> Who:
    who = widest(desk)[0]
    if not desk.spans(who):
        raise NoReachError(
            tr(
                "You see no preview, because what is still being written could come to tell"
                " numbers that are not open to you. Propose it with the reason: An analyst sees"
                " what it gives before it is taken into use."
            )
        )
    return who


def choices(desk: Desk, kpi: str = "") -> Iterator[Viewpoint]:
    """Yield every viewpoint that the person may choose: the whole, then teams, then people.

    Args:
        desk: Who chooses.
        kpi: Of which KPI; left out, only what is open to them as a whole is offered.
    """
    sees: Callable[[Who], bool] = (lambda who: desk.sees(kpi, who)) if kpi else desk.spans
    if sees(TENANT):
        yield Viewpoint(TENANT, tr(WHOLE), {})
    teams = sorted(desk.roster.teams.values(), key=lambda one: one.name)
    people = sorted(desk.roster.people.values(), key=lambda one: one.name)
    left = _MOST_CHOICES
    for kind, keys in (
        (ScopeKind.TEAM, [one.key for one in teams]),
        (ScopeKind.OWNER, [one.key for one in people if one.active]),
    ):
        for key in keys:
            if left and sees(Who(kind, key)):
                left -= 1
                yield _named(desk, kind, key)


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
