"""Counts, sums, times and shares of the records of a period."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from kpi_engine.compiler.clocks import span_microseconds
from kpi_engine.compiler.jobs import Leaf
from kpi_engine.compiler.leaves import cohort_by_day
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.kinds import Aggregate, Cohort, Duration, FirstTouch, RankAccuracy
from kpi_engine.definitions.takes import Take, Within
from kpi_engine.engine.cells import Cells, divide
from kpi_engine.engine.reader import Reader
from kpi_engine.reading import Absence
from kpi_engine.units import MICROSECONDS, Unit

CENTS = 4
"""Decimals of money: sums of exact amounts are rounded to them, so no binary noise shows."""
_ADDED = {Take.COUNT, Take.SUM, Take.DISTINCT}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (naive UTC)
_EPOCH_DAY = date(1970, 1, 1)


def aggregate(reader: Reader, leaf: Leaf) -> Cells:
    """Return a count, sum, mean or other take of the records of each period."""
    measure = leaf.measure
    if not reader.frames.has(leaf):
        return reader.blank(leaf, reader.probe(leaf) or Absence.NO_DATE)
    n = reader.grid(leaf, "n")
    take = measure.take if isinstance(measure, Aggregate) else Take.COUNT
    value = n if take is Take.COUNT else reader.grid(leaf, "value")
    if take is Take.MEAN:
        value = divide(value, n)
    elif isinstance(measure, Aggregate) and _is_money(measure) and take is Take.SUM:
        value = np.round(value, CENTS)
    cells = Cells.made(value, n, missing=reader.no_rows, empty=take in _ADDED)
    return reader.explained(leaf, cells)


def duration(reader: Reader, leaf: Leaf, measure: Duration | FirstTouch, unit: Unit) -> Cells:
    """Return a time that passed, in `unit`, or the share inside a limit; `open` beside it."""
    if isinstance(measure, FirstTouch) and reader.probe(leaf) is Absence.NOT_LOADED:
        # Nothing was ever recorded that could have answered: the share is unknown, not 0.
        return reader.blank(leaf, Absence.NOT_LOADED)
    n, waiting = reader.grid(leaf, "n"), reader.grid(leaf, "open")
    beside = {"open": waiting, "negative": reader.grid(leaf, "negative")}
    if isinstance(measure.take, Within):
        over, under = reader.grid(leaf, "over"), n + waiting
        cells = Cells.made(divide(over, under), under, missing=reader.zero, over=over, under=under)
    else:
        value = reader.grid(leaf, "value")
        if measure.take is Take.MEAN:
            value = divide(value, n)
        # Inside a formula of money a day, say, a time counts in days.
        length = MICROSECONDS.get(unit, MICROSECONDS[Unit.DAYS])
        cells = Cells.made(value / length, n, missing=reader.no_rows)
        some = np.asarray((n + waiting > 0).any(axis=1), np.bool_)
        cells = replace(cells, seen=some)
    return reader.explained(leaf, replace(cells, beside=beside))


def cohort(reader: Reader, leaf: Leaf, measure: Cohort) -> Cells:
    """Return the share that reaches the event; immature while a window is still running."""
    over, under = reader.grid(leaf, "over"), reader.grid(leaf, "under")
    cells = Cells.made(divide(over, under), under, missing=reader.no_rows, over=over, under=under)
    if measure.within is not None:
        last = np.nan_to_num(reader.grid(leaf, "last"), nan=-np.inf)
        passed = last + span_microseconds(measure.within) <= _so_far(reader, measure)
        immature = ~(passed & _ended(reader)[None, :]) & (under > 0)
        cells = cells.without(immature, reader.notes.code(Absence.IMMATURE))
    return reader.explained(leaf, cells)


def rank(reader: Reader, leaf: Leaf, measure: RankAccuracy) -> Cells:
    """Return the area under the ROC curve from the ranks of those with the event."""
    n, hits = reader.grid(leaf, "n"), reader.grid(leaf, "hits")
    n, hits = np.nan_to_num(n), np.nan_to_num(hits)
    pairs = hits * (n - hits)
    value = divide(np.nan_to_num(reader.grid(leaf, "places")) - hits * (hits + 1) / 2, pairs)
    cells = Cells.made(value, n, missing=reader.no_rows)
    few = (n < measure.least) | (pairs == 0)
    return reader.explained(leaf, cells.without(few, reader.notes.code(Absence.TOO_FEW)))


def _so_far(reader: Reader, measure: Cohort) -> float:
    """The moment up to which windows have passed, as microseconds or as a day's."""
    today, calendar = reader.scene.today, reader.scene.calendar
    if cohort_by_day(measure):
        return float((today - _EPOCH_DAY).days) * MICROSECONDS[Unit.DAYS]
    return (calendar.instant(today) - _EPOCH) / timedelta(microseconds=1)


def _ended(reader: Reader) -> npt.NDArray[np.bool_]:
    periods = reader.scene.asked[reader.grain]
    return np.array([period.end <= reader.scene.today for period in periods])


def _is_money(measure: Aggregate) -> bool:
    return measure.value is not None and measure.value.type is ColumnType.MONEY
