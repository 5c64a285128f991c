"""The rows that one statement returned, as arrays: for each slice those that are its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_engine.compiler.jobs import Form, Job, Slice, key_column
from kpi_engine.engines.runner import Columns

Grid = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Group = tuple[str | None, ...]
"""The keys of one group, in the order of its split."""

NO_PERIOD = -2
"""Stands for NULL among period numbers, which begin at -1."""

_Keys = tuple[list[str | None], Codes]
"""The distinct keys of a column, and which of them each row has."""


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of one slice of one job."""

    slice: Slice
    form: Form
    period: Codes
    until: Codes
    group: Codes
    groups: tuple[Group, ...]
    columns: Mapping[str, Grid]
    undated: Mapping[str, float]
    """Column totals of the rows that are in no period."""
    _filled: dict[str, Grid] = field(default_factory=dict, compare=False, repr=False)

    def filled(self, column: str) -> Grid:
        """Return a column with 0 where it has no value; made once, as every grid asks for it."""
        if column not in self._filled:
            self._filled[column] = np.nan_to_num(self.columns[column])
        return self._filled[column]


def reads_of(job: Job, table: Columns) -> list[Read]:
    """Return what a job returned, one by one for its slices."""
    rows = _Rows(job, table)
    return [_read(job, rows, number) for number in range(len(job.slices))]


class _Rows:
    """What a job returned, as arrays that its slices are cut from."""

    def __init__(self, job: Job, table: Columns) -> None:
        self.slice = _integers(table, "s")
        self.period = _integers(table, "p")
        self.dated = self.period != NO_PERIOD
        self.until = _integers(table, "q") if "q" in table else np.full(len(self.period), NO_PERIOD)
        named = {column for cells in job.cells.values() for column, _ in cells.values()}
        self.columns = {name: _floats(table[name]) for name in named}
        dimensions = dict.fromkeys(name for found in job.slices for name in found.split)
        self.keys = {name: _encoded(table[key_column(name)]) for name in dimensions}


def _read(job: Job, rows: "_Rows", number: int) -> Read:
    found = job.slices[number]
    mine = rows.slice == number
    undated, dated = np.flatnonzero(mine & ~rows.dated), np.flatnonzero(mine & rows.dated)
    codes, groups = _group([rows.keys[name] for name in found.split], dated)
    return Read(
        found,
        job.form,
        rows.period[dated],
        rows.until[dated],
        codes,
        groups,
        {name: values[dated] for name, values in rows.columns.items()},
        {name: float(np.nansum(values[undated])) for name, values in rows.columns.items()},
    )


def _integers(table: Columns, name: str) -> Codes:
    column = table[name]
    if isinstance(column, np.ma.MaskedArray):
        column = column.filled(NO_PERIOD)
    elif column.dtype.kind == "f":
        column = np.where(np.isnan(column), NO_PERIOD, column)
    return column.astype(np.int64)


def _floats(column: npt.NDArray[Any]) -> Grid:
    found = column.astype(np.float64)
    return found.filled(np.nan) if isinstance(found, np.ma.MaskedArray) else found


def _texts(column: npt.NDArray[Any]) -> pa.Array:
    if isinstance(column, np.ma.MaskedArray):
        return pa.array(column.data, pa.string(), mask=np.ma.getmaskarray(column))
    return pa.array(column, pa.string())


def _encoded(column: npt.NDArray[Any]) -> _Keys:
    encoded = _texts(column).dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    return encoded.dictionary.to_pylist(), codes.astype(np.int64)


def _group(keys: Sequence[_Keys], rows: Codes) -> tuple[Codes, tuple[Group, ...]]:
    """Number the distinct key tuples of some rows."""
    combined = np.zeros(len(rows), np.int64)
    if not keys:
        return combined, ((),)
    for words, codes in keys:
        combined = combined * max(len(words), 1) + codes[rows]
    distinct, inverse = np.unique(combined, return_inverse=True)
    told: list[list[str | None]] = []
    for words, _ in reversed(keys):
        # The digits of a number whose places count as many as there are words.
        distinct, places = np.divmod(distinct, max(len(words), 1))
        told.append([words[place] for place in places.tolist()])
    return inverse.astype(np.int64), tuple(zip(*reversed(told), strict=True))
