"""Statements over one entity placed by one date: every measure of a question in one read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kpi_engine.compiler.clocks import (
    local_day,
    period_calendar,
    period_number,
    raw_bounds,
    window_calendar,
    window_start,
)
from kpi_engine.compiler.dialect import Dialect, day
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
from kpi_engine.compiler.stand_ins import told_by_either
from kpi_engine.compiler.touches import passed
from kpi_engine.compiler.world import World
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
        ended = origin.once(f"{origin.column((), 'came')} IS NOT NULL")
        time = origin.once(passed(origin, measure))
        return duration_columns(origin.world.dialect, time, measure.take, "", ended=ended)
    raise TypeError(type(measure))


def scan_job(world: World, scan: Scan, filters: Filters, relation: Relation | None = None) -> Job:
    """Write the statement of a scan: the rows with what is needed of them, then their groups."""
    days = looked_at(world, scan)
    origin = Origin(
        world, scan.entity, relation or told_by_either(world, scan.entity, scan.on, days)
    )
    written = Written()
    for leaf in scan.leaves:
        written.add(leaf, leaf_columns(origin, leaf))
    dimensions = sorted({name for found in scan.slices for name in found.split})
    keys = "".join(f", {key_sql(origin, name)} AS {key_column(name)}" for name in dimensions)
    # Bounds on the raw column: files and row groups outside are not read.
    bounds = raw_bounds(origin, scan.on, *days)
    shared = _shared(origin, scan) if relation is None else []
    conditions = " AND ".join([*bounds, *shared, *filters.conditions(origin)])
    calendar, periods, join = _placed(world, scan, local_day(origin, scan.on))
    sql = (
        f"WITH {calendar}scan AS (SELECT {periods}{keys}{origin.named} {origin.sql()}"
        f"{join} WHERE {conditions})"
        f" {_grouped(world.dialect, scan.slices, dimensions, written.select)}"
    )
    return Job(sql, scan.slices, written.cells, entity=scan.entity)


def _placed(world: World, scan: Scan, of: str) -> tuple[str, str, str]:
    """Return a WITH item, the columns of the period numbers of the day `of`, and a join."""
    uneven = any(not line.even for line in scan.timelines.values())
    if uneven or not scan.window.plain:
        (line,) = scan.timelines.values()
        calendar = (
            window_calendar(world, line, scan.window)
            if not scan.window.plain
            else period_calendar(world, scan.timelines, before=False)
        )
        told = f"calendar AS ({calendar}), "
        return told, f"c.p_{line.grain.value}", f" JOIN calendar AS c ON c.day = {of}"
    whole = looked_at(world, scan)
    cells = []
    for grain, line in scan.timelines.items():
        number = period_number(world, line, of)
        if (line.start, line.end) != whole:
            inside = f"{of} >= {day(line.start)} AND {of} < {day(line.end)}"
            number = f"CASE WHEN {inside} THEN {number} END"
        cells.append(f"{number} AS p_{grain.value}")
    return "", ", ".join(cells), ""


def _shared(origin: Origin, scan: Scan) -> list[str]:
    """Return the condition that all leaves have in common: other rows need not be read."""
    found = {getattr(leaf.measure, "where", None) for leaf in scan.leaves}
    (where, *others) = found
    return [] if others or where is None else [f"({origin.expression(where)})"]


def _grouped(
    dialect: Dialect, slices: Sequence[Slice], dimensions: Sequence[Dimension], cells: str
) -> str:
    """Return the SELECT over `scan`: one grouping, or several as grouping sets.

    Of several grains each looks at the rows of its own periods only: most days of a quarter are in
    no week that was asked. Spark would read the scan again for each.
    """
    numbered = list(enumerate(slices))
    grains = list(dict.fromkeys(found.grain for found in slices))
    if dialect is not Dialect.DUCKDB or len(grains) == 1:
        return _sets(numbered, dimensions, cells, "scan")
    return " UNION ALL ".join(
        _sets(
            [one for one in numbered if one[1].grain is grain],
            dimensions,
            cells,
            f"scan WHERE p_{grain.value} IS NOT NULL",
        )
        for grain in grains
    )


def _sets(
    numbered: Sequence[tuple[int, Slice]],
    dimensions: Sequence[Dimension],
    cells: str,
    among: str,
) -> str:
    """Return the SELECT of some slices, each with its number, over some rows of the scan."""
    keys = "".join(f", {key_column(name)}" for name in dimensions)
    (index, first), *others = numbered
    if not others and set(first.split) == set(dimensions):
        period = f"p_{first.grain.value}"
        return (
            f"SELECT {index} AS s, {period} AS p{keys}, {cells} FROM {among}"
            f" GROUP BY {period}{keys}"
        )
    grains = sorted({found.grain for _, found in numbered})
    sets = ", ".join(f"({', '.join(_set(found))})" for _, found in numbered)
    number = " ".join(
        f"WHEN {_is_set(found, grains, dimensions)} THEN {index}" for index, found in numbered
    )
    period = ", ".join(f"p_{grain.value}" for grain in grains)
    told = f"coalesce({period})" if len(grains) > 1 else period
    return (
        f"SELECT CASE {number} END AS s, {told} AS p{keys}, {cells} FROM {among}"
        f" GROUP BY GROUPING SETS ({sets})"
    )


def _set(found: Slice) -> list[str]:
    return [f"p_{found.grain.value}", *(key_column(name) for name in found.split)]


def _is_set(found: Slice, grains: Sequence[Grain], dimensions: Sequence[Dimension]) -> str:
    tests = [f"grouping(p_{grain.value}) = {int(grain != found.grain)}" for grain in grains]
    tests += [
        f"grouping({key_column(name)}) = {int(name not in found.split)}" for name in dimensions
    ]
    return " AND ".join(tests)


def looked_at(world: World, scan: Scan) -> tuple[date, date]:
    """Return the first day that any period of a scan looks at, and the day after the last."""
    bounds = [
        (window_start(world.calendar, period, scan.window), period.end)
        for line in scan.timelines.values()
        for period in (line.periods[0], line.periods[-1])
    ]
    return min(start for start, _ in bounds), max(end for _, end in bounds)
