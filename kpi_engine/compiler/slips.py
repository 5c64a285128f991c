"""The statement of slipped dates: open records whose expected date moved out of a period."""

from collections.abc import Sequence
from datetime import date, timedelta

from kpi_engine.compiler.clocks import local_day
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.filters import Filters
from kpi_engine.compiler.firsts import Keys
from kpi_engine.compiler.jobs import Fold, Job, Leaf, Slice
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.stretches import Asked
from kpi_engine.compiler.world import World
from kpi_engine.definitions.kinds import Slipped


def slipped_job(world: World, leaf: Leaf, lines: Sequence[Asked]) -> Job:
    """Write the statement that counts, by period, open records expected in it and moved out.

    All grains are asked at once: what was expected when is found out once.
    """
    measure = leaf.measure
    if not isinstance(measure, Slipped):
        raise TypeError(type(measure))
    origin = Origin(world, measure.entity)
    keys = Keys(origin, lines[0].split)
    sql = (
        f"WITH {moved(world, measure, lines)}"
        f" SELECT m.s, m.p{keys.select}, count(*) AS n"
        f" {moved_records(origin, measure, lines[0].filters)}"
        f" GROUP BY m.s, m.p{''.join(f', {sql}' for sql in keys.sql)}"
    )
    slices = tuple(Slice(asked.line, asked.split) for asked in lines)
    return Job(sql, slices, {leaf: {"n": ("n", Fold.SUM)}}, entity=measure.entity)


def moved(world: World, measure: Slipped, lines: Sequence[Asked]) -> str:
    """Return the WITH list up to `moved`: record, slice, period, for dates that left a period."""
    return (
        f"{expected_states(world, measure, _still_open(world, measure, lines))},"
        f" bound AS (SELECT * FROM {_bounds(world, lines)} AS v),"
        f" due AS (SELECT b.*, d.day FROM bound AS b JOIN {_days(world, lines)} AS d"
        " ON d.day >= b.first_day AND d.day < b.last_day),"
        " expected AS (SELECT DISTINCT x.row_key, b.s, b.p, b.ends, b.until_day, b.last_day"
        " FROM state AS x JOIN due AS b ON b.day = x.told"
        " WHERE x.moment < b.ends AND (x.until IS NULL OR x.until > b.begins)),"
        " moved AS (SELECT e.row_key, e.s, e.p, e.until_day FROM expected AS e JOIN state AS x"
        " ON x.row_key = e.row_key AND x.moment < e.ends AND (x.until IS NULL OR x.until >= e.ends)"
        " WHERE x.told >= e.last_day)"
    )


def moved_records(origin: Origin, measure: Slipped, filters: Filters) -> str:
    """Return FROM and WHERE of the records in `moved` that were open when the period ended."""
    opened, closed = local_day(origin, measure.opened), local_day(origin, measure.closed)
    row = origin.identity()
    conditions = filters.conditions(origin)
    if measure.where is not None:
        conditions.append(f"({origin.expression(measure.where)})")
    conditions += [f"{opened} < m.until_day", f"({closed} IS NULL OR {closed} >= m.until_day)"]
    return f"{origin.sql()} JOIN moved AS m ON m.row_key = {row} WHERE {' AND '.join(conditions)}"


def expected_states(world: World, measure: Slipped, among: str | None = None) -> str:
    """Return the WITH item `state`: what each record was expected to close on, from when to when.

    A recorded stage change tells it from its moment on; else the record's versions do, the first
    of which holds from the beginning.

    Args:
        world: The tenant's facts.
        measure: Which records, and which date.
        among: A SELECT of the `row_key` of the records to look at; all if left out.
    """
    looked = f"among AS ({among}), " if among else ""
    return (
        f"{looked}recorded AS ({_recorded(world, measure, looked)}),"
        f" known AS ({_known(world, measure, looked)}),"
        " told_at AS (SELECT row_key, moment, told FROM recorded"
        " UNION ALL SELECT k.row_key, k.moment, k.told FROM known AS k"
        " LEFT JOIN (SELECT DISTINCT row_key FROM recorded) AS r ON r.row_key = k.row_key"
        " WHERE k.first = 1 OR r.row_key IS NULL),"
        " state AS (SELECT row_key, moment, told,"
        " lead(moment) OVER (PARTITION BY row_key ORDER BY moment) AS until FROM told_at)"
    )


def _recorded(world: World, measure: Slipped, looked: str) -> str:
    changes = Origin(world, "stage_change")
    row, told = changes.reference((), "opportunity_id"), changes.column((), measure.expected)
    moment = changes.column((), "changed_at")
    return (
        f"SELECT {row} AS row_key, {moment} AS moment, {told} AS told, 1 AS first"
        f" {changes.sql()}{_only(looked, row)} WHERE {told} IS NOT NULL"
    )


def _known(world: World, measure: Slipped, looked: str) -> str:
    """The versions; `first` is 0 for the one that holds from the beginning."""
    if not world.has(measure.entity):
        return "SELECT row_key, moment, told, first FROM recorded AS r WHERE 1 = 0"
    columns = ["id", "source", "valid_from", measure.expected]
    version = Origin(world, measure.entity, lambda _: world.versions(measure.entity, columns))
    since, row = version.column((), "valid_from"), version.identity()
    return (
        f"SELECT {row} AS row_key, {since} AS moment, {version.column((), measure.expected)}"
        f" AS told, CASE WHEN row_number() OVER (PARTITION BY {row} ORDER BY {since}) = 1"
        f" THEN 0 ELSE 1 END AS first {version.sql()}{_only(looked, row)}"
    )


def _only(looked: str, row: str) -> str:
    return f" JOIN among AS a ON a.row_key = {row}" if looked else ""


def _still_open(world: World, measure: Slipped, lines: Sequence[Asked]) -> str:
    """The records that are open at the end of some period: no other can have slipped."""
    origin = Origin(world, measure.entity)
    closed = local_day(origin, measure.closed)
    until = day(min(_until(asked, 0) for asked in lines))
    row = origin.identity()
    return f"SELECT {row} AS row_key {origin.sql()} WHERE {closed} IS NULL OR {closed} >= {until}"


def _until(asked: Asked, number: int) -> date:
    return min(asked.line.periods[number].end, asked.today + timedelta(days=1))


def _bounds(world: World, lines: Sequence[Asked]) -> str:
    cells = []
    for place, asked in enumerate(lines):
        for number, period in enumerate(asked.line.periods):
            until = _until(asked, number)
            begins = world.local.stamp(world.calendar.instant(period.start))
            ends = world.local.stamp(world.calendar.instant(until))
            days = f"{day(until)}, {day(period.start)}, {day(period.end)}"
            cells.append(f"({place}, {number}, {begins}, {ends}, {days})")
    names = "s, p, begins, ends, until_day, first_day, last_day"
    return world.dialect.values(", ".join(cells), names)


def _days(world: World, lines: Sequence[Asked]) -> str:
    first = min(asked.line.start for asked in lines)
    return world.dialect.days(first, max(asked.line.end for asked in lines) - timedelta(days=1))
