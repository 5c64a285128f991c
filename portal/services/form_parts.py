"""What the framework's forms are made of: lists to choose from, and what was typed, taken apart."""

from collections.abc import Iterable, Mapping, Sequence

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import tr
from portal.models.observations import ScopeKind
from portal.readmodels.framework_forms import Option
from portal.services import ownership
from portal.services.desks import Desk
from portal.services.numbers import TENANT, Who
from portal.services.ownership import Person
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


def scope(desk: Desk, team: str) -> Who:
    """Return a scope by its team's id; without one the whole company.

    Raises:
        NotThereError: if there is no such team.
    """
    if not team:
        return TENANT
    found = desk.roster.of_team(team)
    if found is None:
        raise NotThereError(tr("There is no such team."))
    return Who(ScopeKind.TEAM, found.key)


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
