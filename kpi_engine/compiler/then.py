"""Records with the columns of their values as they were: by version, and by stage."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.relations import key, rows
from kpi_engine.compiler.stage_spans import CHANGES, SPAN, by_stage, column_then
from kpi_engine.compiler.world import World
from kpi_engine.definitions.expressions import Expression

_THEN = "then_"
"""Prefix of a column as it was at the moment."""
_NOW = "now_"
"""Prefix of a column as it is now, while those as they were are made beside it."""
_KEY = frozenset({"id", "source"})
_VERSION = frozenset({"valid_from", "valid_to"})


@dataclass(frozen=True, slots=True)
class Then:
    """By what an entity's values are told as they were: its versions, its stages.

    A record is a row for each version and stage. Besides its columns a row has the bounds of its
    version (`valid_from`, `valid_to`), and of its span in `stage_span`: NULL without a change.
    """

    world: World
    entity: str
    versioned: bool
    staged: bool

    @property
    def spanned(self) -> bool:
        """Whether stages are told by changes: there are any."""
        return self.staged and self.world.has(CHANGES)

    def origin(self) -> Origin:
        """Return the FROM clause that offers the records."""
        told = self.versioned or self.staged
        return Origin(self.world, self.entity, self._relation if told else None)

    def value(self, origin: Origin, value: Expression) -> str:
        """Return the SQL of a value of the records of `origin`, as it was."""

        def resolve(name: str) -> str:
            # A referenced record is as now known.
            return origin(name) if "." in name else origin.column((), f"{_THEN}{name}")

        told = self.versioned or self.staged
        world = self.world
        return value.sql(resolve if told else origin, world.dialect.value, world.calendar.timezone)

    def _relation(self, columns: set[str]) -> str:
        then = sorted(name for name in columns if name.startswith(_THEN))
        bounds = sorted(columns & (_VERSION | SPAN))
        now = sorted(columns - set(then) - set(bounds) | _KEY)
        plain = [name.removeprefix(_THEN) for name in then]
        told = rows(
            self.world,
            self.entity,
            {*plain, *(f"{_NOW}{name}" for name in now), *bounds},
            lambda _, names: self._recorded(names),
        )
        cells = [f"t.{_NOW}{name} AS {name}" for name in now]
        cells += [f"t.{name} AS {_THEN}{name}" for name in plain]
        cells += [f"t.{name}" for name in bounds]
        return f"(SELECT {', '.join(cells)} FROM {told} AS t)"

    def _recorded(self, names: Sequence[str]) -> str:
        """Return the records now with `now_` columns, beside plain ones as they were."""
        now = {name.removeprefix(_NOW) for name in names if name.startswith(_NOW)} | _KEY
        then = {name for name in names if not name.startswith(_NOW)} - _VERSION - SPAN
        if self.staged:
            then |= {"stage", "loaded_at"} if self.spanned else {"stage"}
        if self.versioned:
            known = self.world.versions(self.entity, sorted(then | _KEY))
            told = (
                f"{rows(self.world, self.entity, now)} AS n"
                f" JOIN {known} AS w ON w.id = n.id AND w.source = n.source"
            )
        else:
            told = f"{rows(self.world, self.entity, now | then)} AS n"
        if self.spanned:
            row = key("n.source", "n.id") if self.world.many_sources else "n.id"
            told += f" LEFT JOIN stage_span AS s ON s.row_key = {row}"
        cells = ", ".join(f"{self._cell(name)} AS {name}" for name in names)
        return f"(SELECT {cells} FROM {told})"

    def _cell(self, name: str) -> str:
        version = "w" if self.versioned else "n"
        if name.startswith(_NOW):
            return f"n.{name.removeprefix(_NOW)}"
        if name in SPAN:
            return f"s.{name}"
        if name == "valid_to":
            # A record that was deleted and came back was in between as it had last been known.
            return "w.next_from"
        if self.staged:
            return column_then(self.world, name, version, "s")
        return f"{version}.{name}"


def then_of(world: World, entity: str, values: Sequence[Expression]) -> Then:
    """Return by what the values of an entity's records are told as they were."""
    facts = world.facts.get(entity)
    if not values or facts is None:
        return Then(world, entity, versioned=False, staged=False)
    return Then(world, entity, facts.rewritten, by_stage(entity, values))
