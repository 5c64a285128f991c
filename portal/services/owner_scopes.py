"""Whose number an owner answers for, to choose: the company's, a team's, one person's of the CRM.

A company has a few teams, which are listed, and many people, who are searched for by name.
"""

from collections.abc import Iterable, Sequence

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr, trn
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Choice
from portal.readmodels.framework_forms import PersonSearch
from portal.services import addresses, form_parts, ownership, viewpoints
from portal.services.desks import WHOLE, Desk
from portal.services.framework_tabs import HOME
from portal.services.numbers import TENANT, Who
from portal.services.rosters import Member

MOST = 12
"""So many people are shown; more are asked to be searched for by more of the name."""


def scopes(desk: Desk, kpi: KpiKey, chosen: Who) -> Iterable[Choice]:
    """Yield the company and every team, each with its address."""
    yield Choice(tr(WHOLE), _place(kpi), chosen == TENANT)
    for one in sorted(desk.roster.teams.values(), key=lambda each: each.name):
        yield _choice(desk, kpi, Who(ScopeKind.TEAM, one.key), chosen)


def people(desk: Desk, kpi: KpiKey, chosen: Who, find: str) -> PersonSearch | None:
    """Return who was found by a part of the name; without one, for whom somebody answers already.

    None where the KPI has no number of one person, or the CRM has no people.
    """
    if not desk.roster.people or not form_parts.told_by_person(desk, kpi):
        return None
    wanted = find.strip()
    found = _named(desk, wanted) if wanted else _owned(desk, kpi, chosen)
    choices = [_choice(desk, kpi, Who(ScopeKind.OWNER, one.key), chosen) for one in found]
    return PersonSearch(wanted, tuple(choices[:MOST]), _told(wanted, len(choices)))


def _told(wanted: str, count: int) -> str:
    if wanted and not count:
        return tr("Nobody of that name is active in the CRM.")
    if count > MOST:
        return trn(
            "{count} more. Type more of the name.",
            "{count} more. Type more of the name.",
            count - MOST,
        )
    return ""


def _named(desk: Desk, wanted: str) -> Sequence[Member]:
    """Return who is active and has the words in the name, by name."""
    word = wanted.casefold()
    return sorted(
        (one for one in desk.roster.people.values() if one.active and word in one.name.casefold()),
        key=lambda one: (one.name, one.key),
    )


def _owned(desk: Desk, kpi: KpiKey, chosen: Who) -> Sequence[Member]:
    """Return those for whom somebody answers by name, and who is chosen."""
    keys = {
        one.who.id
        for one in ownership.everything(desk.session, desk.today)
        if one.kpi == kpi and one.who.kind is ScopeKind.OWNER
    }
    if chosen.kind is ScopeKind.OWNER:
        keys.add(chosen.id)
    known = (desk.roster.people.get(key) for key in keys)
    return sorted((one for one in known if one is not None), key=lambda one: (one.name, one.key))


def _choice(desk: Desk, kpi: KpiKey, who: Who, chosen: Who) -> Choice:
    name = desk.roster.name(who.id)
    person = desk.roster.people.get(who.id)
    if person is not None and person.team is not None:
        name = tr("{name}, {team}", name=name, team=desk.roster.name(person.team))
    words = viewpoints.of_who(desk, who).query
    return Choice(name, addresses.address(_place(kpi), **words), who == chosen)


def _place(kpi: KpiKey) -> str:
    return f"{HOME}/kpis/{kpi}/owner"
