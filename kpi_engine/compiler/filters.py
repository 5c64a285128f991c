"""What narrows every statement of a question: the scope, and the filter that a person typed."""

from dataclasses import dataclass

from kpi_engine.compiler.dimensions import label_sql, owner_key, owner_ways
from kpi_engine.compiler.origin import Origin
from kpi_engine.definitions.expressions import Expression
from kpi_engine.questions import Dimension


@dataclass(frozen=True, slots=True)
class Filters:
    """The owners whose records count (None: all), and a filter over the dimensions' names.

    `owners` are canonical keys of users; an empty set sees nothing.
    """

    owners: frozenset[str] | None = None
    teams: frozenset[str] = frozenset()
    """Teams in scope, for records that belong to a team and to no owner (quotas)."""
    where: Expression | None = None

    def conditions(self, origin: Origin) -> list[str]:
        """Return SQL conditions on the records of an origin."""
        found = [] if self.owners is None else [self._scope(origin, self.owners)]
        if self.where is not None:
            text = self.where.sql(
                lambda name: label_sql(origin, Dimension(name)),
                origin.world.dialect.value,
                origin.world.calendar.timezone,
            )
            found.append(f"({text})")
        return found

    def _scope(self, origin: Origin, owners: frozenset[str]) -> str:
        # Records that nobody owns are nobody's to see but those who see all.
        if not owner_ways(origin.entity):
            return "1 = 0"
        tests = [self._among(origin, owner_key(origin), owners)]
        if origin.entity == "quota":
            tests.append(self._among(origin, origin.reference((), "team_id"), self.teams))
        return f"({' OR '.join(tests)})"

    def _among(self, origin: Origin, sql: str, keys: frozenset[str]) -> str:
        if not keys:
            return "1 = 0"
        named = ", ".join(origin.world.dialect.text(name) for name in sorted(keys))
        return f"{sql} IN ({named})"
