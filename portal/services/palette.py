"""The command palette: KPIs, pages, teams and people that fit a few letters, within the reach."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpi_engine.language import tr
from portal.models.observations import ScopeKind
from portal.readmodels.kpi_page import Hit
from portal.security.permissions import Permission
from portal.services import addresses, catalogue_words
from portal.services.desks import Desk
from portal.services.numbers import Who

MOST = 8
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the person may open."""

    name: str
    href: str
    icon: str


def find(desk: Desk, typed: str, places: Sequence[Place]) -> tuple[Hit, ...]:
    """Return the best hits; what is not within the person's reach is not there for them.

    Args:
        desk: Who asks, of which tenant.
        typed: What was typed, whatever it is.
        places: The pages that the person may open.
    """
    words = typed[:_LONGEST].casefold().split()
    found = [
        (rank, number, hit)
        for number, (text, hit) in enumerate(_everything(desk, places))
        if (rank := _rank(text.casefold(), words)) is not None
    ]
    return tuple(hit for *_, hit in sorted(found, key=lambda one: one[:2])[:MOST])


def _rank(text: str, words: Sequence[str]) -> int | None:
    """Return how well a text fits, 0 the best; None where a word is not in it."""
    if any(word not in text for word in words):
        return None
    if not words or text.startswith(words[0]):
        return 0
    return 1 if all(f" {word}" in f" {text}" for word in words) else 2


def _everything(desk: Desk, places: Sequence[Place]) -> Iterable[tuple[str, Hit]]:
    for place in places:
        yield place.name, Hit(place.name, tr("Page"), place.href, place.icon)
    if not desk.may(Permission.KPI_READ):
        return
    for key in desk.catalogue:
        kpi = desk.catalogue[key]
        about = tr("KPI, {stage}", stage=catalogue_words.titled(kpi.stage))
        href = addresses.kpi_page(key)
        yield f"{kpi.name} {key}", Hit(kpi.name, about, href, "graph-up")
    yield from _scopes(desk)


def _scopes(desk: Desk) -> Iterable[tuple[str, Hit]]:
    for team in desk.roster.teams.values():
        if desk.touches(Who(ScopeKind.TEAM, team.key)):
            href = addresses.address("/kpis", team=team.id)
            yield team.name, Hit(team.name, tr("Team"), href, "people")
    for member in desk.roster.people.values():
        if member.active and desk.touches(Who(ScopeKind.OWNER, member.key)):
            href = addresses.address("/kpis", owner=member.id)
            yield member.name, Hit(member.name, tr("Person"), href, "person")
