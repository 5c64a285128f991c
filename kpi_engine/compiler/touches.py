"""Time from a record to the first related record: the waiting records with what `passed`."""

from datetime import date

from kpi_engine.compiler.clocks import moments_elapsed, raw_bounds
from kpi_engine.compiler.origin import Origin, Relation
from kpi_engine.compiler.world import World
from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.kinds import FirstTouch


def waiting(world: World, measure: FirstTouch, first: date, last: date) -> Relation:
    """Return how the waiting records are made, with `begun` and `came`, NULL while unanswered.

    The columns asked for are the waiting entity's own, and those two.

    Args:
        world: The tenant's facts.
        measure: Which records wait for which.
        first: No record is asked for that begins before this day; no touch before it counts.
        last: None is asked for that begins on this day or later.
    """

    def relation(columns: set[str]) -> str:
        return _waiting(world, measure, sorted(columns - {"begun", "came"}), (first, last))

    return relation


def passed(origin: Origin, measure: FirstTouch) -> str:
    """Return the microseconds that a record of `waiting` waited, NULL while unanswered."""
    begun, came = origin.column((), "begun"), origin.column((), "came")
    told = moments_elapsed(
        origin, (begun, measure.after.type), (came, measure.at.type), measure.clock
    )
    # A date counts from its midnight: an answer of the same day took no time, not less than none.
    return f"CASE WHEN {came} IS NOT NULL THEN greatest({told}, 0) END"


def _waiting(world: World, measure: FirstTouch, columns: list[str], days: tuple[date, date]) -> str:
    """Most records were first touched after they began: one least moment a key tells those.

    Only for records whose key was touched before are the touches looked through again.
    """
    origin = Origin(world, measure.of)
    cells = "".join(f", {origin.column((), column)} AS {column}" for column in columns)
    wanted = origin.identity() if measure.key == "id" else _key(origin, measure.key)
    row, after = origin.identity(), origin.expression(measure.after)
    where = f"WHERE {' AND '.join(raw_bounds(origin, measure.after, *days))}"
    if measure.of_where is not None:
        where += f" AND ({origin.expression(measure.of_where)})"
    records = (
        f"SELECT {row} AS row_key, {wanted} AS wait_key, {after} AS begun{cells}"
        f" {origin.sql()} {where}"
    )
    named = "".join(f", w.{column}" for column in columns)
    touched = _touches(world, measure, days[0])
    in_time = _not_before(world, measure, "f")
    return (
        f"(WITH waiting AS ({records}),"
        f" firsts AS (SELECT touch_key, min(moment) AS moment FROM ({touched}) AS t"
        " GROUP BY touch_key),"
        # Made once and nearly always empty: so few touches are compared a second time.
        f" early {world.dialect.kept} (SELECT w.row_key, w.wait_key, w.begun FROM waiting AS w"
        f" JOIN firsts AS f ON f.touch_key = w.wait_key WHERE NOT ({in_time})),"
        f" later AS (SELECT w.row_key, min(t.moment) AS moment FROM early AS w JOIN ({touched})"
        f" AS t ON t.touch_key = w.wait_key WHERE {_not_before(world, measure, 't')}"
        " GROUP BY w.row_key)"
        f" SELECT w.begun, CASE WHEN {in_time} THEN f.moment ELSE l.moment END AS came{named}"
        " FROM waiting AS w LEFT JOIN firsts AS f ON f.touch_key = w.wait_key"
        " LEFT JOIN later AS l ON l.row_key = w.row_key)"
    )


def _touches(world: World, measure: FirstTouch, first: date) -> str:
    origin = Origin(world, measure.first)
    touch_key, at = _key(origin, measure.by), origin.expression(measure.at)
    where = f"{touch_key} IS NOT NULL AND {raw_bounds(origin, measure.at, first, first)[0]}"
    if measure.where is not None:
        where += f" AND ({origin.expression(measure.where)})"
    return f"SELECT {touch_key} AS touch_key, {at} AS moment {origin.sql()} WHERE {where}"


def _key(origin: Origin, column: str) -> str:
    found = QUERYABLE[origin.entity].column(column)
    if found is not None and found.refers is not None:
        return origin.reference((), column)
    return origin.column((), column)


def _not_before(world: World, measure: FirstTouch, touch: str) -> str:
    if ColumnType.DATE in {measure.at.type, measure.after.type}:
        touched = world.wide.day(f"{touch}.moment", measure.at.type)
        return f"{touched} >= {world.wide.day('w.begun', measure.after.type)}"
    return f"{touch}.moment >= w.begun"
