"""What the compiler has to know of a tenant's facts: names, files and rules, never rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from kpi_engine.compiler.dialect import Dialect, LocalTime
from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.stages import StageMap
from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Calendar
from kpi_engine.store.pins import EntityFacts

_YEARS = timedelta(days=5 * 366)
_SQL_TYPES = {
    ColumnType.TEXT: ("VARCHAR", "STRING"),
    ColumnType.NUMBER: ("DOUBLE", "DOUBLE"),
    ColumnType.MONEY: ("DECIMAL(18,4)", "DECIMAL(18,4)"),
    ColumnType.INTEGER: ("BIGINT", "BIGINT"),
    ColumnType.BOOLEAN: ("BOOLEAN", "BOOLEAN"),
    ColumnType.TIME: ("TIMESTAMP", "TIMESTAMP_NTZ"),
    ColumnType.DATE: ("DATE", "DATE"),
}
_BOUNDS = {"valid_from", "valid_to", "next_from"}


class Relations(Protocol):
    """How an engine reaches the records of a pinned version."""

    def now(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with the records as of the version, `columns` only."""

    def versions(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with every version: `valid_from`, `valid_to` and `next_from`."""


@dataclass(frozen=True, slots=True)
class World:
    """One tenant at one pinned version, as a statement sees it."""

    dialect: Dialect
    calendar: Calendar
    stages: StageMap
    settings: Settings
    facts: Mapping[str, EntityFacts]
    relations: Relations
    sources: tuple[str, ...]
    """Every source with records; references across sources cost a join, so one source has none."""
    team_chain: tuple[tuple[str, str], ...] = ()
    """Each team with itself and each team above it, as canonical keys."""
    start: date = date(1970, 1, 1)
    end: date = date(1970, 1, 2)
    today: date = date(1970, 1, 2)
    local: LocalTime = field(init=False, compare=False, repr=False)
    """Local time over the days asked for."""
    wide: LocalTime = field(init=False, compare=False, repr=False)
    """Local time over five more years on each side, for windows that reach out of the question."""

    def __post_init__(self) -> None:
        local = LocalTime(self.dialect, self.calendar, self.start, self.end)
        wide = LocalTime(self.dialect, self.calendar, self.start - _YEARS, self.end + _YEARS)
        object.__setattr__(self, "local", local)
        object.__setattr__(self, "wide", wide)

    @property
    def many_sources(self) -> bool:
        """Whether an id alone may name several records."""
        return len(self.sources) > 1

    def has(self, entity: str) -> bool:
        """Whether any record of the entity was ever loaded."""
        return entity in self.facts

    def records(self, entity: str, columns: Sequence[str]) -> str:
        """Return the records of an entity; an empty relation where none was ever loaded."""
        if entity in self.facts:
            return self.relations.now(self.facts[entity], columns)
        return self.empty(entity, columns)

    def versions(self, entity: str, columns: Sequence[str]) -> str:
        """Return every version of the records; `columns` may name the bounds of a version."""
        plain = [column for column in columns if column not in _BOUNDS]
        return self.relations.versions(self.facts[entity], plain)

    def empty(self, entity: str, columns: Sequence[str]) -> str:
        """Return a relation of `columns` without rows."""
        cells = ", ".join(f"{self.null(entity, column)} AS {column}" for column in columns)
        return f"(SELECT {cells} WHERE 1 = 0)"

    def null(self, entity: str, column: str) -> str:
        """A NULL of the column's type."""
        found = QUERYABLE[entity].column(column)
        return f"CAST(NULL AS {self.sql_type(found.type if found else ColumnType.TEXT)})"

    def sql_type(self, kind: ColumnType) -> str:
        """The dialect's name of a column type."""
        return _SQL_TYPES[kind][self.dialect is Dialect.SPARK]
