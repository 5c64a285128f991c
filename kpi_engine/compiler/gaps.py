"""Statements that tell how complete the records are that a measure is made of.

A record *could count* where the measure's filter does not rule it out. A column that is empty rules
nothing out, so a record whose filter cannot be told is among them; one that is certainly something
else is not, however empty it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from kpi_engine.compiler.clocks import window_start
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

IN_PERIOD = ("n", "late", "twice")
AT_ANY_TIME = ("dated", "undated", "ahead", "unmapped")

SAME_BY = {"lead": "email", "contact": "email", "account": "domain"}
"""By which column two records are the same one, whatever its case and the spaces around it."""

_TRUE = "TRUE"
_LATER = frozenset({"end", "closed", "reaches", "event"})
"""What a record is rightly without until something happens."""
_PARTS = 2
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
    beside: tuple[Expression | None, ...] = ()
    """The filter of a share's other part: records that it lets through are the share's too."""


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


def as_share(could: Sequence[Could]) -> tuple[Could, ...]:
    """Return the kinds of a share as one: what some lack is told of all that it is a share of.

    The part above lets few through and rules out nothing that is empty: of its own records the
    share of gaps would be the larger the smaller the number is.
    """
    if len(could) != _PARTS or len(alike(could)) != 1:
        return tuple(could)
    one, other = could
    if (one.window, one.own) != (other.window, other.own):
        return tuple(could)
    return replace(one, beside=(other.where,)), replace(other, beside=(one.where,))


def _columns(read: Iterable[Expression | None], named: Sequence[str]) -> tuple[str, ...]:
    told = {name for name in named if name != "id"}
    for one in read:
        if one is not None:
            told.update(set(one.columns) - dispensable(one))
    return tuple(sorted(told))


def alike(could: Iterable[Could]) -> tuple[tuple[Could, ...], ...]:
    """Return kinds of records by what one statement counts: one entity, placed the same way."""
    found: dict[tuple[str, Expression | None, Expression | None], list[Could]] = {}
    for one in could:
        found.setdefault((one.entity, one.placed, one.closed), []).append(one)
    return tuple(map(tuple, found.values()))


def gaps_statement(world: World, could: Sequence[Could], periods: Sequence[Period]) -> str:
    """Write the statement that counts the records of `alike` kinds, by owner and source.

    The records are read once for all periods: the days on which some period begins or ends cut
    time into stretches, each record is counted in its own, and a period is the sum of its
    stretches.

    Column `c<i>_<j>_<p>` counts the filled cells of the j-th column of the i-th kind in the p-th
    period; `<name>_<i>_<p>` are each of `IN_PERIOD`: those of the period, the open deals of it
    whose close date has passed, and those of which `SAME_BY` tells an earlier one. `<name>_<i>` are
    each of `AT_ANY_TIME`: those with and without their moment, those that it places after today,
    and all deals whose stage has no meaning yet.
    """
    counting = _Counting(world, could, periods)
    cells = [cell for at, one in enumerate(could) for cell in counting.cells(at, one)]
    return counting.sql(cells)


class _Counting:
    """One statement as it is written: counts by stretch first, then the sums of the periods."""

    def __init__(self, world: World, could: Sequence[Could], periods: Sequence[Period]) -> None:
        self._origin = Origin(world, could[0].entity)
        self._periods = periods
        self._counts: dict[str, str] = {}
        self._cuts = sorted({day for one in could for p in periods for day in self._days(one, p)})
        self._keys: dict[str, Expression] = {}
        for name, moment in (("b", could[0].placed), ("q", could[0].closed)):
            if moment is not None:
                self._keys[name] = moment

    def cells(self, at: int, one: Could) -> Iterator[str]:
        """Yield the columns of a kind, each with its name."""
        open_to, sure = self._lets(one.where, _TRUE), self._lets(one.where, "FALSE")
        ways = [open_to, *(self._lets(where, _TRUE) for where in one.beside)]
        every = _TRUE if _TRUE in ways else " OR ".join(ways)
        counted = {
            f"c{at}_{place}": self._filled(self._origin(column), open_to, every)
            for place, column in enumerate(one.columns)
        }
        counted[f"n_{at}"] = self._count("*", every)
        counted[f"late_{at}"] = self._late(one, open_to)
        counted[f"twice_{at}"] = self._twice(one, every)
        for number, period in enumerate(self._periods):
            inside = self._inside(one, period)
            for name, count in counted.items():
                yield _sum(count, inside, f"{name}_{number}")
        for name, count in self._at_any_time(one, sure).items():
            yield _sum(count, "", f"{name}_{at}")

    def sql(self, cells: Sequence[str]) -> str:
        """Return the statement of these columns."""
        origin = self._origin
        owner = owner_key(origin) if owner_ways(origin.entity) else "CAST(NULL AS VARCHAR(1000))"
        keys = {"owner": owner, "source": origin.column((), "source")}
        keys |= {name: self._stretch(moment) for name, moment in self._keys.items()}
        read = ", ".join(f"{sql} AS {name}" for name, sql in keys.items())
        counts = ", ".join(f"{sql} AS {name}" for sql, name in self._counts.items())
        return (
            f"WITH scan AS (SELECT {read}{origin.named} {origin.sql()}),"
            f" counted AS (SELECT {', '.join(keys)}, {counts} FROM scan"
            f" GROUP BY {', '.join(keys)})"
            f" SELECT owner, source, {', '.join(cells)} FROM counted GROUP BY owner, source"
        )

    def _lets(self, where: Expression | None, unknown: str) -> str:
        """Return whether a filter lets a record through; `unknown` where it can't tell."""
        told = "" if where is None else self._origin.expression(where)
        return f"coalesce(({told}), {unknown})" if told else _TRUE

    def _filled(self, column: str, open_to: str, every: str) -> str:
        """Return the count of those that have a column, or of which this part does not ask it."""
        if open_to == every:
            return self._count(column, open_to)
        asked = f"{column} IS NOT NULL OR NOT {open_to}"
        return self._count("*", asked if every == _TRUE else f"({every}) AND ({asked})")

    def _count(self, what: str, condition: str) -> str:
        """Return the name of a count within a stretch; the same is counted once."""
        once = self._origin.once
        told = what if what == "*" else once(what)
        filtered = "" if condition == _TRUE else f" FILTER (WHERE {once(condition)})"
        return self._counts.setdefault(f"count({told}){filtered}", f"a{len(self._counts)}")

    def _late(self, one: Could, open_to: str) -> str:
        if one.entity != "opportunity":
            return ""
        origin = self._origin
        passed = f"{origin('expected_close_on')} < {day(origin.world.today)}"
        return self._count("*", f"{open_to} AND {origin('status')} = 'open' AND {passed}")

    def _twice(self, one: Could, every: str) -> str:
        """Return the count of records of which an earlier one, of any period, is the same."""
        if one.entity not in SAME_BY:
            return ""
        origin = self._origin
        same = f"lower(trim({origin(SAME_BY[one.entity])}))"
        if one.entity == "account":
            same = f"CASE WHEN {same} LIKE 'www.%' THEN substr({same}, 5) ELSE {same} END"
        order = f"{origin('created_at')} NULLS LAST, {origin('source')}, {origin('id')}"
        place = f"row_number() OVER (PARTITION BY {same} ORDER BY {order})"
        return self._count("*", f"({every}) AND {same} <> '' AND {place} > 1")

    def _at_any_time(self, one: Could, sure: str) -> dict[str, str]:
        counted = dict.fromkeys(AT_ANY_TIME, "")
        if one.placed is not None:
            moment = self._origin.expression(one.placed)
            tomorrow = self._origin.world.today + timedelta(days=1)
            counted["dated"] = self._count("*", f"{sure} AND {moment} IS NOT NULL")
            counted["undated"] = self._count("*", f"{sure} AND {moment} IS NULL")
            counted["ahead"] = self._count("*", f"{sure} AND {self._from(one.placed, tomorrow)}")
        if one.entity == "opportunity":
            counted["unmapped"] = self._count("*", f"NOT {self._origin('stage_is_mapped')}")
        return counted

    def _days(self, one: Could, period: Period) -> tuple[date, ...]:
        """Return the days at which a kind of record comes into a period or leaves it."""
        world = self._origin.world
        if one.placed is None:
            return ()
        if one.closed is None:
            return window_start(world.calendar, period, one.window), period.end
        return (min(period.end, world.today + timedelta(days=1)),)

    def _stretch(self, moment: Expression) -> str:
        """Return on or after how many of the days a moment lies; NULL where it is not known."""
        sql = self._origin.expression(moment)
        cases = [f"WHEN {sql} IS NULL THEN NULL"]
        for number, cut in enumerate(self._cuts):
            cases.append(f"WHEN NOT ({self._from(moment, cut)}) THEN {number}")
        return f"CASE {' '.join(cases)} ELSE {len(self._cuts)} END"

    def _inside(self, one: Could, period: Period) -> str:
        """Return the stretches of a period, or those in which what stands open at its end is."""
        days = [self._cuts.index(cut) for cut in self._days(one, period)]
        if one.placed is None:
            return ""
        if one.closed is None:
            first, end = days
            return f"b > {first} AND b <= {end}"
        (end,) = days
        return f"b <= {end} AND (q IS NULL OR q > {end})"

    def _from(self, moment: Expression, first: date) -> str:
        """Return the condition that a moment lies on a day or after it."""
        sql, world = self._origin.expression(moment), self._origin.world
        if moment.type is ColumnType.DATE:
            return f"{sql} >= {day(first)}"
        return f"{sql} >= {world.local.stamp(world.calendar.instant(first))}"


def _sum(count: str, condition: str, name: str) -> str:
    """Return the sum of a count over some stretches, with its name; "" is never counted."""
    if not count:
        return f"CAST(0 AS BIGINT) AS {name}"
    filtered = f" FILTER (WHERE {condition})" if condition else ""
    return f"CAST(coalesce(sum({count}){filtered}, 0) AS BIGINT) AS {name}"
