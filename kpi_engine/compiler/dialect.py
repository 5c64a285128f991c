"""The few things that DuckDB and Spark spell differently, and SQL made of the tenant's calendar."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.periods import Calendar


class Dialect(StrEnum):
    """The engines that statements are compiled for."""

    DUCKDB = "duckdb"
    SPARK = "spark"

    def microseconds(self, start: str, end: str) -> str:
        """Time from one instant to another."""
        if self is Dialect.DUCKDB:
            return f"(epoch_us({end}) - epoch_us({start}))"
        return f"timestampdiff(MICROSECOND, {start}, {end})"

    def quantile(self, value: str, part: float, where: str) -> str:
        """The linearly interpolated quantile of the values of the rows that pass `where`."""
        name = "quantile_cont" if self is Dialect.DUCKDB else "percentile"
        return f"{name}({value}, {part}) FILTER (WHERE {where})"

    def days(self, first: date, last: date) -> str:
        """A relation with one column `day`: each day from `first` to `last`, both in."""
        if self is Dialect.DUCKDB:
            series = f"generate_series({day(first)}, {day(last)}, INTERVAL 1 DAY)"
            return f"(SELECT CAST(unnest({series}) AS DATE) AS day)"
        return f"(SELECT explode(sequence({day(first)}, {day(last)}, INTERVAL 1 DAY)) AS day)"

    def days_between(self, start: str, end: str) -> str:
        """Whole days from one date to another."""
        if self is Dialect.DUCKDB:
            return f"({end} - {start})"
        return f"datediff({end}, {start})"

    def values(self, rows: str, names: str) -> str:
        """A relation of literal rows."""
        return f"(SELECT * FROM (VALUES {rows}) AS v({names}))"

    def text(self, value: str) -> str:
        """A text literal, escaped for the dialect."""
        return _literal(self.value, value)

    @property
    def kept(self) -> str:
        """The word before a WITH item whose rows are made once, before what stands on them."""
        return "AS MATERIALIZED" if self is Dialect.DUCKDB else "AS"

    @property
    def double(self) -> str:
        """The name of the type for numbers with fractions."""
        return "DOUBLE"


@lru_cache(4096)
def _literal(dialect: str, value: str) -> str:
    return str(exp.Literal.string(value).sql(dialect=dialect))


def day(value: date) -> str:
    """A date literal."""
    return f"DATE '{value.isoformat()}'"


def instant(value: datetime) -> str:
    """A literal of a naive UTC instant, the same in both dialects."""
    return f"CAST('{value.isoformat(sep=' ')}' AS TIMESTAMP)"


class LocalTime:
    """SQL that turns instants into days of the tenant's zone and back, exact over `start`-`end`."""

    def __init__(self, dialect: Dialect, calendar: Calendar, start: date, end: date) -> None:
        self._dialect = dialect
        self._calendar = calendar
        # Records may lie outside the days asked for: the first and last offsets hold there, which
        # moves no record across the bounds.
        self._offsets = calendar.offsets(start - timedelta(days=1), end + timedelta(days=1))

    def stamp(self, value: datetime) -> str:
        """A literal of a naive UTC instant."""
        kind = "TIMESTAMP" if self._dialect is Dialect.DUCKDB else "TIMESTAMP_NTZ"
        return f"{kind} '{value.isoformat(sep=' ')}'"

    def local(self, sql: str) -> str:
        """The local wall-clock time of an instant."""
        steps = [(self.stamp(at), seconds) for at, seconds in self._offsets]
        return self._shift(sql, sql, steps, 1)

    def day(self, sql: str, kind: ColumnType) -> str:
        """The local day of an instant; a date is its own day."""
        return sql if kind is ColumnType.DATE else f"CAST({self.local(sql)} AS DATE)"

    def midnight(self, sql: str, kind: ColumnType) -> str:
        """The instant of a value: a date counts as its local midnight."""
        if kind is not ColumnType.DATE:
            return sql
        steps = [(day(self._first_day(at)), seconds) for at, seconds in self._offsets]
        stamp = "TIMESTAMP" if self._dialect is Dialect.DUCKDB else "TIMESTAMP_NTZ"
        return self._shift(f"CAST({sql} AS {stamp})", sql, steps, -1)

    def _first_day(self, change: datetime) -> date:
        """The first day whose midnight comes at or after the change."""
        found = self._calendar.local_date(change)
        return found if self._calendar.instant(found) >= change else found + timedelta(days=1)

    def _shift(self, sql: str, key: str, steps: list[tuple[str, int]], sign: int) -> str:
        if all(seconds == 0 for _, seconds in steps):
            return sql
        if len(steps) == 1:
            return f"({sql} + INTERVAL '{sign * steps[0][1]}' SECOND)"
        cases = " ".join(
            f"WHEN {key} < {until} THEN INTERVAL '{sign * seconds}' SECOND"
            for (_, seconds), (until, _) in pairwise(steps)
        )
        return f"({sql} + CASE {cases} ELSE INTERVAL '{sign * steps[-1][1]}' SECOND END)"
