"""Names of the records that numbers are split by, and who belongs to which team."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from kpi_engine.compiler.dimensions import REFERENCES
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.relations import KEY_SEPARATOR, key_alone, key_in_full
from kpi_engine.compiler.world import World
from kpi_engine.engine.reads import Group
from kpi_engine.questions import Dimension, Scope, ScopeKind, Split

Run = Callable[[str], pa.Table]


@dataclass(slots=True)
class Directory:
    """People, teams, products and campaigns of one pinned version, read when first needed."""

    world: World
    run: Run
    _tables: dict[str, list[dict[str, str | None]]] = field(default_factory=dict)
    _labels: dict[Dimension, Mapping[str, str]] = field(default_factory=dict)
    _teams: dict[str, str | None] | None = None

    def team_of(self, owner: str | None) -> str | None:
        """Return the key of the team that an owner belongs to now, or None."""
        if self._teams is None:
            self._teams = {str(row["key"]): row["above"] for row in self._read("user", "team_id")}
        return self._teams.get(owner) if owner is not None else None

    def chain(self) -> tuple[tuple[str, str], ...]:
        """Return each team with itself and with every team above it."""
        parents = {str(row["key"]): row["above"] for row in self._read("team", "parent_id")}
        found: list[tuple[str, str]] = []
        for team in parents:
            above: str | None = team
            passed: set[str] = set()
            # A loop among the parents is a fault of the data: stop where it closes.
            while above is not None and above not in passed:
                passed.add(above)
                found.append((team, above))
                above = parents.get(above)
        return tuple(sorted(found))

    def owners_in(self, scope: Scope) -> tuple[frozenset[str], frozenset[str]]:
        """Return the keys of the owners and of the teams that a scope sees."""
        if scope.kind is ScopeKind.OWN:
            named = {key for one in scope.ids for key in self._keys(one)}
            return frozenset(named), frozenset()
        top = {key for one in scope.ids for key in self._keys(one)}
        teams = {low for low, high in self.chain() if high in top} | top
        owners = {str(row["key"]) for row in self._read("user", "team_id") if row["above"] in teams}
        return frozenset(owners), frozenset(teams)

    def labels(self, split: Split, groups: Iterable[Group]) -> tuple[Group, ...]:
        """Return what a person reads for each group: names, or ids where there is no name."""
        return tuple(
            tuple(self._label(name, key) for name, key in zip(split, group, strict=True))
            for group in groups
        )

    def _label(self, dimension: Dimension, key: str | None) -> str | None:
        if key is None or dimension not in REFERENCES:
            return key
        if dimension not in self._labels:
            self._labels[dimension] = self._names(REFERENCES[dimension])
        return self._labels[dimension].get(key, key_alone(key))

    def _names(self, entity: str) -> Mapping[str, str]:
        rows = [row for row in self._read(entity, None) if row["name"] is not None]
        often = Counter(row["name"] for row in rows)
        return {
            str(row["key"]): str(row["name"])
            if often[row["name"]] == 1
            else f"{row['name']} ({key_in_full(str(row['key']))})"
            for row in rows
        }

    def _keys(self, identity: str) -> list[str]:
        """Return the keys that an id may be; one that says its source is that record's alone."""
        if not self.world.many_sources:
            return [key_alone(identity)]
        if KEY_SEPARATOR in identity:
            return [identity]
        return [f"{source}{KEY_SEPARATOR}{identity}" for source in self.world.sources]

    def _read(self, entity: str, reference: str | None) -> list[dict[str, str | None]]:
        """Return key, name and the key of what `reference` names, for every record."""
        known = f"{entity} {reference}"
        if known not in self._tables:
            origin = Origin(self.world, entity)
            above = origin.reference((), reference) if reference else "NULL"
            cells = f"{origin.identity()} AS key, {origin.column((), 'name')} AS name"
            sql = f"SELECT {cells}, CAST({above} AS VARCHAR(1000)) AS above {origin.sql()}"
            self._tables[known] = self.run(sql).to_pylist()
        return self._tables[known]
