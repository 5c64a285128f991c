"""What the framework's forms are made of: lists to choose from, and what was typed, taken apart."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.compiler.needs import splits_that_fit
from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import tr
from kpi_engine.questions import Dimension
from portal.models.observations import ScopeKind
from portal.readmodels.framework_forms import Option
from portal.services import ownership
from portal.services.desks import Desk
from portal.services.numbers import TENANT, Who
from portal.services.ownership import Person
from portal.services.rosters import Member, Team
from portal.services.typed_words import NotThereError

Typed = Mapping[str, Sequence[str]]
"""What a form sent: the values of each name, in their order."""


def first(typed: Typed, name: str) -> str:
    """Return what was typed under a name; empty where nothing was."""
    found = typed.get(name, ())
    return found[0].strip() if found else ""


def every(typed: Typed, name: str) -> list[str]:
    """Return all that was typed under a name."""
    return [one.strip() for one in typed.get(name, ())]


def known_kpi(desk: Desk, key: str) -> Kpi:
    """Return a KPI of the tenant's catalogue.

    Raises:
        NotThereError: if there is none of that key.
    """
    found = desk.catalogue.get(KpiKey(key))
    if found is None:
        raise NotThereError(tr("There is no such KPI."))
    return found


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose number an address asks for: a team's or one person's of the CRM, by their ids there.

    Without either it is the company's. `find` is what is searched for among the people.
    """

    team: str = ""
    owner: str = ""
    find: str = ""


def scope(desk: Desk, whose: Whose) -> Who:
    """Return a scope by the id of its team or person; without one the whole company.

    Raises:
        NotThereError: if there is no such team or person.
    """
    if whose.owner:
        person_key = _key(whose.owner, desk.roster.of_crm_user(whose.owner), desk.roster.people)
        if person_key is None:
            raise NotThereError(tr("There is no such person in the CRM."))
        return Who(ScopeKind.OWNER, person_key)
    if not whose.team:
        return TENANT
    team_key = _key(whose.team, desk.roster.of_team(whose.team), desk.roster.teams)
    if team_key is None:
        raise NotThereError(tr("There is no such team."))
    return Who(ScopeKind.TEAM, team_key)


def _key(word: str, found: Member | Team | None, known: Container[str]) -> str | None:
    """Return a key by an id, or by its source and id where several sources have that id."""
    if found is not None:
        return found.key
    key = word.replace("/", KEY_SEPARATOR, 1)
    return key if key in known else None


def told_by_person(desk: Desk, kpi: KpiKey) -> bool:
    """Say whether a KPI has a number of one person: whether its records name whose they are."""
    by_person = (Dimension.OWNER,)
    return by_person in splits_that_fit(kpi, desk.catalogue, (by_person,))


def scope_name(desk: Desk, who: Who) -> str:
    """Return whose numbers a scope's are."""
    return tr("Whole company") if who == TENANT else desk.roster.name(who.id)


def people(desk: Desk, also: Sequence[Person]) -> tuple[Option, ...]:
    """Everybody who may sign in, and who stands there already."""
    kept = {one.id for one in also}
    found = sorted(ownership.everybody(desk.session).values(), key=lambda one: one.name)
    return tuple(Option(str(one.id), person(one)) for one in found if one.active or one.id in kept)


def person(one: Person) -> str:
    """Return a person to choose, by name."""
    return one.name if one.active else tr("{name} (account shut)", name=one.name)


def kpis(found: Iterable[Kpi]) -> tuple[Option, ...]:
    """Return KPIs to choose from, by name."""
    return tuple(Option(kpi.key, kpi.name) for kpi in sorted(found, key=lambda one: one.name))
