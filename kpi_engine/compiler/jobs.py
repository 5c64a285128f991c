"""A statement, and how the rows that it returns are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kpi_engine.definitions.kinds import Measure
from kpi_engine.definitions.takes import Span, SpanUnit
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Dimension, Split


class Fold(StrEnum):
    """How a column of fine groups becomes one of coarser groups; NONE: it cannot."""

    SUM = "sum"
    MIN = "min"
    MAX = "max"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Window:
    """Which days a period looks at: its own, a trailing span, or from an enclosing start."""

    over: Span | None = None
    within: SpanUnit | None = None

    @property
    def plain(self) -> bool:
        """Whether a period looks at its own days."""
        return self.over is None and self.within is None


PLAIN = Window()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A measure that stands on rows, and the window through which it is read."""

    measure: Measure
    window: Window = PLAIN


class Form(StrEnum):
    """What a row of the answer is."""

    FLOW = "flow"
    """Belongs to period `p`."""
    STOCK = "stock"
    """Stands from the end of period `p` until the end of period `q`; never left where q is NULL."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The periods of one grain over the days of a plan; `p` in a statement counts them from 0."""

    grain: Grain
    periods: tuple[Period, ...]
    even: bool = True
    """Whether the periods are those of the grain; else they follow one another, of any length."""

    @property
    def start(self) -> date:
        """The first day."""
        return self.periods[0].start

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.periods[-1].end


@dataclass(frozen=True, slots=True)
class Slice:
    """One timeline and split that a statement answers."""

    line: Timeline
    split: Split

    @property
    def grain(self) -> Grain:
        """The grain of its periods."""
        return self.line.grain


@dataclass(frozen=True, slots=True)
class Job:
    """One statement. Its columns are `s` (the slice's number), `p`, `k_<dimension>`, the cells."""

    sql: str
    slices: tuple[Slice, ...]
    cells: Mapping[Leaf, Mapping[str, tuple[str, Fold]]]
    """For each leaf: role → (column, fold)."""
    form: Form = Form.FLOW
    entity: str = ""


def key_column(dimension: Dimension) -> str:
    """The name of the column that holds a dimension's key."""
    return f"k_{dimension.value}"
