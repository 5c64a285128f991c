"""Statements of first moments, ranks and slipped dates: one measure each."""

from datetime import date, timedelta

from kpi_engine.compiler.clocks import local_day, period_calendar
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.jobs import Fold, Job, Leaf, Slice, key_column
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.scans import raw_bounds
from kpi_engine.compiler.stretches import Asked
from kpi_engine.compiler.world import World
from kpi_engine.definitions.kinds import First, RankAccuracy, Slipped


def first_job(world: World, leaf: Leaf, asked: Asked) -> Job:
    """Write the statement that counts, by period, the keys whose first moment it holds."""
    measure = leaf.measure
    if not isinstance(measure, First):
        raise TypeError(type(measure))
    origin = Origin(world, measure.entity)
    keys = _Keys(origin, asked)
    holder = origin.reference((), measure.per)
    began = origin.expression(measure.on)
    conditions = [f"{holder} IS NOT NULL", f"{began} IS NOT NULL"]
    if measure.where is not None:
        conditions.append(f"({origin.expression(measure.where)})")
    conditions += asked.filters.conditions(origin)
    placed = local_day(origin, measure.on)
    order = f"PARTITION BY {holder} ORDER BY {began}, {origin.identity()}"
    firsts = (
        f"SELECT {placed} AS day{keys.select}, row_number() OVER ({order}) AS place"
        f" {origin.sql()} WHERE {' AND '.join(conditions)}"
    )
    sql = (
        f"WITH calendar AS ({_calendar(world, asked)}), firsts AS ({firsts})"
        f" SELECT 0 AS s, c.p_{asked.line.grain.value} AS p{keys.names}, count(*) AS n"
        " FROM firsts AS x JOIN calendar AS c ON c.day = x.day WHERE x.place = 1"
        f" GROUP BY c.p_{asked.line.grain.value}{keys.names}"
    )
    return _job(sql, leaf, asked, {"n": Fold.SUM}, measure.entity)


def rank_job(world: World, leaf: Leaf, asked: Asked) -> Job:
    """Write the statement of a rank accuracy: counts of both classes, and the ranks of the one."""
    measure = leaf.measure
    if not isinstance(measure, RankAccuracy):
        raise TypeError(type(measure))
    origin = Origin(world, measure.entity)
    keys = _Keys(origin, asked)
    score, event = origin.expression(measure.score), origin.expression(measure.event)
    conditions = [f"({score}) IS NOT NULL", *raw_bounds(origin, measure.on, *_days(asked))]
    if measure.where is not None:
        conditions.append(f"({origin.expression(measure.where)})")
    conditions += asked.filters.conditions(origin)
    period = f"c.p_{asked.line.grain.value}"
    placed = local_day(origin, measure.on)
    group = f"p{keys.names}"
    sql = (
        f"WITH calendar AS ({_calendar(world, asked)}),"
        f" scored AS (SELECT {period} AS p{keys.select}, {score} AS score, count(*) AS n,"
        f" count(*) FILTER (WHERE {event}) AS hits {origin.sql()}"
        f" JOIN calendar AS c ON c.day = {placed} WHERE {' AND '.join(conditions)}"
        f" GROUP BY {period}{''.join(f', {sql}' for sql in keys.sql)}, {score}),"
        f" ranked AS (SELECT {group}, n, hits, hits * (sum(n) OVER (PARTITION BY {group}"
        " ORDER BY score) - (n - 1) / 2.0) AS places FROM scored)"
        f" SELECT 0 AS s, {group}, sum(n) AS n, sum(hits) AS hits,"
        " CAST(sum(places) AS DOUBLE) AS places"
        f" FROM ranked WHERE p IS NOT NULL GROUP BY {group}"
    )
    folds = {"n": Fold.NONE, "hits": Fold.NONE, "places": Fold.NONE}
    return _job(sql, leaf, asked, folds, measure.entity)


def slipped_job(world: World, leaf: Leaf, asked: Asked) -> Job:
    """Write the statement that counts, by period, open records expected in it and moved out."""
    measure = leaf.measure
    if not isinstance(measure, Slipped):
        raise TypeError(type(measure))
    origin = Origin(world, measure.entity)
    keys = _Keys(origin, asked)
    opened = local_day(origin, measure.opened)
    closed = local_day(origin, measure.closed)
    row = origin.identity()
    conditions = asked.filters.conditions(origin)
    if measure.where is not None:
        conditions.append(f"({origin.expression(measure.where)})")
    conditions += [f"{opened} < m.until_day", f"({closed} IS NULL OR {closed} >= m.until_day)"]
    sql = (
        f"WITH calendar AS ({_calendar(world, asked)}), {expected_states(world, measure)},"
        f" bound AS (SELECT * FROM {_bounds(world, asked)} AS v),"
        " expected AS (SELECT DISTINCT x.row_key, b.p, b.ends, b.until_day, b.last_day"
        " FROM state AS x"
        f" JOIN calendar AS c ON c.day = x.told"
        f" JOIN bound AS b ON b.p = c.p_{asked.line.grain.value}"
        " WHERE x.moment < b.ends AND (x.until IS NULL OR x.until > b.begins)),"
        " moved AS (SELECT e.row_key, e.p, e.until_day FROM expected AS e JOIN state AS x"
        " ON x.row_key = e.row_key AND x.moment < e.ends AND (x.until IS NULL OR x.until >= e.ends)"
        " WHERE x.told >= e.last_day)"
        f" SELECT 0 AS s, m.p AS p{keys.select}, count(*) AS n {origin.sql()}"
        f" JOIN moved AS m ON m.row_key = {row} WHERE {' AND '.join(conditions)}"
        f" GROUP BY m.p{''.join(f', {sql}' for sql in keys.sql)}"
    )
    return _job(sql, leaf, asked, {"n": Fold.SUM}, measure.entity)


def expected_states(world: World, measure: Slipped) -> str:
    """Return the WITH item `state`: what each record was expected to close on, from when to when.

    A recorded stage change tells it from its moment on; else the record's versions do, the first
    of which holds from the beginning.
    """
    changes = Origin(world, "stage_change")
    told = changes.column((), measure.expected)
    recorded = (
        f"SELECT {changes.reference((), 'opportunity_id')} AS row_key,"
        f" {changes.column((), 'changed_at')} AS moment, {told} AS told, 1 AS first"
        f" {changes.sql()} WHERE {told} IS NOT NULL"
    )
    columns = ["id", "source", "valid_from", measure.expected]

    def versions(_: set[str]) -> str:
        return world.versions(measure.entity, columns)

    if not world.has(measure.entity):
        known = f"SELECT row_key, moment, told, first FROM ({recorded}) AS r WHERE 1 = 0"
    else:
        version = Origin(world, measure.entity, versions)
        # `first` marks the version that holds from the beginning: a recorded change replaces it.
        since = version.column((), "valid_from")
        row = version.identity()
        known = (
            f"SELECT {row} AS row_key, {since} AS moment, {version.column((), measure.expected)}"
            f" AS told, CASE WHEN row_number() OVER (PARTITION BY {row} ORDER BY {since}) = 1"
            f" THEN 0 ELSE 1 END AS first {version.sql()}"
        )
    return (
        f"recorded AS ({recorded}), known AS ({known}),"
        " told_at AS (SELECT row_key, moment, told FROM recorded"
        " UNION ALL SELECT k.row_key, k.moment, k.told FROM known AS k"
        " LEFT JOIN (SELECT DISTINCT row_key FROM recorded) AS r"
        " ON r.row_key = k.row_key"
        " WHERE k.first = 1 OR r.row_key IS NULL),"
        " state AS (SELECT row_key, moment, told,"
        " lead(moment) OVER (PARTITION BY row_key ORDER BY moment) AS until FROM told_at)"
    )


def _bounds(world: World, asked: Asked) -> str:
    cells = []
    for number, period in enumerate(asked.line.periods):
        until = min(period.end, asked.today + timedelta(days=1))
        begins = world.local.stamp(world.calendar.instant(period.start))
        ends = world.local.stamp(world.calendar.instant(until))
        cells.append(f"({number}, {begins}, {ends}, {day(until)}, {day(period.end)})")
    return world.dialect.values(", ".join(cells), "p, begins, ends, until_day, last_day")


class _Keys:
    """The key columns of a split, for SELECT lists and groups."""

    def __init__(self, origin: Origin, asked: Asked) -> None:
        names = [key_column(name) for name in asked.split]
        self.sql = [key_sql(origin, name) for name in asked.split]
        self.names = "".join(f", {name}" for name in names)
        self.select = "".join(
            f", {sql} AS {name}" for sql, name in zip(self.sql, names, strict=True)
        )


def _calendar(world: World, asked: Asked) -> str:
    return period_calendar(world, {asked.line.grain: asked.line}, before=False)


def _days(asked: Asked) -> tuple[date, date]:
    return asked.line.start, asked.line.end


def _job(sql: str, leaf: Leaf, asked: Asked, folds: dict[str, Fold], entity: str) -> Job:
    cells = {leaf: {role: (role, fold) for role, fold in folds.items()}}
    return Job(sql, (Slice(asked.line, asked.split),), cells, entity=entity)
