"""Statements that tell how far a counted number could move if what records lack were filled in.

A count, or a share of counts, is read from each record alone: its filter says whether it counts. A
record that lacks a column of the filter is tried with every value that the filter can tell apart,
so what it could be is known exactly, and so are the least and the most that the number could be. Of
sums, means and times nobody can say how large the missing figure is: they are not told.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from kpi_engine.compiler.clocks import raw_bounds
from kpi_engine.compiler.dimensions import owner_key, owner_ways
from kpi_engine.compiler.fillings import STATUS, Rightly, fillings
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.world import World
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Aggregate, Kpi, KpiKey, KpiRef, Measure, Ratio
from kpi_engine.definitions.takes import Take
from kpi_engine.periods import Period

RANGES = ("now_over", "now_under", "low_over", "low_under", "high_over", "high_under", "strange")
"""Counts now, at the least and at the most; `strange` is over without being under: no share."""


@dataclass(frozen=True, slots=True)
class Swing:
    """The records of one entity that a number counts, and what of each may be missing."""

    entity: str
    on: Expression
    over: Expression | None
    under: Expression | None
    """For a count both are its filter; None counts every record."""
    fills: tuple[tuple[str, tuple[str, ...]], ...]
    """The columns that decide whether a record counts, each with the values told apart, as SQL."""
    undated: bool
    """Whether a record without its moment lacks it; else it only has not happened yet."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What of each record may be missing; the last ones place it."""
        return (*(name for name, _ in self.fills), *(self.on.columns if self.undated else ()))


def swing_of(
    kpi: Kpi, catalogue: Mapping[KpiKey, Kpi], rightly: Rightly, proofs: Mapping[Any, str]
) -> Swing | None:
    """Return what could move a KPI; None where no range can be told.

    Args:
        kpi: The KPI.
        catalogue: Where the KPIs stand that it is made of.
        rightly: Which columns are rightly empty.
        proofs: The column that says that such a moment has come, by entity and moment.
    """
    measure = kpi.measure
    ratio = isinstance(measure, Ratio)
    both = [measure.over, measure.under] if isinstance(measure, Ratio) else [measure]
    counts = [_count(one, catalogue) for one in both]
    over, under = counts[0], counts[-1]
    if over is None or under is None or (over.entity, over.on) != (under.entity, under.on):
        return None
    wheres = [one.where for one in ((over, under) if ratio else (over,)) if one.where is not None]
    if over.on is None or not _plain(over.on, wheres):
        return None
    fills = fillings(over.entity, wheres, rightly)
    if fills is None:
        return None
    proved = {proofs.get((over.entity, name)) for name in over.on.columns}
    told = {name for where in wheres for name in where.columns}
    waits = all(rightly(over.entity, name) for name in over.on.columns)
    return Swing(
        over.entity, over.on, over.where, under.where, fills, not waits or bool(proved & told)
    )


def _count(part: Measure | KpiRef, catalogue: Mapping[KpiKey, Kpi]) -> Aggregate | None:
    """Return a count of records; None for anything else."""
    while isinstance(part, KpiRef):
        part = catalogue[part.key].measure
    counts = isinstance(part, Aggregate) and part.take is Take.COUNT and part.value is None
    return part if isinstance(part, Aggregate) and counts else None


def _plain(on: Expression, wheres: Sequence[Expression]) -> bool:
    """Say whether each record tells all by itself, and its moment is no part of a filter."""
    names = {name for where in wheres for name in where.columns}
    return not any("." in name for name in (*on.columns, *names)) and not names & set(on.columns)


def swings_statement(world: World, swings: Sequence[Swing], periods: Sequence[Period]) -> str:
    """Write the statement that counts some swings of one entity and moment, by owner.

    Columns are `<name>_<i>_<p>` for each of `RANGES` of the i-th swing in the p-th period, and
    `m<j>_<i>_<p>`: of how many records that could go either way the j-th column is missing. The
    records without a moment are in every period, where that is amiss.
    """
    origin = Origin(world, swings[0].entity)
    moment = origin.expression(swings[0].on)
    first, last = min(one.start for one in periods), max(one.end for one in periods)
    owner = owner_key(origin) if owner_ways(origin.entity) else "CAST(NULL AS VARCHAR(1000))"
    within = [" AND ".join(raw_bounds(origin, swings[0].on, *_days(one))) for one in periods]
    inside = [f"({moment} IS NULL OR ({told}))" for told in within]
    keys = {f"w{number}": origin.once(told) for number, told in enumerate(inside)}
    counted = [dict(_counted(origin, one, moment)) for one in swings]
    named = {sql: f"a{at}" for at, sql in enumerate(dict.fromkeys(_all(counted)))}
    cells = ", ".join(
        f"CAST(coalesce(sum({named[sql]}) FILTER (WHERE w{number}), 0) AS BIGINT)"
        f" AS {name}_{at}_{number}"
        for at, counts in enumerate(counted)
        for name, sql in counts.items()
        for number, _ in enumerate(periods)
    )
    windows = ", ".join(f"{told} AS {name}" for name, told in keys.items())
    counts = ", ".join(f"count(*) FILTER (WHERE {sql}) AS {name}" for sql, name in named.items())
    bounds = " AND ".join(raw_bounds(origin, swings[0].on, first, last))
    return (
        f"WITH scan AS (SELECT {owner} AS owner{origin.named} {origin.sql()}"
        f" WHERE {moment} IS NULL OR ({bounds})),"
        f" counted AS (SELECT owner, {windows}, {counts} FROM scan"
        f" GROUP BY owner, {', '.join(keys.values())})"
        f" SELECT owner, {cells} FROM counted GROUP BY owner"
    )


def _days(period: Period) -> tuple[date, date]:
    return period.start, period.end


def _all(counted: Iterable[Mapping[str, str]]) -> Iterator[str]:
    for counts in counted:
        yield from counts.values()


def _counted(origin: Origin, swing: Swing, moment: str) -> Iterator[tuple[str, str]]:
    """Yield the condition of each count of a swing, over columns computed once a record."""
    once = origin.once
    dated = once(f"{moment} IS NOT NULL")
    known = "TRUE" if swing.undated else dated
    sure = {side: once(f"{dated} AND {_says(origin, where, {})}") for side, where in _sides(swing)}
    neither, under, both, strange = _could_be(origin, swing)
    may_leave = once(f"({' OR '.join(neither)}) OR NOT {dated}")
    may_fail = once(" OR ".join(under))
    may_hit = once(" OR ".join(both))
    yield "now_over", sure["over"]
    yield "now_under", sure["under"]
    yield "low_over", f"{known} AND NOT {may_fail} AND NOT {may_leave}"
    yield "low_under", f"{known} AND ({may_fail} OR NOT {may_leave})"
    yield "high_over", f"{known} AND {may_hit}"
    yield "high_under", f"{known} AND ({may_hit} OR NOT {may_leave})"
    yield "strange", f"{known} AND {once(' OR '.join(strange))}"
    # More than one thing is possible of it.
    open_to = (
        f"CAST({may_leave} AS INT) + CAST({may_fail} AS INT) + CAST({may_hit} AS INT) > 1"
        f" OR ({may_hit} AND NOT {sure['over']}) OR ({may_fail} AND NOT {sure['under']})"
    )
    told = once(open_to)
    yield "open", f"{known} AND {told}"
    for place, name in enumerate(name for name, _ in swing.fills):
        empty = once(_empty(origin, name))
        yield f"m{place}", f"{known} AND {told} AND {empty}"
    if swing.undated:
        for place, _ in enumerate(swing.on.columns, len(swing.fills)):
            yield f"m{place}", f"{told} AND NOT {dated}"


def _sides(swing: Swing) -> tuple[tuple[str, Expression | None], ...]:
    return ("over", swing.over), ("under", swing.under)


def _could_be(origin: Origin, swing: Swing) -> tuple[list[str], ...]:
    """Return what a record is with each way of filling it in: neither, under, both or only over."""
    neither, below, both, strange = [], [], [], []
    names = [name for name, _ in swing.fills]
    for values in product(*(values for _, values in swing.fills)):
        given = dict(zip(names, values, strict=True))
        over, under = (_says(origin, where, given) for _, where in _sides(swing))
        neither.append(f"(NOT {over} AND NOT {under})")
        below.append(f"(NOT {over} AND {under})")
        both.append(f"({over} AND {under})")
        strange.append(f"({over} AND NOT {under})")
    return neither, below, both, strange


def _says(origin: Origin, where: Expression | None, given: Mapping[str, str]) -> str:
    """Return whether a filter lets a record through, each column filled in where it is empty."""
    if where is None:
        return "TRUE"

    def resolve(name: str) -> str:
        told = origin(name)
        if name not in given:
            return told
        return f"(CASE WHEN {_empty(origin, name)} THEN {given[name]} ELSE {told} END)"

    world = origin.world
    told = where.sql(resolve, world.dialect.value, world.calendar.timezone)
    return origin.once(f"coalesce({told}, FALSE)")


def _empty(origin: Origin, name: str) -> str:
    """Return the condition that a record lacks a column."""
    if (origin.entity, name) == STATUS:
        return f"(NOT {origin('stage_is_mapped')})"
    return f"({origin(name)} IS NULL)"


def together(swings: Collection[Swing]) -> tuple[tuple[Swing, ...], ...]:
    """Return swings by what one statement counts: one entity and moment."""
    found: dict[tuple[str, Expression], list[Swing]] = {}
    for one in swings:
        found.setdefault((one.entity, one.on), []).append(one)
    return tuple(map(tuple, found.values()))
