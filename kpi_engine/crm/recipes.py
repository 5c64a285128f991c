"""How the rows of one table become records: inputs read from text, cells checked, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_engine.crm.entities import Column, ColumnType
from kpi_engine.crm.layers import literal
from kpi_engine.crm.moment_sql import MomentStyle
from kpi_engine.crm.number_text import NumberStyle

Style = NumberStyle | MomentStyle


@dataclass(frozen=True, slots=True)
class Words:
    """What is done to a text before it is read."""

    null: tuple[str, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    map: tuple[tuple[str, str | None], ...] | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A file column as one type."""

    name: str
    """The SQL name of the typed value; `NAME_t` is its text after the words."""
    position: int
    """The file column's number; -1 for the values of an exploded table."""
    label: str
    type: ColumnType
    words: Words
    constant: str | None = None
    """A text that stands in every row, in place of a file column."""

    @property
    def base(self) -> str:
        """SQL of the tidied text."""
        if self.constant is not None:
            return literal(self.constant)
        return "exploded" if self.position < 0 else f"e{self.position}"


@dataclass(frozen=True, slots=True)
class Computation:
    """An expression over inputs, by name; a cell may use it as it may use an input."""

    name: str
    sql: str
    label: str
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the record."""

    column: Column
    sql: str
    """The value, of the column's type, over inputs and computations."""
    label: str
    raw: str
    """SQL of the text to show when the value is missing or not allowed."""
    fits: str | None = None
    """SQL that must be true unless the value is null by right."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that is done to the rows of one table."""

    inputs: tuple[Input, ...]
    computations: tuple[Computation, ...]
    cells: tuple[Cell, ...]
    where: str | None = None
    """A condition over inputs; rows for which it is not true are left out."""
    where_inputs: tuple[str, ...] = ()
    """The inputs that the condition looks at."""
    one_of: tuple[str, ...] = ()
    exploded: tuple[tuple[int, str], ...] = ()
    """File column number and word; each row becomes a row for each that is filled."""
    skips_blank: bool = True
    """Whether an exploded row without a value is left out."""

    @property
    def positions(self) -> tuple[int, ...]:
        """The numbers of the file columns that are read."""
        found = {part.position for part in self.inputs if part.position >= 0}
        return tuple(sorted(found | {position for position, _ in self.exploded}))


Styles = Mapping[int, Style]
"""How file columns write numbers and moments, by number."""
