"""Records placed by one date, or by another where that one is missing, of a few days only."""

from datetime import date

from sqlglot import exp

from kpi_engine.compiler.clocks import raw_bounds
from kpi_engine.compiler.origin import ROW, Origin, Relation
from kpi_engine.compiler.relations import rows
from kpi_engine.compiler.world import World
from kpi_engine.crm.derived import columns_of
from kpi_engine.definitions.expressions import Expression, column

_SOME_DAYS = 200
_BOTH = 2


def told_by_either(
    world: World, entity: str, on: Expression, days: tuple[date, date]
) -> Relation | None:
    """Return the records of some days by `coalesce(one, other)`; None for any other expression.

    Files and row groups cannot be passed over by the bounds of a `coalesce`, but by those of its
    two columns. Over most of the days there would be nothing to pass over: None, too.
    """
    names = _columns(entity, on)
    if names is None or (days[1] - days[0]).days > _SOME_DAYS:
        return None
    first, other = names

    def within(name: str) -> list[str]:
        return raw_bounds(Origin(world, entity), column(name, columns_of(entity)), *days)

    conditions = [within(first), [f"{ROW}.{first} IS NULL", *within(other)]]

    def relation(columns: set[str]) -> str:
        cells = ", ".join(f"{ROW}.{name} AS {name}" for name in sorted(columns))
        records = rows(world, entity, columns | {first, other})
        parts = (
            f"SELECT {cells} FROM {records} AS {ROW} WHERE {' AND '.join(told)}"
            for told in conditions
        )
        return f"({' UNION ALL '.join(parts)})"

    return relation


def _columns(entity: str, on: Expression) -> tuple[str, str] | None:
    """Return the names in `coalesce(one, other)`, both the record's own and of its type."""
    tree, types = on.tree, columns_of(entity)
    if not isinstance(tree, exp.Anonymous) or tree.name != "coalesce":
        return None
    names = [part.name for part in tree.expressions if isinstance(part, exp.Column)]
    own = all("." not in name and types[name] is on.type for name in on.columns)
    return (names[0], names[1]) if own and len(names) == len(tree.expressions) == _BOTH else None
