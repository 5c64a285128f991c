"""What a person sees today: the scopes of their roles, and the KPIs that they answer for.

Who answers for a KPI of the company sees its numbers of every scope; who answers for a team's sees
that team's and those of the teams and people below it. It holds from the day on which somebody
answers for it to the day on which they do not, and a change holds for the next request.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.security.reach import NO_KPI, Reach, Scopes, reach_of, scopes_of
from portal.services import moments, ownership, tenants
from portal.services.engines import calendar_of
from portal.services.ownership import Ownership
from portal.services.remembering import remembered
from portal.services.rosters import Roster, roster
from portal.tenancy.session import TenantSession

Place = tuple[str, str, str]
"""A KPI's key, the kind of a scope and its id."""


def reach(session: TenantSession, actor: Actor, day: date, known: Roster | None = None) -> Reach:
    """Return what a person sees on a day.

    What they answer for is asked of the database when it first matters, so once at most, and never
    for whose roles give it already. Who may read no number answers for none that they could see.
    """
    people = roster(session) if known is None else known
    if not _reads(actor):
        return reach_of(actor, people)

    def read() -> Mapping[str, Scopes]:
        return by_kpi(_answered(session, actor.person, day), people)

    return reach_of(actor, people, Answers(read))


@remembered
def _answered(session: TenantSession, person: UUID, day: date) -> tuple[Place, ...]:
    return tuple(map(_place, ownership.owned_by(session, person, day)))


def reach_at(session: TenantSession, actor: Actor, now: datetime) -> Reach:
    """Return what a person sees at a moment, on the day that it is where their tenant is."""
    calendar = calendar_of(tenants.get(session))
    return reach(session, actor, calendar.local_date(moments.naive(now)))


def answers_of_all(
    owned: Iterable[Ownership], people: Roster
) -> Mapping[UUID, Mapping[str, Scopes]]:
    """Return for each person the KPIs that they answer for, where all ownership was read."""
    found: dict[UUID, list[Place]] = {}
    for one in owned:
        for person in one.involved:
            found.setdefault(person, []).append(_place(one))
    return {person: by_kpi(places, people) for person, places in found.items()}


def _place(one: Ownership) -> Place:
    return str(one.kpi), str(one.who.kind), one.who.id


def reach_among(
    actor: Actor, people: Roster, answers: Mapping[UUID, Mapping[str, Scopes]]
) -> Reach:
    """Return what a person sees, where it was read for everybody what they answer for."""
    mine = answers.get(actor.person, NO_KPI) if _reads(actor) else NO_KPI
    return reach_of(actor, people, mine)


def by_kpi(places: Iterable[Place], people: Roster) -> Mapping[str, Scopes]:
    """Return the scopes of each KPI, each with all that it is made of."""
    found: dict[str, Scopes] = {}
    for kpi, kind, scope_id in places:
        found[kpi] = found.get(kpi, Scopes()) | scopes_of(kind, scope_id, people)
    return found


def _reads(actor: Actor) -> bool:
    return isinstance(may(actor, Permission.KPI_READ), Allowed)


class Answers(Mapping[str, Scopes]):
    """The KPIs that a person answers for, read when first looked into."""

    def __init__(self, read: Callable[[], Mapping[str, Scopes]]) -> None:
        """Take what reads them."""
        self._read = read

    @cached_property
    def _found(self) -> Mapping[str, Scopes]:
        return self._read()

    def __getitem__(self, kpi: str) -> Scopes:
        """Return the scopes of a KPI."""
        return self._found[kpi]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys of the KPIs."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return for how many KPIs they answer."""
        return len(self._found)
