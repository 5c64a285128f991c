"""Statements of first moments and of ranks: one measure each."""

from datetime import date

from kpi_engine.compiler.clocks import (
    local_day,
    period_calendar,
    raw_bounds,
    window_calendar,
    window_start,
)
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.jobs import Fold, Job, Leaf, Slice, Window, key_column
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.stretches import Asked
from kpi_engine.compiler.world import World
from kpi_engine.definitions.kinds import First, RankAccuracy
from kpi_engine.questions import Split


def first_job(world: World, leaf: Leaf, asked: Asked) -> Job:
    """Write the statement that counts, by period, the keys whose first moment it holds."""
    measure = leaf.measure
    if not isinstance(measure, First):
        raise TypeError(type(measure))
    origin = Origin(world, measure.entity)
    keys = Keys(origin, asked.split)
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
        f"WITH calendar AS ({_calendar(world, asked, leaf.window)}), firsts AS ({firsts})"
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
    keys = Keys(origin, asked.split)
    score, event = origin.expression(measure.score), origin.expression(measure.event)
    conditions = [
        f"({score}) IS NOT NULL",
        *raw_bounds(origin, measure.on, *_days(world, asked, leaf.window)),
    ]
    if measure.where is not None:
        conditions.append(f"({origin.expression(measure.where)})")
    conditions += asked.filters.conditions(origin)
    period = f"c.p_{asked.line.grain.value}"
    placed = local_day(origin, measure.on)
    group = f"p{keys.names}"
    sql = (
        f"WITH calendar AS ({_calendar(world, asked, leaf.window)}),"
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


class Keys:
    """The key columns of a split, for SELECT lists and groups."""

    def __init__(self, origin: Origin, split: Split) -> None:
        names = [key_column(name) for name in split]
        self.sql = [key_sql(origin, name) for name in split]
        self.names = "".join(f", {name}" for name in names)
        self.select = "".join(
            f", {sql} AS {name}" for sql, name in zip(self.sql, names, strict=True)
        )


def _calendar(world: World, asked: Asked, window: Window) -> str:
    if window.plain:
        return period_calendar(world, {asked.line.grain: asked.line}, before=False)
    return window_calendar(world, asked.line, window)


def _days(world: World, asked: Asked, window: Window) -> tuple[date, date]:
    first = asked.line.periods[0]
    return window_start(world.calendar, first, window), asked.line.end


def _job(sql: str, leaf: Leaf, asked: Asked, folds: dict[str, Fold], entity: str) -> Job:
    cells = {leaf: {role: (role, fold) for role, fold in folds.items()}}
    return Job(sql, (Slice(asked.line, asked.split),), cells, entity=entity)
