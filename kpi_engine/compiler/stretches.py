"""Records as stretches of time: from the first period end that they stand at to the last.

A stretch says `p`, the period at whose end the record first stands (-1: it stood before the first
period), and `q`, the period at whose end it no longer does (NULL: it still stands). A record
valued as it was then becomes one stretch for each of its versions, and where its value stands on
its stage, for each stage in which it stood.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from kpi_engine.compiler.clocks import eve_of, local_day, period_calendar
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.dimensions import key_sql
from kpi_engine.compiler.filters import Filters
from kpi_engine.compiler.jobs import Timeline, key_column
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.stage_spans import stage_spans
from kpi_engine.compiler.then import Then, then_of
from kpi_engine.compiler.world import World
from kpi_engine.definitions.expressions import Expression
from kpi_engine.questions import Split
from kpi_engine.store.relation import EARLIEST

_NEVER = day(date(9999, 12, 31))


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
    then = then_of(world, standing.entity, standing.values)
    stages = ""
    if then.spanned:
        stages = stage_spans(world, _among(world, standing, asked), asked.line, asked.last)
    return (
        f"calendar AS ({calendar}), {stages}standing AS ({_standing(then, standing, asked)}),"
        f" stretch AS (SELECT co.{period} AS p, cc.{period} AS q{columns} FROM standing AS r"
        " LEFT JOIN calendar AS co ON co.day = r.begun"
        " LEFT JOIN calendar AS cc ON cc.day = r.ended)"
    )


def _standing(then: Then, standing: Standing, asked: Asked) -> str:
    origin = then.origin()
    cells = [f"{key_sql(origin, name)} AS {key_column(name)}" for name in asked.split]
    cells += [f"{_key_of(origin, column)} AS {name}" for name, column in standing.extra]
    cells += [f"{then.value(origin, one)} AS v{place}" for place, one in enumerate(standing.values)]
    opened = origin.expression(standing.opened)
    opens, closes = local_day(origin, standing.opened), local_day(origin, standing.closed)
    begun = f"greatest({opens}, {day(asked.line.start - timedelta(days=1))})"
    bounds = _Bounds([begun], [closes], [f"({opened} IS NULL OR {opens} <= {day(asked.last)})"])
    if then.versioned:
        bounds.of_version(origin, asked)
    if then.spanned:
        bounds.of_stage(origin)
    if bounds.first:
        # Of what is in no period one row counts, as of a record without versions and stages.
        bounds.conditions.append(f"({opened} IS NOT NULL OR {' AND '.join(bounds.first)})")
    if standing.where is not None:
        bounds.conditions.append(f"({origin.expression(standing.where)})")
    conditions = [*bounds.conditions, *asked.filters.conditions(origin)]
    select = ", ".join(
        [
            f"CASE WHEN {opened} IS NULL THEN NULL ELSE {bounds.begun} END AS begun",
            f"{bounds.ended(asked.last)} AS ended",
            *cells,
        ]
    )
    return f"SELECT {select} {origin.sql()} WHERE {' AND '.join(conditions)}"


def _among(world: World, standing: Standing, asked: Asked) -> str:
    """Return the SELECT of the `row_key` of the records that stand at the end of some period."""
    origin = Origin(world, standing.entity)
    closed = local_day(origin, standing.closed)
    conditions = [
        f"{local_day(origin, standing.opened)} <= {day(asked.last)}",
        f"({closed} IS NULL OR {closed} >= {day(asked.line.start)})",
        *asked.filters.conditions(origin),
    ]
    if standing.where is not None:
        conditions.append(f"({origin.expression(standing.where)})")
    row = origin.identity()
    return f"SELECT {row} AS row_key {origin.sql()} WHERE {' AND '.join(conditions)}"


def _key_of(origin: Origin, column: str) -> str:
    return origin.identity() if column == "id" else origin.reference((), column)


@dataclass(slots=True)
class _Bounds:
    """SQL of the days between which a row stands: from the last of some to the first of others."""

    starts: list[str]
    ends: list[str]
    conditions: list[str]
    first: list[str] = field(default_factory=list)
    """Conditions by which of each record just one row is taken."""

    @property
    def begun(self) -> str:
        """The day on which it begins."""
        return f"greatest({', '.join(self.starts)})" if self.starts[1:] else self.starts[0]

    def ended(self, last: date) -> str:
        """The day on which it ends, a day out of all calendars where that is after the last."""
        told = [
            f"CASE WHEN {end} <= {day(last)} THEN greatest({end}, {self.begun}) ELSE {_NEVER} END"
            for end in self.ends
        ]
        return f"least({', '.join(told)})" if told[1:] else told[0]

    def of_version(self, origin: Origin, asked: Asked) -> None:
        """Take in the bounds of a version: it holds at its first instant, an opening after it."""
        held = origin.column((), "valid_from")
        since = eve_of(origin.world, held, asked.line)
        self.starts.append(since)
        self.ends.append(eve_of(origin.world, origin.column((), "valid_to"), asked.line))
        # What became known only after today was not the state of any moment up to it.
        self.conditions.append(f"{since} <= {day(asked.last)}")
        self.first.append(f"{held} = {EARLIEST}")

    def of_stage(self, origin: Origin) -> None:
        """Take in the bounds of a stage, after those of a version; without a change there are none.

        A stage that was over before the opening or the version stands nowhere, nor one that came
        after the version: a record of many versions and stages is a few rows.
        """
        since, until = origin.column((), "since"), origin.column((), "until")
        self.conditions.append(f"({until} IS NULL OR {until} > {self.begun})")
        self.conditions += [f"coalesce({since} < {end}, TRUE)" for end in self.ends[1:]]
        self.starts.append(f"coalesce({since}, {self.starts[0]})")
        self.ends.append(until)
