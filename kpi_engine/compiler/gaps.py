"""Statements that tell how complete the records are that a measure is made of.

A record *could count* where the measure's filter does not rule it out. A column that is empty rules
nothing out, so a record whose filter cannot be told is among them; one that is certainly something
else is not, however empty it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from kpi_engine.compiler.clocks import raw_bounds, window_start
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.dimensions import owner_key, owner_ways
from kpi_engine.compiler.jobs import PLAIN, Leaf, Window
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.conditions import dispensable
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import FirstTouch
from kpi_engine.periods import Period

COUNTS = ("n", "dated", "undated", "ahead", "late", "unmapped")
_LATER = frozenset({"end", "closed", "reaches", "event"})
"""What a record is rightly without until something happens."""
_NAMED = ("per", "by", "key", "expected")


@dataclass(frozen=True, slots=True)
class Could:
    """The records of an entity that could count for a measure, and what it reads of each."""

    entity: str
    where: Expression | None
    placed: Expression | None
    """The moment that places a record in a period, or from which on it stands open."""
    closed: Expression | None
    """Until when it stands open; None for what is placed by one moment."""
    columns: tuple[str, ...]
    """What is read of a record without anything in its place, by the names of the language."""
    window: Window = PLAIN
    own: bool = True
    """Whether it is these records whose owner the number is told by."""


def could_count(leaf: Leaf) -> tuple[Could, ...]:
    """Return the records that a leaf is made of; nothing where they are weighed by what is known.

    A time to a first touch is made of two kinds: those that wait, and the touches.
    """
    one = leaf.measure
    if isinstance(one, FirstTouch):
        # Whom a touch belongs to is told where there is somebody: it is empty by right elsewhere.
        waits = _columns([one.of_where], [one.key])
        return (
            Could(one.of, one.of_where, one.after, None, waits, leaf.window),
            Could(one.first, one.where, one.at, None, (), leaf.window, own=False),
        )
    told = {each.name: getattr(one, each.name) for each in fields(one)}
    entity, where = told.get("entity"), told.get("where")
    if not isinstance(entity, str):
        return ()
    placed, closed = told.get("on") or told.get("opened"), told.get("closed")
    read = [
        value
        for name, value in told.items()
        if isinstance(value, Expression) and name not in _LATER and value is not placed
    ]
    named = [told[name] for name in _NAMED if isinstance(told.get(name), str)]
    return (Could(entity, where, placed, closed, _columns(read, named), leaf.window),)


def _columns(read: Iterable[Expression | None], named: Sequence[str]) -> tuple[str, ...]:
    told = {name for name in named if name != "id"}
    for one in read:
        if one is not None:
            told.update(set(one.columns) - dispensable(one))
    return tuple(sorted(told))


def gaps_statement(world: World, could: Sequence[Could], period: Period) -> str:
    """Write the statement that counts the records of one entity, by owner and source.

    Column `c<i>_<j>` counts the filled cells of the j-th column of the i-th kind, and `<name>_<i>`
    each of `COUNTS`: those of the period, all with and without their moment, those that it places
    after today, the open deals of the period whose close date has passed, and all deals whose stage
    has no meaning yet.
    """
    origin = Origin(world, could[0].entity)
    cells = [cell for at, one in enumerate(could) for cell in _cells(origin, at, one, period)]
    owner = owner_key(origin) if owner_ways(origin.entity) else "CAST(NULL AS VARCHAR(1000))"
    keys = [f"{owner} AS owner", f"{origin.column((), 'source')} AS source"]
    return f"SELECT {', '.join([*keys, *cells])} {origin.sql()} GROUP BY 1, 2"


def _cells(origin: Origin, at: int, one: Could, period: Period) -> Iterator[str]:
    world = origin.world
    told = f"({origin.expression(one.where)})" if one.where is not None else "TRUE"
    open_to, sure = f"coalesce({told}, TRUE)", f"coalesce({told}, FALSE)"
    inside = f"{open_to} AND {_inside(origin, one, period)}"
    for place, column in enumerate(one.columns):
        yield f"count({origin(column)}) FILTER (WHERE {inside}) AS c{at}_{place}"
    tomorrow = world.today + timedelta(days=1)
    counted = {**dict.fromkeys(COUNTS, "1 = 0"), "n": inside}
    if one.placed is not None:
        moment = origin.expression(one.placed)
        counted["dated"] = f"{sure} AND {moment} IS NOT NULL"
        counted["undated"] = f"{sure} AND {moment} IS NULL"
        counted["ahead"] = f"{sure} AND {_from(origin, one.placed, tomorrow)}"
    if one.entity == "opportunity":
        passed = f"{origin('expected_close_on')} < {day(world.today)}"
        counted["late"] = f"{inside} AND {origin('status')} = 'open' AND {passed}"
        counted["unmapped"] = f"NOT {origin('stage_is_mapped')}"
    for name in COUNTS:
        yield f"count(*) FILTER (WHERE {counted[name]}) AS {name}_{at}"


def _inside(origin: Origin, one: Could, period: Period) -> str:
    """Return the condition that a record is of the period, or stands open when it ends."""
    if one.placed is None:
        return "TRUE"
    if one.closed is None:
        first = window_start(origin.world.calendar, period, one.window)
        return f"({' AND '.join(raw_bounds(origin, one.placed, first, period.end))})"
    end = min(period.end, origin.world.today + timedelta(days=1))
    begun = f"NOT ({_from(origin, one.placed, end)})"
    closed = origin.expression(one.closed)
    return f"({begun} AND ({closed} IS NULL OR {_from(origin, one.closed, end)}))"


def _from(origin: Origin, moment: Expression, first: date) -> str:
    """Return the condition that a moment lies on a day or after it."""
    sql, world = origin.expression(moment), origin.world
    if moment.type is ColumnType.DATE:
        return f"{sql} >= {day(first)}"
    return f"{sql} >= {world.local.stamp(world.calendar.instant(first))}"
