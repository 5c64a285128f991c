"""Who moved some KPIs between two periods: the groups below a scope, with what they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Period
from kpi_engine.reading import Absence, Reading, State
from portal.models.observations import ScopeKind
from portal.services import numbers
from portal.services.desks import Desk
from portal.services.numbers import Point, Who
from portal.services.parts_of_change import Pair

_NOTHING = Reading(None, State.ABSENT, Absence.NO_ROWS.value, 0)
_LEAST_TEAMS = 2


@dataclass(frozen=True, slots=True)
class Movers:
    """For each KPI what its groups read now and before; names by the groups' keys."""

    groups: Mapping[KpiKey, Mapping[str, Pair]]
    names: Mapping[str, str]

    def of(self, kpi: KpiKey) -> Mapping[str, Pair]:
        """Return the groups of one KPI."""
        return self.groups.get(kpi, {})


def movers(desk: Desk, kpis: Sequence[KpiKey], who: Who, now: Period, before: Period) -> Movers:
    """Return the groups that a scope is made of: teams without teams below them, or people.

    A person is no group of people: a single owner's KPIs have no movers. Nor has a KPI that the
    person at the desk may not see.
    """
    kind, keys = _parts(desk, who)
    kpis = [kpi for kpi in kpis if desk.sees(kpi, who)]
    if not kpis or not keys:
        return Movers({}, {})
    later = numbers.across(desk.session, desk.calendar, kpis, now, kind)
    earlier = numbers.across(desk.session, desk.calendar, kpis, before, kind)
    groups = {
        kpi: {
            key: Pair(_reading(later[kpi].get(key)), _reading(earlier[kpi].get(key)))
            for key in keys
            if key in later[kpi] or key in earlier[kpi]
        }
        for kpi in kpis
    }
    return Movers(groups, {key: desk.roster.name(key) for key in keys})


def _parts(desk: Desk, who: Who) -> tuple[ScopeKind, frozenset[str]]:
    roster = desk.roster
    if who.kind is ScopeKind.OWNER:
        return who.kind, frozenset()
    within = frozenset(roster.teams) if who.kind is ScopeKind.TENANT else roster.below(who.id)
    parents = {team.parent for team in roster.teams.values()}
    leaves = frozenset(key for key in within if key not in parents)
    if len(leaves) >= _LEAST_TEAMS:
        return ScopeKind.TEAM, leaves
    everybody = who.kind is ScopeKind.TENANT
    people = roster.people.values() if everybody else roster.members(who.id)
    return ScopeKind.OWNER, frozenset(one.key for one in people)


def _reading(point: Point | None) -> Reading:
    return point.reading if point is not None else _NOTHING
