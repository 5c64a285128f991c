"""Statements that list, one by one, the records that a measure counted in one period.

They stand on the same filters, dates and scope as the statement of the number. Each row tells
`row_key` (the record's canonical key), `part` (how it counted), `value` (what it brought),
`earlier` (that at the period's start, for a balance) and `placed` (the moment that placed it).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kpi_engine.compiler.clocks import elapsed, raw_bounds, span_microseconds, window_start
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.filters import Filters
from kpi_engine.compiler.forecasts import forecasts_at_opening
from kpi_engine.compiler.healths import scored
from kpi_engine.compiler.jobs import Leaf, Timeline, Window, key_column
from kpi_engine.compiler.leaves import cohort_reached
from kpi_engine.compiler.origin import Origin, Relation
from kpi_engine.compiler.quotas import quotas_in_force
from kpi_engine.compiler.slips import moved, moved_records
from kpi_engine.compiler.stocks import stock_folds
from kpi_engine.compiler.stretches import Asked, Standing, stretches
from kpi_engine.compiler.touches import passed, waiting
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Health,
    RankAccuracy,
    Slipped,
    Stock,
)
from kpi_engine.definitions.takes import At, Within
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Dimension

_NUMBERS = {ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER}
COUNTED = "counted"
OPEN = "open"
"""Not among those counted: still waiting, told beside the number."""


@dataclass(frozen=True, slots=True)
class Grouped(Filters):
    """Filters of a question, and one group of a split: its key in each dimension."""

    group: tuple[tuple[Dimension, str | None], ...] = ()

    def conditions(self, origin: Origin) -> list[str]:
        """Return SQL conditions on the records of an origin."""
        found = Filters.conditions(self, origin)
        for dimension, key in self.group:
            found.append(f"{key_sql(origin, dimension)} {_is(origin.world, key)}")
        return found


def _is(world: World, key: str | None) -> str:
    return "IS NULL" if key is None else f"= {world.dialect.text(key)}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A relation of the records that a leaf counted, and how to read it."""

    entity: str
    sql: str
    exact: bool = True
    """Whether there are as many as the number's `n`."""
    timed: bool = False
    """Whether `value` is microseconds."""


def listed(world: World, leaf: Leaf, asked: Asked) -> Listed | None:
    """Return the records that a leaf counted in the one period asked; None: it has no date."""
    return _LISTS[type(leaf.measure)](world, leaf.measure, leaf.window, asked)


def _days(asked: Asked, world: World, window: Window) -> Period:
    period = asked.line.periods[0]
    start = window_start(world.calendar, period, window)
    return Period(start, period.end, Grain.DAY, period.label)


def _conditions(origin: Origin, on: Expression, days: Period, asked: Asked) -> list[str]:
    return [*raw_bounds(origin, on, days.start, days.end), *asked.filters.conditions(origin)]


def _value(origin: Origin, value: Expression | None) -> str:
    if value is None or value.type not in _NUMBERS:
        return "CAST(NULL AS DOUBLE)"
    return f"CAST({origin.expression(value)} AS DOUBLE)"


def _rows(origin: Origin, cells: tuple[str, str, str], conditions: list[str]) -> str:
    """Return the SELECT of records: their part, value and moment, where the conditions hold."""
    part, value, placed = cells
    select = (
        f"SELECT {origin.identity()} AS row_key, {part} AS part, {value} AS value,"
        f" CAST(NULL AS DOUBLE) AS earlier, CAST({placed} AS TIMESTAMP) AS placed{origin.named}"
    )
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"({select} {origin.sql()}{where})"


def _aggregate(world: World, one: Aggregate, window: Window, asked: Asked) -> Listed | None:
    if one.on is None:
        return None
    origin = Origin(world, one.entity, _by_grain(world, one, asked))
    conditions = _conditions(origin, one.on, _days(asked, world, window), asked)
    if one.where is not None:
        conditions.append(f"({origin.expression(one.where)})")
    if one.value is not None:
        conditions.append(f"({origin.expression(one.value)}) IS NOT NULL")
    cells = (f"'{COUNTED}'", _value(origin, one.value), origin.expression(one.on))
    return Listed(one.entity, _rows(origin, cells, conditions))


def _by_grain(world: World, one: Aggregate, asked: Asked) -> Relation | None:
    """Return how records are made whose grain decides which of them count."""
    if one.entity == "quota":
        return quotas_in_force(world, asked.line, asked.split)
    return forecasts_at_opening(world, asked.line) if one.entity == "forecast" else None


def _duration(world: World, one: Duration, window: Window, asked: Asked) -> Listed:
    origin = Origin(world, one.entity)
    conditions = _conditions(origin, one.on, _days(asked, world, window), asked)
    conditions.append(f"{origin.expression(one.start)} IS NOT NULL")
    if one.where is not None:
        conditions.append(f"({origin.expression(one.where)})")
    time = origin.once(elapsed(origin, one.start, one.end, one.clock))
    return _timed(origin, time, origin.expression(one.on), (one.take, one.entity), conditions)


def _first_touch(world: World, one: FirstTouch, window: Window, asked: Asked) -> Listed:
    days = _days(asked, world, window)
    origin = Origin(world, one.of, waiting(world, one, days.start, days.end))
    conditions = _conditions(origin, one.after, days, asked)
    time = origin.once(passed(origin, one))
    return _timed(origin, time, origin.expression(one.after), (one.take, one.of), conditions)


def _timed(
    origin: Origin,
    time: str,
    placed: str,
    told: tuple[object, str],
    conditions: list[str],
) -> Listed:
    """List times that passed; what ended before it began is in nothing."""
    take, entity = told
    if isinstance(take, Within):
        limit = span_microseconds(take.limit)
        part = f"CASE WHEN value <= {limit} THEN 'inside' ELSE 'outside' END"
    else:
        part = f"CASE WHEN value IS NULL THEN '{OPEN}' ELSE '{COUNTED}' END"
    rows = _rows(origin, ("''", "CAST(NULL AS DOUBLE)", placed), conditions)
    sql = (
        f"(SELECT row_key, {part} AS part, value, earlier, placed FROM"
        f" (SELECT row_key, CAST({time} AS DOUBLE) AS value, earlier, placed FROM {rows} AS t)"
        " AS t WHERE value IS NULL OR value >= 0)"
    )
    return Listed(entity, sql, timed=True)


def _cohort(world: World, one: Cohort, window: Window, asked: Asked) -> Listed:
    origin = Origin(world, one.entity)
    conditions = _conditions(origin, one.on, _days(asked, world, window), asked)
    if one.where is not None:
        conditions.append(f"({origin.expression(one.where)})")
    part = f"CASE WHEN {cohort_reached(origin, one)} THEN 'reached' ELSE 'not_reached' END"
    cells = (part, "CAST(NULL AS DOUBLE)", origin.expression(one.on))
    return Listed(one.entity, _rows(origin, cells, conditions))


def _rank(world: World, one: RankAccuracy, window: Window, asked: Asked) -> Listed:
    origin = Origin(world, one.entity)
    conditions = _conditions(origin, one.on, _days(asked, world, window), asked)
    conditions.append(f"({origin.expression(one.score)}) IS NOT NULL")
    if one.where is not None:
        conditions.append(f"({origin.expression(one.where)})")
    part = f"CASE WHEN {origin.expression(one.event)} THEN 'reached' ELSE 'not_reached' END"
    cells = (part, _value(origin, one.score), origin.expression(one.on))
    return Listed(one.entity, _rows(origin, cells, conditions))


def _first(world: World, one: First, window: Window, asked: Asked) -> Listed:
    origin = Origin(world, one.entity)
    holder, began = origin.reference((), one.per), origin.expression(one.on)
    conditions = [f"{holder} IS NOT NULL", f"{began} IS NOT NULL"]
    if one.where is not None:
        conditions.append(f"({origin.expression(one.where)})")
    # The first of all is found within the scope, then looked for in the period: as it is counted.
    conditions += asked.filters.conditions(origin)
    days = _days(asked, world, window)
    inside = " AND ".join(raw_bounds(origin, one.on, days.start, days.end))
    turn = f"row_number() OVER (PARTITION BY {holder} ORDER BY {began}, {origin.identity()})"
    sql = (
        f"(SELECT row_key, '{COUNTED}' AS part, CAST(NULL AS DOUBLE) AS value,"
        " CAST(NULL AS DOUBLE) AS earlier, placed FROM"
        f" (SELECT {origin.identity()} AS row_key, CAST({began} AS TIMESTAMP) AS placed,"
        f" ({inside}) AS inside, {turn} AS turn {origin.sql()}"
        f" WHERE {' AND '.join(conditions)}) AS t WHERE turn = 1 AND inside)"
    )
    return Listed(one.entity, sql)


def _stock(world: World, one: Stock, _: Window, asked: Asked) -> Listed:
    values = (one.value,) if one.value is not None else ()
    standing = Standing(one.entity, one.opened, one.closed, one.where, values, (("row_key", "id"),))
    numeric = one.value is not None and one.value.type in _NUMBERS
    value = "CAST(v0 AS DOUBLE)" if numeric else "CAST(NULL AS DOUBLE)"
    at = -1 if one.at is At.START else 0
    known = "" if stock_folds(one) or not values else " AND v0 IS NOT NULL"
    sql = (
        f"(WITH {stretches(world, standing, asked)} SELECT row_key, '{COUNTED}' AS part,"
        f" {value} AS value, CAST(NULL AS DOUBLE) AS earlier, CAST(NULL AS TIMESTAMP) AS placed"
        f" FROM stretch WHERE p <= {at} AND (q IS NULL OR q > {at}){known})"
    )
    return Listed(one.entity, sql, exact=one.at is not At.MEAN)


def _balance(world: World, one: Balance, window: Window, asked: Asked) -> Listed:
    """List what stood at the start or at the end; the balance compares both by account."""
    line = Timeline(Grain.DAY, (_days(asked, world, window),), even=False)
    over = Asked(line, asked.split, asked.today, asked.filters)
    extra = (("row_key", "id"), ("holder", one.per))
    standing = Standing(one.entity, one.opened, one.closed, one.where, (one.value,), extra)
    first, last = "p = -1 AND (q IS NULL OR q > -1)", "q IS NULL OR q > 0"
    sql = (
        f"(WITH {stretches(world, standing, over)}, told AS (SELECT row_key,"
        f" CAST(sum(v0) FILTER (WHERE {first}) AS DOUBLE) AS earlier,"
        f" CAST(sum(v0) FILTER (WHERE {last}) AS DOUBLE) AS value FROM stretch"
        " WHERE p IS NOT NULL AND holder IS NOT NULL GROUP BY row_key)"
        " SELECT row_key, CASE WHEN value IS NULL THEN 'left' WHEN earlier IS NULL THEN 'came'"
        " ELSE 'stayed' END AS part, value, earlier, CAST(NULL AS TIMESTAMP) AS placed FROM told"
        " WHERE value IS NOT NULL OR earlier IS NOT NULL)"
    )
    return Listed(one.entity, sql, exact=False)


def _slipped(world: World, one: Slipped, _: Window, asked: Asked) -> Listed:
    origin = Origin(world, one.entity)
    row, placed = origin.identity(), origin.column((), one.expected)
    sql = (
        f"(WITH {moved(world, one, [asked])} SELECT {row} AS row_key, '{COUNTED}' AS part,"
        " CAST(NULL AS DOUBLE) AS value, CAST(NULL AS DOUBLE) AS earlier,"
        f" CAST({placed} AS TIMESTAMP) AS placed {moved_records(origin, one, asked.filters)})"
    )
    return Listed(one.entity, sql)


def _health(world: World, one: Health, _: Window, asked: Asked) -> Listed:
    # A customer without a record of its account is in the group of nobody: it is told by columns.
    group = asked.filters.group if isinstance(asked.filters, Grouped) else ()
    plain = Filters(asked.filters.owners, asked.filters.teams, asked.filters.where)
    tests = [f"{key_column(name)} {_is(world, key)}" for name, key in group if name in asked.split]
    sql = (
        f"(WITH {scored(world, one, replace(asked, filters=plain))} SELECT holder AS row_key,"
        f" CASE WHEN points / weight < {one.threshold!r} THEN 'at_risk' ELSE 'healthy' END AS part,"
        " CAST(points / weight AS DOUBLE) AS value, CAST(mrr AS DOUBLE) AS earlier,"
        " CAST(NULL AS TIMESTAMP) AS placed FROM scored"
        f" WHERE {' AND '.join(['weight > 0', *tests])})"
    )
    return Listed("account", sql)


_LISTS: dict[type, Callable[[World, Any, Window, Asked], Listed | None]] = {
    Aggregate: _aggregate,
    Balance: _balance,
    Cohort: _cohort,
    Duration: _duration,
    First: _first,
    FirstTouch: _first_touch,
    Health: _health,
    RankAccuracy: _rank,
    Slipped: _slipped,
    Stock: _stock,
}
