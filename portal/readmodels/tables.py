"""The columns of a table as text; what stands in its cells is drawn by the page."""

from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """How a column is sorted, in the words of ARIA."""

    NONE = "none"
    UP = "ascending"
    DOWN = "descending"


class Kind(StrEnum):
    """What a row of a table is besides a plain one."""

    PLAIN = "plain"
    TARGET = "target"
    TOTAL = "total"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column."""

    text: str
    sub: str = ""
    """A second line, small: the unit."""
    number: bool = False
    sort: str = ""
    """The address that sorts by this column; empty where it cannot be sorted."""
    order: Order = Order.NONE
    phone: bool = True
    """Whether the column stays on a phone."""
    width: int = 0
    """In pixels; 0 leaves it to the browser."""
    says: bool = True
    """Whether the head is shown; if not, only a screen reader says it."""
