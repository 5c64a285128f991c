"""Numbers with their reasons, as grids of groups by periods."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from kpi_engine.engine.reads import Grid
from kpi_engine.reading import Absence

Reasons = npt.NDArray[np.int16]

PRESENT = 0
"""The code of a number that is there."""


@dataclass(frozen=True, slots=True)
class Note:
    """A reason as it is told: why, and of what (the part or the kind of record)."""

    why: Absence
    what: str = ""

    def __str__(self) -> str:
        return f"{self.why.value} ({self.what})" if self.what else self.why.value


@dataclass(slots=True)
class Notes:
    """The reasons that occur in one answer, by code."""

    told: list[Note] = field(default_factory=list)

    def code(self, why: Absence, what: str = "") -> int:
        """Return the code of a reason; equal reasons share one."""
        note = Note(why, what)
        if note not in self.told:
            self.told.append(note)
        return self.told.index(note) + 1

    def note(self, code: int) -> Note:
        """Return the reason of a code that is not `PRESENT`."""
        return self.told[code - 1]


@dataclass(frozen=True, slots=True)
class Cells:
    """A measure at one grain and split.

    `value` is NaN exactly where `reason` is not `PRESENT`. `empty` is True for a measure whose
    nothing is 0 as a part of another (a count or a sum); `no_rows` marks where it had none.
    """

    value: Grid
    n: Grid
    reason: Reasons
    over: Grid | None = None
    under: Grid | None = None
    beside: Mapping[str, Grid] = field(default_factory=dict)
    empty: bool = False
    no_rows: npt.NDArray[np.bool_] | None = None
    seen: npt.NDArray[np.bool_] | None = None
    """Groups that any part has rows for."""

    @classmethod
    def made(cls, value: Grid, n: Grid, *, missing: int, **more: object) -> Self:
        """Return cells that are absent, for the reason `missing`, where there are no rows."""
        none = n <= 0
        told = np.where(none, np.nan, value)
        reason = np.where(none, missing, PRESENT).astype(np.int16)
        return cls(told, n, reason, no_rows=none, seen=(~none).any(axis=1), **more)  # type: ignore[arg-type]

    @classmethod
    def absent(cls, shape: tuple[int, int], code: int) -> Self:
        """Return cells without a number, all for one reason."""
        nothing = np.zeros(shape)
        return cls(
            np.full(shape, np.nan),
            nothing,
            np.full(shape, code, np.int16),
            seen=np.zeros(shape[0], bool),
        )

    def as_part(self) -> Self:
        """Return the cells as a part of another measure: an empty count or sum is 0."""
        if not self.empty or self.no_rows is None:
            return self
        return replace(
            self,
            value=np.where(self.no_rows, 0.0, self.value),
            reason=np.where(self.no_rows, PRESENT, self.reason).astype(np.int16),
        )

    def emptied(self, where: npt.NDArray[np.bool_]) -> Self:
        """Return the cells with 0 where told: a true nothing."""
        none = self.no_rows
        return replace(
            self,
            value=np.where(where, 0.0, self.value),
            reason=np.where(where, PRESENT, self.reason).astype(np.int16),
            no_rows=None if none is None else none & ~where,
            seen=self.seen if none is None else np.asarray((~none | where).any(axis=1), np.bool_),
        )

    def without(self, where: npt.NDArray[np.bool_], code: int) -> Self:
        """Return the cells with no number where told, for a reason."""
        where = where & (self.reason == PRESENT)
        return replace(
            self,
            value=np.where(where, np.nan, self.value),
            reason=np.where(where, code, self.reason).astype(np.int16),
        )


def divide(over: Grid, under: Grid) -> Grid:
    """Return the quotients; NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under == 0, np.nan, over / under)
