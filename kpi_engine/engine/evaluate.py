"""From what was read to numbers: quotients from their parts, absences with reasons.

The same for every engine: only sums, counts and quantiles were computed there.
"""

from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np
import numpy.typing as npt

from kpi_engine.compiler.jobs import Leaf, Window
from kpi_engine.compiler.needs import with_owner
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Formula,
    Health,
    KpiRef,
    Paired,
    Part,
    RankAccuracy,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.definitions.takes import PairTake
from kpi_engine.engine.arithmetic import compute
from kpi_engine.engine.cells import PRESENT, Cells, divide
from kpi_engine.engine.frames import fold_groups
from kpi_engine.engine.reader import Reader
from kpi_engine.engine.reads import Grid
from kpi_engine.engine.rows import aggregate, cohort, duration, rank
from kpi_engine.engine.stocks import balance, health, slipped, stock
from kpi_engine.questions import Split
from kpi_engine.reading import Absence
from kpi_engine.units import Unit

LeafMeasure = (
    Aggregate
    | First
    | Duration
    | FirstTouch
    | Cohort
    | RankAccuracy
    | Balance
    | Stock
    | Slipped
    | Health
)


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Computes KPIs at one grain and split from what was read for a question."""

    reader: Reader
    catalogue: Catalogue

    def part(self, part: Part, window: Window, unit: Unit) -> Cells:  # noqa: PLR0911  (one a kind)
        """Return a part of a KPI whose unit is `unit`; a KPI named has its own."""
        match part:
            case KpiRef():
                kpi = self.catalogue[part.key]
                return self.part(kpi.measure, window, kpi.unit)
            case Rolling():
                return self.part(part.measure, Window(over=part.over), unit)
            case ToDate():
                return self.part(part.measure, Window(within=part.within), unit)
            case Ratio():
                return self._ratio(part, window, unit)
            case Formula():
                return self._formula(part, window, unit)
            case Paired():
                return self._paired(part, window, unit)
            case _:
                return self._leaf(part, window, unit)

    def _leaf(self, part: LeafMeasure, window: Window, unit: Unit) -> Cells:
        leaf = Leaf(part, window)
        match part:
            case Aggregate() | First():
                return aggregate(self.reader, leaf)
            case Duration() | FirstTouch():
                return duration(self.reader, leaf, part, unit)
            case Cohort():
                return cohort(self.reader, leaf, part)
            case RankAccuracy():
                return rank(self.reader, leaf, part)
            case Balance():
                return balance(self.reader, leaf, part)
            case _:
                return self._standing(part)

    def _standing(self, part: Stock | Slipped | Health) -> Cells:
        """Return what stands at a period's end, whatever the window."""
        leaf = Leaf(part)
        match part:
            case Stock():
                return stock(self.reader, part)
            case Slipped():
                return slipped(self.reader, leaf)
            case Health():
                return health(self.reader, leaf, part)
            case _:
                assert_never(part)

    def _ratio(self, measure: Ratio, window: Window, unit: Unit) -> Cells:
        over = self.part(measure.over, window, unit).as_part()
        under = self.part(measure.under, window, unit).as_part()
        value = divide(over.value, under.value)
        reason = np.where(under.reason != PRESENT, under.reason, over.reason)
        no_rows, zero = self.reader.no_rows, self.reader.zero
        missing = self.reader.notes.code(Absence.MISSING_PART, "the part above the line")
        reason = np.where(under.reason == no_rows, zero, reason)
        above = (under.reason == PRESENT) & (over.reason == no_rows)
        reason = np.where(above, missing, reason)
        reason = np.where((under.reason == PRESENT) & (under.value == 0), zero, reason)
        # Refunds may make a whole of less than nothing; -500 of -400 are no 125 %.
        below = self.reader.notes.code(Absence.NEGATIVE_DENOMINATOR)
        reason = np.where((under.reason == PRESENT) & (under.value < 0), below, reason)
        return Cells(
            np.where(reason == PRESENT, value, np.nan),
            under.n,
            reason.astype(np.int16),
            over.value,
            under.value,
            {**under.beside, **over.beside},
            seen=_seen(over, under),
        )

    def _formula(self, measure: Formula, window: Window, unit: Unit) -> Cells:
        parts = {name: self.part(part, window, unit).as_part() for name, part in measure.of}
        reason = np.zeros(self.reader.shape, np.int16)
        for name, cells in parts.items():
            for code in np.unique(cells.reason[cells.reason != PRESENT]).tolist():
                why = self.reader.notes.note(code)
                told = self.reader.notes.code(Absence.MISSING_PART, f"{name}: {why}")
                gap = (cells.reason == code) & (reason == PRESENT)
                reason = np.where(gap, told, reason)
        values = {name: cells.value for name, cells in parts.items()}
        value, by_zero = compute(measure.text.tree, values, self.reader.shape)
        reason = np.where((reason == PRESENT) & by_zero, self.reader.zero, reason)
        endless = (reason == PRESENT) & ~np.isfinite(value)
        reason = np.where(endless, self.reader.notes.code(Absence.NOT_FINITE), reason)
        beside: dict[str, Grid] = {}
        for cells in parts.values():
            beside.update(cells.beside)
        return Cells(
            np.where(reason == PRESENT, value, np.nan),
            np.min([cells.n for cells in parts.values()], axis=0),
            reason.astype(np.int16),
            beside=beside,
            seen=_seen(*parts.values()),
        )

    def _paired(self, measure: Paired, window: Window, unit: Unit) -> Cells:
        fine = replace(self, reader=replace(self.reader, split=with_owner(self.reader.split)))
        actual = fine.part(measure.actual, window, unit).as_part()
        forecast = fine.part(measure.forecast, window, unit)
        told = forecast.reason == PRESENT
        if not actual.empty and not (actual.reason == PRESENT).any():
            return self._blank(measure.actual, window, unit)
        a = np.where(told, np.nan_to_num(actual.value), 0)
        f = np.where(told, np.nan_to_num(forecast.value), 0)
        off = np.abs(a - f) if measure.take is PairTake.ACCURACY else f - a
        to, count = self._to_coarse(fine.reader.split), self.reader.shape[0]
        missed, total = fold_groups(off, to, count), fold_groups(a, to, count)
        owners = fold_groups(told.astype(float), to, count)
        share = divide(missed, total)
        value = np.maximum(1 - share, 0) if measure.take is PairTake.ACCURACY else share
        cells = Cells.made(value, owners, missing=self.reader.no_rows, over=missed, under=total)
        cells = cells.without(total <= 0, self.reader.zero)
        return cells if told.any() else self._blank(measure.forecast, window, unit)

    def _blank(self, part: Part, window: Window, unit: Unit) -> Cells:
        """Return cells that are absent for the reason that a part is, seen as a whole."""
        whole = replace(self, reader=replace(self.reader, split=()))
        code = int(whole.part(part, window, unit).reason[0, 0])
        return Cells.absent(self.reader.shape, code if code != PRESENT else self.reader.no_rows)

    def _to_coarse(self, fine: Split) -> list[int]:
        numbers = self.reader.frames.groups(self.reader.split)
        found = []
        for group in self.reader.frames.groups(fine):
            keys = dict(zip(fine, group, strict=True))
            coarse = tuple(
                keys[name] if name in keys else self.reader.frames.team_of(group[-1])
                for name in self.reader.split
            )
            found.append(numbers[coarse])
        return found


def _seen(*cells: Cells) -> npt.NDArray[np.bool_] | None:
    told = [one.seen for one in cells if one.seen is not None]
    return np.asarray(np.logical_or.reduce(told), np.bool_) if told else None
