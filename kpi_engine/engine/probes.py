"""Why nothing at all was found: asked only then, of the whole tenant, and once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from kpi_engine.compiler.jobs import Leaf
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.slips import expected_states
from kpi_engine.compiler.world import World
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import FirstTouch, Health, Slipped
from kpi_engine.engine.reader import told_of
from kpi_engine.reading import Absence

_LOADED_AS = {"onboarding": "onboarding_step"}
"""What a derived entity is made of."""


@dataclass(slots=True)
class Prober:
    """Looks at the facts as a whole, whatever the scope and filter of the question."""

    world: World
    run: Callable[[str], pa.Table]
    _known: dict[Leaf, Absence | None] = field(default_factory=dict)

    def why(self, leaf: Leaf) -> Absence | None:
        """Return why a leaf found nothing: never loaded, no date; None where there are just none.

        Rows of other tenants, scopes or periods never show: only whether the kind is there at all.
        """
        if leaf not in self._known:
            self._known[leaf] = self._why(leaf)
        return self._known[leaf]

    def _why(self, leaf: Leaf) -> Absence | None:
        measure = leaf.measure
        if isinstance(measure, Slipped) and self.world.has(measure.entity):
            return None if self._moved(measure) else Absence.NO_HISTORY
        if isinstance(measure, FirstTouch) and not self.world.has(measure.first):
            return Absence.NOT_LOADED
        entity = told_of(leaf)
        if not self.world.has(_LOADED_AS.get(entity, entity)):
            return Absence.NOT_LOADED
        # All were deleted, or the whole is looked at by account: there are just none.
        if isinstance(measure, Health) or not self._any(Origin(self.world, entity), "1 = 1"):
            return None
        placed = _placed(leaf)
        return None if placed is not None and self._dated(entity, placed) else Absence.NO_DATE

    def _dated(self, entity: str, placed: Expression) -> bool:
        origin = Origin(self.world, entity)
        return self._any(origin, f"{origin.expression(placed)} IS NOT NULL")

    def _any(self, origin: Origin, where: str) -> bool:
        sql = f"SELECT 1 AS found {origin.sql()} WHERE {where} LIMIT 1"
        return bool(self.run(sql).num_rows)

    def _moved(self, measure: Slipped) -> bool:
        origin = Origin(self.world, measure.entity)
        among = f"SELECT {origin.identity()} AS row_key {origin.sql()}"
        states = expected_states(self.world, measure, among)
        sql = f"WITH {states} SELECT 1 AS found FROM state WHERE until IS NOT NULL LIMIT 1"
        return bool(self.run(sql).num_rows)


def _placed(leaf: Leaf) -> Expression | None:
    for name in ("on", "opened", "after"):
        found = getattr(leaf.measure, name, None)
        if isinstance(found, Expression):
            return found
    return None
