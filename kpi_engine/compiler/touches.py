"""Time from a record to the first related record: the waiting records with what `passed`."""

from kpi_engine.compiler.clocks import moments_elapsed
from kpi_engine.compiler.origin import Origin, Relation
from kpi_engine.compiler.world import World
from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.kinds import FirstTouch


def waiting(world: World, measure: FirstTouch) -> Relation:
    """Return how the waiting records are made, with `passed`: microseconds, NULL while unanswered.

    The columns asked for are the waiting entity's own, and `passed`.
    """

    def relation(columns: set[str]) -> str:
        return _waiting(world, measure, sorted(columns - {"passed"}))

    return relation


def _waiting(world: World, measure: FirstTouch, columns: list[str]) -> str:
    origin = Origin(world, measure.of)
    cells = "".join(f", {origin.column((), column)} AS {column}" for column in columns)
    wanted = origin.identity() if measure.key == "id" else _key(origin, measure.key)
    row, after = origin.identity(), origin.expression(measure.after)
    where = f"WHERE {after} IS NOT NULL"
    if measure.of_where is not None:
        where += f" AND ({origin.expression(measure.of_where)})"
    records = (
        f"SELECT {row} AS row_key, {wanted} AS wait_key, {after} AS begun{cells}"
        f" {origin.sql()} {where}"
    )
    named = "".join(f", w.{column}" for column in columns)
    touched = _touches(world, measure)
    return (
        f"(WITH waiting AS ({records}), touched AS ({touched}),"
        " answered AS (SELECT w.row_key, min(t.moment) AS moment"
        " FROM waiting AS w JOIN touched AS t"
        f" ON t.touch_key = w.wait_key AND {_not_before(world, measure)} GROUP BY w.row_key)"
        f" SELECT {_passed(world, measure)} AS passed{named} FROM waiting AS w"
        " LEFT JOIN answered AS a ON a.row_key = w.row_key)"
    )


def _touches(world: World, measure: FirstTouch) -> str:
    origin = Origin(world, measure.first)
    touch_key, at = _key(origin, measure.by), origin.expression(measure.at)
    where = f"{touch_key} IS NOT NULL AND {at} IS NOT NULL"
    if measure.where is not None:
        where += f" AND ({origin.expression(measure.where)})"
    return f"SELECT {touch_key} AS touch_key, {at} AS moment {origin.sql()} WHERE {where}"


def _key(origin: Origin, column: str) -> str:
    found = QUERYABLE[origin.entity].column(column)
    if found is not None and found.refers is not None:
        return origin.reference((), column)
    return origin.column((), column)


def _not_before(world: World, measure: FirstTouch) -> str:
    if ColumnType.DATE in {measure.at.type, measure.after.type}:
        touched = world.wide.day("t.moment", measure.at.type)
        return f"{touched} >= {world.wide.day('w.begun', measure.after.type)}"
    return "t.moment >= w.begun"


def _passed(world: World, measure: FirstTouch) -> str:
    begun, came = ("w.begun", measure.after.type), ("a.moment", measure.at.type)
    passed = moments_elapsed(world, begun, came, measure.clock)
    # A date counts from its midnight: an answer of the same day took no time, not less than none.
    return f"CASE WHEN a.moment IS NOT NULL THEN greatest({passed}, 0) END"
