"""What a question was answered: grids with reasons, and rows for those who want them one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.cells import PRESENT, Cells, Notes
from kpi_engine.engine.reads import Group
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Dimension, Split
from kpi_engine.reading import Absence, Reading, State


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI in one period for one group. `keys` are the records' keys behind the labels."""

    kpi: KpiKey
    period: Period
    by: Mapping[Dimension, str | None]
    keys: Mapping[Dimension, str | None]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Block:
    """One KPI at one grain and split: `cells` are groups by periods."""

    kpi: KpiKey
    grain: Grain
    split: Split
    periods: tuple[Period, ...]
    groups: tuple[Group, ...]
    labels: tuple[Group, ...]
    cells: Cells
    notes: Notes
    today: date

    def shown(self) -> list[int]:
        """The numbers of the groups that the KPI has any rows for; without a split, the one."""
        if not self.split or self.cells.seen is None:
            return list(range(len(self.groups)))
        return [int(number) for number in np.flatnonzero(self.cells.seen)]

    def reading(self, group: int, period: int) -> Reading:
        """Return one number, or the reason there is none."""
        cells, when = self.cells, self.periods[period]
        n = round(float(cells.n[group, period]))
        code = int(cells.reason[group, period])
        beside = tuple(
            (name, float(grid[group, period]))
            for name, grid in cells.beside.items()
            if grid[group, period] != 0 and np.isfinite(grid[group, period])
        )
        over = _number(cells.over[group, period]) if cells.over is not None else None
        under = _number(cells.under[group, period]) if cells.under is not None else None
        if when.start > self.today:
            return Reading(None, State.ABSENT, Absence.NOT_BEGUN.value, 0)
        if code == PRESENT:
            state = State.SO_FAR if when.end > self.today else State.FINAL
            value = float(cells.value[group, period]) + 0.0
            return Reading(value, state, None, n, over, under, beside)
        note = self.notes.note(code)
        state = State.IMMATURE if note.why is Absence.IMMATURE else State.ABSENT
        return Reading(None, state, str(note), n, over, under, beside)


@dataclass(frozen=True, slots=True)
class Answer:
    """The blocks of a question, with what they were computed from."""

    blocks: tuple[Block, ...]
    version: int
    known_at: datetime | None

    def block(self, kpi: KpiKey, grain: Grain, split: Split = ()) -> Block:
        """Return one block.

        Raises:
            KeyError: if it was not asked.
        """
        for found in self.blocks:
            if (found.kpi, found.grain, found.split) == (kpi, grain, split):
                return found
        raise KeyError((kpi, grain, split))

    def rows(self) -> Iterator[Row]:
        """Yield every row: by KPI, grain, split, group, period."""
        for block in self.blocks:
            for group in block.shown():
                by = _named(block.split, block.labels[group])
                keys = _named(block.split, block.groups[group])
                for number, period in enumerate(block.periods):
                    yield Row(block.kpi, period, by, keys, block.reading(group, number))


def _named(split: Split, told: Sequence[str | None]) -> dict[Dimension, str | None]:
    return dict(zip(split, told, strict=True))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
