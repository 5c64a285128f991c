"""Statements over one entity placed by one date: every measure of a question in one read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kpi_engine.compiler.clocks import (
    local_day,
    period_calendar,
    window_calendar,
    window_start,
)
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.filters import Filters
from kpi_engine.compiler.jobs import Fold, Job, Leaf, Slice, Timeline, Window, key_column
from kpi_engine.compiler.leaves import (
    Columns,
    aggregate_columns,
    cohort_columns,
    duration_columns,
    duration_leaf,
)
from kpi_engine.compiler.origin import Origin, Relation
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Aggregate, Cohort, Duration, FirstTouch
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension

Scanned = Aggregate | Duration | Cohort


@dataclass(frozen=True, slots=True)
class Scan:
    """The leaves that one read answers: same entity, same date, same window."""

    entity: str
    on: Expression
    window: Window
    leaves: tuple[Leaf, ...]
    slices: tuple[Slice, ...]
    """What is asked; more than one are grouping sets."""

    @property
    def timelines(self) -> dict[Grain, Timeline]:
        """The timelines asked, by grain."""
        return {found.grain: found.line for found in self.slices}


@dataclass(slots=True)
class Written:
    """The columns of the leaves as they are named in a statement."""

    cells: dict[Leaf, dict[str, tuple[str, Fold]]] = field(default_factory=dict)
    sql: list[str] = field(default_factory=list)

    def add(self, leaf: Leaf, columns: Columns) -> None:
        """Name the columns of a leaf; the same SQL is computed once."""
        named: dict[str, tuple[str, Fold]] = {}
        for role, (sql, fold) in columns.items():
            if sql not in self.sql:
                self.sql.append(sql)
            named[role] = (f"c{self.sql.index(sql)}", fold)
        self.cells[leaf] = named

    @property
    def select(self) -> str:
        """The columns, for a SELECT list."""
        return ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(self.sql))


def holistic(columns: Columns) -> bool:
    """Say whether some column cannot be folded from finer groups."""
    return any(fold is Fold.NONE for _, fold in columns.values())


def leaf_columns(origin: Origin, leaf: Leaf) -> Columns:
    """Return the columns of a leaf that stands on the rows of one entity."""
    measure = leaf.measure
    if isinstance(measure, Aggregate):
        return aggregate_columns(origin, measure)
    if isinstance(measure, Duration):
        return duration_leaf(origin, measure)
    if isinstance(measure, Cohort):
        return cohort_columns(origin, measure)
    if isinstance(measure, FirstTouch):
        passed = f"{origin.column((), 'passed')}"
        ended = f"{passed} IS NOT NULL"
        return duration_columns(origin.world.dialect, passed, measure.take, "", ended=ended)
    raise TypeError(type(measure))


def scan_job(world: World, scan: Scan, filters: Filters, relation: Relation | None = None) -> Job:
    """Write the statement of a scan."""
    origin = Origin(world, scan.entity, relation)
    written = Written()
    for leaf in scan.leaves:
        written.add(leaf, leaf_columns(origin, leaf))
    placed = local_day(origin, scan.on)
    conditions = [*_within(world, scan, origin), *filters.conditions(origin)]
    body = f"{{origin}} JOIN calendar AS c ON c.day = {placed}" + (
        f" WHERE {' AND '.join(conditions)}" if conditions else ""
    )
    grouped = grouped_select(origin, scan.slices, written.select)
    calendar = scan_calendar(world, scan)
    sql = f"WITH calendar AS ({calendar}) {grouped.format(body=body.format(origin=origin.sql()))}"
    return Job(sql, scan.slices, written.cells, entity=scan.entity)


def scan_calendar(world: World, scan: Scan) -> str:
    """Return the calendar of a scan: day → period, through its window."""
    if scan.window.plain:
        return period_calendar(world, scan.timelines, before=False)
    (line,) = scan.timelines.values()
    return window_calendar(world, line, scan.window)


def grouped_select(origin: Origin, slices: Sequence[Slice], cells: str) -> str:
    """Return `SELECT s, p, keys, cells {body} GROUP BY …`, with `{body}` left to fill.

    Args:
        origin: Where the keys come from.
        slices: One grouping, or several as grouping sets.
        cells: The aggregate columns.
    """
    dimensions = sorted({name for found in slices for name in found.split})
    keys = {name: key_sql(origin, name) for name in dimensions}
    if len(slices) == 1:
        (one,) = slices
        period = f"c.p_{one.grain.value}"
        columns = "".join(f", {sql} AS {key_column(name)}" for name, sql in keys.items())
        groups = ", ".join([period, *keys.values()])
        where_period = f"SELECT 0 AS s, {period} AS p{columns}, {cells} {{body}}"
        return f"{where_period} GROUP BY {groups}"
    return _grouping_sets(slices, keys, cells)


def _grouping_sets(slices: Sequence[Slice], keys: Mapping[Dimension, str], cells: str) -> str:
    grains = sorted({found.grain for found in slices})
    sets = ", ".join(f"({', '.join(_set(found, keys))})" for found in slices)
    number = " ".join(
        f"WHEN {_is_set(found, grains, keys)} THEN {index}" for index, found in enumerate(slices)
    )
    period = ", ".join(f"c.p_{grain.value}" for grain in grains)
    columns = "".join(f", {sql} AS {key_column(name)}" for name, sql in keys.items())
    told = f"coalesce({period})" if len(grains) > 1 else period
    return (
        f"SELECT CASE {number} END AS s, {told} AS p{columns}, {cells} {{body}}"
        f" GROUP BY GROUPING SETS ({sets})"
    )


def _set(found: Slice, keys: Mapping[Dimension, str]) -> list[str]:
    return [f"c.p_{found.grain.value}", *(keys[name] for name in found.split)]


def _is_set(found: Slice, grains: Sequence[Grain], keys: Mapping[Dimension, str]) -> str:
    tests = [f"grouping(c.p_{grain.value}) = {int(grain != found.grain)}" for grain in grains]
    tests += [f"grouping({sql}) = {int(name not in found.split)}" for name, sql in keys.items()]
    return " AND ".join(tests)


def _within(world: World, scan: Scan, origin: Origin) -> list[str]:
    """Bounds on the raw column, so that files and row groups outside are not read."""
    bounds = [
        (window_start(world.calendar, period, scan.window), period.end)
        for line in scan.timelines.values()
        for period in (line.periods[0], line.periods[-1])
    ]
    first = min(start for start, _ in bounds)
    last = max(end for _, end in bounds)
    return raw_bounds(origin, scan.on, first, last)


def raw_bounds(origin: Origin, on: Expression, first: date, last: date) -> list[str]:
    """Return conditions that `on` lies in the days from `first` to before `last`."""
    sql = origin.expression(on)
    if on.type is ColumnType.DATE:
        return [f"{sql} >= {day(first)}", f"{sql} < {day(last)}"]
    stamp, calendar = origin.world.local.stamp, origin.world.calendar
    return [
        f"{sql} >= {stamp(calendar.instant(first))}",
        f"{sql} < {stamp(calendar.instant(last))}",
    ]
