"""Which records are looked at: a scope, a filter, one group of a split, and a window of time."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from kpi_engine.definitions.expressions import Expression
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, Scope, Split
from kpi_engine.reading import Absence
from tests.oracle.days import ONE_DAY, Days, local_day, midnight
from tests.oracle.dimensions import in_scope, owner_of, plain_name, value_of
from tests.oracle.forecasts import is_opening
from tests.oracle.quotas import in_force
from tests.oracle.records import Identity, Row, World
from tests.oracle.values import Context, passes, value

Group = tuple[Any, ...]
EVERYONE = Scope()


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a measure looks at, the period it answers for, and the day that is today."""

    days: Days
    period: Days
    today: date
    steps: tuple[Days, ...]

    def edge(self, day: date) -> date:
        """Return `day`, or tomorrow where that comes first: nothing is known of later moments."""
        return min(day, self.today + ONE_DAY)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a measure gives for one window and group, exact.

    `seen` tells whether there was any record to look at; `zero_when_empty` whether no rows make 0
    of it where it is a part of another measure.
    """

    value: Fraction | None = None
    why: Absence | None = None
    n: int = 0
    over: Fraction | None = None
    under: Fraction | None = None
    beside: tuple[tuple[str, Fraction], ...] = ()
    seen: bool = False
    zero_when_empty: bool = False
    part: str | None = None

    @property
    def as_part(self) -> Fraction | None:
        """The value as a part of another measure, or None where it is absent."""
        if self.why is Absence.NO_ROWS and self.zero_when_empty:
            return Fraction(0)
        return self.value


@dataclass
class Lens:
    """Records of a world as a question sees them."""

    world: World
    today: date
    grain: Grain
    scope: Scope = EVERYONE
    where: Expression | None = None
    split: Split = ()
    group: Group | None = None
    owner: Identity | None = None
    cache: dict[Any, list[tuple[Row, Group]]] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The tenant's time zone."""
        return self.world.calendar.timezone

    def of_group(self, group: Group) -> "Lens":
        """Return the same lens on one group of the split."""
        return replace(self, group=group)

    def of_owner(self, owner: Identity) -> "Lens":
        """Return the same lens on the records of one owner."""
        return replace(self, owner=owner)

    def of_any_group(self) -> "Lens":
        """Return the same lens on all groups together."""
        return replace(self, group=None)

    def everyones(self) -> "Lens":
        """Return a lens on all records, whoever asks."""
        return Lens(self.world, self.today, self.grain)

    def grouped(self, entity: str) -> list[tuple[Row, Group]]:
        """Return all records in scope that pass the question's filter, each with its group."""
        if entity not in self.cache:
            self.cache[entity] = [
                (row, tuple(value_of(self.world, entity, row, each) for each in self.split))
                for row in self.world.now(entity)
                if in_scope(self.world, entity, row, self.scope)
                and self._passes_question(entity, row)
                and (entity != "quota" or Dimension.OWNER not in self.split or row.get("owner_id"))
            ]
        return self.cache[entity]

    def _passes_question(self, entity: str, row: Row) -> bool:
        if self.where is None:
            return True
        names = {
            each.value: plain_name(self.world, each, value_of(self.world, entity, row, each))
            for each in Dimension
        }
        return passes(self.where, Context(self.zone, names.get))

    def rows(self, entity: str, where: Expression | None = None) -> list[Row]:
        """Return the records of this lens's group that pass `where`."""
        return [
            row
            for row, group in self.grouped(entity)
            if self.group in (None, group)
            and (self.owner is None or owner_of(self.world, entity, row) == self.owner)
            and passes(where, self.context(entity, row))
        ]

    def context(self, entity: str, row: Row) -> Context:
        """Return what the names of an expression mean for this record."""

        def find(name: str) -> Any:
            if entity == "quota" and name == "in_force":
                return in_force(self.world, row, self.grain, self.split)
            if entity == "forecast" and name == "is_opening":
                return is_opening(self.world, row, self.grain)
            hop, dot, far = name.partition(".")
            if not dot:
                return row.get(name)
            record = self.world.refer(entity, row, f"{hop}_id")
            return record.get(far) if record is not None else None

        return Context(self.zone, find)

    def value(self, entity: str, row: Row, expression: Expression) -> Any:
        """Return the value of an expression for a record."""
        return value(expression, self.context(entity, row))

    def placed(self, entity: str, row: Row, on: Expression, days: Days) -> bool:
        """Whether the record lies in the days by its `on`."""
        at = self.value(entity, row, on)
        return at is not None and not self.before(at, days.start) and self.before(at, days.end)

    def before(self, at: date | datetime, day: date) -> bool:
        """Whether an instant or a date lies before the beginning of `day`."""
        if isinstance(at, datetime):
            return at < midnight(day, self.zone)
        return at < day

    def moment(self, at: date | datetime) -> datetime:
        """Return an instant; a date counts as the first instant of that day."""
        return at if isinstance(at, datetime) else midnight(at, self.zone)

    def day(self, at: date | datetime) -> date:
        """Return the day of an instant in the tenant's zone."""
        return local_day(at, self.zone) if isinstance(at, datetime) else at

    def lacking(self, entity: str, on: Expression | None) -> Absence | None:
        """Return why the entity can tell nothing at all: never loaded, or nowhere a date."""
        if not self.world.loaded(entity):
            return Absence.NOT_LOADED
        records = self.world.now(entity)
        if on is None:
            return Absence.NO_DATE
        dated = any(self.value(entity, row, on) is not None for row in records)
        return Absence.NO_DATE if records and not dated else None
