"""Records as stretches of time: from the first period end that they stand at to the last.

A stretch says `p`, the period at whose end the record first stands (-1: it stood before the first
period), and `q`, the period at whose end it no longer does (NULL: it still stands). A record
valued as it was then becomes one stretch for each of its versions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kpi_engine.compiler.clocks import local_day, period_calendar
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.filters import Filters
from kpi_engine.compiler.jobs import Timeline, key_column
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.relations import rows
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from kpi_engine.questions import Split

_THEN = "then_"
"""Prefix of a column as it was in the version that held at the moment."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which records stand open, and what is told of each."""

    entity: str
    opened: Expression
    closed: Expression
    where: Expression | None
    values: tuple[Expression, ...]
    extra: tuple[tuple[str, str], ...] = ()
    """Further columns: (name, reference column whose canonical key it holds); `id` is its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For which periods and groups, as of which day, for whom."""

    line: Timeline
    split: Split
    today: date
    filters: Filters

    @property
    def last(self) -> date:
        """The last day whose events count: nothing after today has happened."""
        return min(self.line.end - timedelta(days=1), self.today)


def stretches(world: World, standing: Standing, asked: Asked) -> str:
    """Return the WITH list `calendar`, `stretch` (p, q, keys, extras, v0, v1, …).

    A record without an opening has p NULL and q NULL: it is in no period, and is counted apart.
    """
    calendar = period_calendar(world, {asked.line.grain: asked.line}, before=True)
    period = f"p_{asked.line.grain.value}"
    keys = [key_column(name) for name in asked.split]
    told = [*keys, *(name for name, _ in standing.extra)]
    told += [f"v{number}" for number in range(len(standing.values))]
    columns = "".join(f", r.{name}" for name in told)
    return (
        f"calendar AS ({calendar}), standing AS ({_standing(world, standing, asked)}),"
        f" stretch AS (SELECT co.{period} AS p, cc.{period} AS q{columns} FROM standing AS r"
        " LEFT JOIN calendar AS co ON co.day = r.begun"
        " LEFT JOIN calendar AS cc ON cc.day = r.ended)"
    )


def _standing(world: World, standing: Standing, asked: Asked) -> str:
    versioned = _versioned(world, standing)
    origin = _origin(world, standing, versioned=versioned)
    cells = [f"{key_sql(origin, name)} AS {key_column(name)}" for name in asked.split]
    cells += [f"{_key_of(origin, column)} AS {name}" for name, column in standing.extra]
    for number, value in enumerate(standing.values):
        resolve = _then(origin) if versioned else origin
        sql = value.sql(resolve, world.dialect.value, world.calendar.timezone)
        cells.append(f"{sql} AS v{number}")
    begun, ended = _bounds(origin, standing, asked, versioned=versioned)
    opened = origin.expression(standing.opened)
    conditions = [
        f"({opened} IS NULL OR {local_day(origin, standing.opened)} <= {day(asked.last)})"
    ]
    if standing.where is not None:
        conditions.append(f"({origin.expression(standing.where)})")
    if versioned:
        # What became known only after today was not the state of any moment up to it.
        conditions.append(f"{_eve(origin, 'valid_from', asked)} <= {day(asked.last)}")
    conditions += asked.filters.conditions(origin)
    select = ", ".join([f"{begun} AS begun", f"{ended} AS ended", *cells])
    return f"SELECT {select} {origin.sql()} WHERE {' AND '.join(conditions)}"


def _key_of(origin: Origin, column: str) -> str:
    return origin.identity() if column == "id" else origin.reference((), column)


def _versioned(world: World, standing: Standing) -> bool:
    facts = world.facts.get(standing.entity)
    return bool(standing.values) and facts is not None and facts.rewritten


def _bounds(
    origin: Origin, standing: Standing, asked: Asked, *, versioned: bool
) -> tuple[str, str]:
    """Return the SQL of the days on which a stretch begins and ends."""
    before, last = day(asked.line.start - timedelta(days=1)), day(asked.last)
    opened = local_day(origin, standing.opened)
    closed = local_day(origin, standing.closed)
    begun = f"greatest({opened}, {before})"
    ended = f"CASE WHEN {closed} <= {last} THEN greatest({closed}, {begun}) END"
    if versioned:
        # A version holds at its very first instant, as an opening does only after it.
        first = _eve(origin, "valid_from", asked)
        until = _eve(origin, "valid_to", asked)
        begun = f"greatest({begun}, {first})"
        left = f"CASE WHEN {until} <= {last} THEN greatest({until}, {begun}) END"
        ended = f"least(coalesce({ended}, {left}), coalesce({left}, {ended}))"
    undated = f"{origin.expression(standing.opened)} IS NULL"
    return f"CASE WHEN {undated} THEN NULL ELSE {begun} END", ended


def _eve(origin: Origin, column: str, asked: Asked) -> str:
    """Return the local day of the instant just before a version's bound, kept near the periods."""
    world = origin.world
    low = world.local.stamp(world.calendar.instant(asked.line.start - timedelta(days=1)))
    high = world.local.stamp(world.calendar.instant(asked.line.end + timedelta(days=1)))
    bound = f"least(greatest({origin.column((), column)}, {low}), {high})"
    return world.local.day(f"({bound} - INTERVAL '0.000001' SECOND)", ColumnType.TIME)


def _then(origin: Origin) -> "_Then":
    return _Then(origin)


@dataclass(frozen=True, slots=True)
class _Then:
    """Resolves own columns to those of the version; referenced records are as now known."""

    origin: Origin

    def __call__(self, name: str) -> str:
        return self.origin(name) if "." in name else self.origin.column((), f"{_THEN}{name}")


def _origin(world: World, standing: Standing, *, versioned: bool) -> Origin:
    if not versioned:
        return Origin(world, standing.entity)

    def relation(columns: set[str]) -> str:
        then = sorted(name for name in columns if name.startswith(_THEN))
        now = sorted(columns - set(then) - {"valid_from", "valid_to"} | {"id", "source"})
        plain = [name.removeprefix(_THEN) for name in then]
        bounds = ["id", "source", "valid_from", "next_from"]
        known = rows(world, standing.entity, {*plain, *bounds}, world.versions)
        cells = _named("n", now, now) + _named("w", plain, then)
        # A record that was deleted and came back was in between as it had last been known.
        return (
            f"(SELECT {', '.join(cells)}, w.valid_from, w.next_from AS valid_to"
            f" FROM {rows(world, standing.entity, now)} AS n"
            f" JOIN {known} AS w ON w.id = n.id AND w.source = n.source)"
        )

    return Origin(world, standing.entity, relation)


def _named(alias: str, columns: Sequence[str], names: Sequence[str]) -> list[str]:
    return [f"{alias}.{column} AS {name}" for column, name in zip(columns, names, strict=True)]
