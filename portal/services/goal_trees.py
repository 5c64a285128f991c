"""A goal as a tree: the KPIs that tell whether it is reached, and what drives or makes up those.

What drives a KPI, its definition says; what makes it up, its formula. Only KPIs in use are told.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.parts import inputs_of
from kpi_engine.language import mark
from portal.services.goals import Goal

DEEPEST = 2
"""So many steps are told beyond a goal's own KPIs."""
DRIVES, PART = mark("drives"), mark("part of")


@dataclass(frozen=True, slots=True)
class Branch:
    """A KPI of the tree, how it bears on what stands before it, and what bears on it."""

    kpi: Kpi
    how: str
    inner: tuple["Branch", ...]

    def every(self) -> frozenset[KpiKey]:
        """Return it and all within it."""
        found = {self.kpi.key}
        for one in self.inner:
            found |= one.every()
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Wood:
    """What trees are made of."""

    catalogue: Catalogue
    used: Container[KpiKey]
    drivers: Mapping[KpiKey, Sequence[KpiKey]]
    """By KPI, those that say of themselves that they drive it."""


def wood(catalogue: Catalogue, used: Container[KpiKey]) -> Wood:
    """Return what the trees of a catalogue are made of."""
    found: dict[KpiKey, list[KpiKey]] = {}
    for key in catalogue:
        for driven in catalogue[key].drives:
            if key in used:
                found.setdefault(driven, []).append(key)
    return Wood(catalogue, used, found)


def branches(goal: Goal, made_of: Wood) -> tuple[Branch, ...]:
    """Return the goal's own KPIs, each with what bears on it.

    One that bears on another of the goal's stands there, and not beside it.
    """
    own = [one.kpi for one in goal.supports]
    whole = {key: _branch(key, "", made_of, (), own) for key in own}
    held = {key: whole[key].every() for key in own}
    # What stands in the fewest other trees leads: of two that bear on each other, one stays.
    order = sorted(own, key=lambda key: sum(key in held[other] for other in own))
    kept: set[KpiKey] = set()
    for key in order:
        if not any(key in held[top] for top in kept):
            kept.add(key)
    return tuple(whole[key] for key in own if key in kept)


def _branch(
    key: KpiKey, how: str, made_of: Wood, above: tuple[KpiKey, ...], first: Sequence[KpiKey]
) -> Branch:
    kpi = made_of.catalogue[key]
    if len(above) >= DEEPEST:
        return Branch(kpi, how, ())
    path = (*above, key)
    parts = [one for one in inputs_of(kpi) if one in made_of.catalogue and one not in path]
    drivers = [one for one in made_of.drivers.get(key, ()) if one not in (*path, *parts)]
    # The goal's own KPIs lead: they are what the reader knows.
    drivers.sort(key=lambda one: (one not in first, made_of.catalogue[one].name))
    inner = [(one, PART) for one in dict.fromkeys(parts)] + [(one, DRIVES) for one in drivers]
    return Branch(kpi, how, tuple(_branch(one, way, made_of, path, first) for one, way in inner))
