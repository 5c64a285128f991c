"""The derived index of one Parquet file: its hashed keys, sorted, to look records up by key.

A segment lies in the local cache and may be thrown away at any time: it is made again from the
Parquet file, whose name it bears. It is used only if it was made by this release of DuckDB for
these columns and nothing has written to it since.
"""

import hashlib
import json
import os
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

import duckdb
import numpy as np
import numpy.typing as npt

from kpi_engine.store.hashes import Marks, Words
from kpi_engine.store.runs import ENTRY, Entries
from kpi_engine.store.tables import records_schema

NOWHERE = -1
"""The position of a record that `current` does not hold."""
_FORMAT = 1
_HEADER = 4096
_WORD = 8
_MAPPED = 65_536
"""A segment of more entries is mapped; a smaller one is read at once."""
_SPARSE = 32
"""Keys that are fewer than one in so many entries touch pages; more read the stretch whole."""
_STAMP = 946_684_800_000_000_001
"""The time that a finished segment bears: whatever writes to the file later changes it."""


def pack(position: Marks, gone: npt.NDArray[np.bool_]) -> Marks:
    """Return marks: a position in `current` and whether the row is a deletion, in one number."""
    return np.asarray((position << 1) | gone, np.int64)


def position_of(marks: Marks) -> Marks:
    """Return the position in `current` that a mark holds."""
    return np.asarray(marks >> 1, np.int64)


def is_gone(marks: Marks) -> npt.NDArray[np.bool_]:
    """Say of each mark whether its row is a deletion."""
    return np.asarray(marks & 1, np.bool_)


class Hits(NamedTuple):
    """What a segment knows of some keys; `content` and `marks` mean nothing where `at` is -1."""

    at: npt.NDArray[np.int64]
    content: Words
    marks: Marks


class Segment:
    """Sorted keys of one Parquet file, each once."""

    def __init__(self, file: Path, rows: int, capacity: int) -> None:
        self.rows = rows
        self._file = file
        self._capacity = capacity
        self._mapped = rows > _MAPPED
        if self._mapped:
            raw = np.asarray(np.memmap(file, np.uint64, "r", _HEADER, (4 * capacity,)))
        else:
            raw = np.fromfile(file, np.uint64, offset=_HEADER)
        self._columns = [raw[column * capacity :][:rows] for column in range(4)]

    @classmethod
    def open(cls, file: Path, entity: str) -> Self | None:
        """Return the segment in `file`, or None when it is missing, stale or was tampered with."""
        try:
            with file.open("rb") as handle:
                stat = os.fstat(handle.fileno())
                header = json.loads(handle.read(_HEADER).rstrip(b"\0"))
            rows, capacity = int(header.pop("rows")), int(header.pop("capacity"))
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return None
        whole = stat.st_mtime_ns == _STAMP and stat.st_size == _HEADER + 4 * capacity * _WORD
        return cls(file, rows, capacity) if whole and header == _maker(entity) else None

    def find(self, keys: Entries) -> Hits:
        """Look up `keys`, ascending and each once."""
        at = np.full(len(keys), NOWHERE, np.int64)
        low, high = self._span(keys)
        if low == high:
            return Hits(at, np.zeros(len(keys), np.uint64), np.zeros(len(keys), np.int64))
        if self._mapped and high - low < _SPARSE * len(keys):
            columns = [self._stretch(column, low, high) for column in range(4)]
        else:
            columns = [column[low:high] for column in self._columns]
        first, second, content, marks = columns
        place, found = find_in(first, second, keys)
        at[found] = place[found] + low
        place[~found] = 0
        return Hits(at, content[place], marks[place].view(np.int64))

    def entries(self) -> Entries:
        """Return all that the segment holds."""
        found = np.empty(self.rows, ENTRY)
        for name, column in zip(ENTRY.names or (), self._columns, strict=True):
            found[name] = column.view(ENTRY[name])
        return found

    def _span(self, keys: Entries) -> tuple[int, int]:
        if not len(keys) or not self.rows:
            return 0, 0
        first = self._columns[0]
        low = np.searchsorted(first, keys["first"][0])
        return int(low), int(np.searchsorted(first, keys["first"][-1], "right"))

    def _stretch(self, column: int, low: int, high: int) -> Words:
        """Read a stretch of a column: unlike mapped pages it is given back at once."""
        offset = _HEADER + (column * self._capacity + low) * _WORD
        return np.fromfile(self._file, np.uint64, high - low, offset=offset)


class SegmentWriter:
    """Writes a segment from entries that come in ascending order; there is no file until its end.

    Args:
        file: Where the segment will be.
        entity: The entity whose records are hashed.
        capacity: At most so many entries will come.
    """

    def __init__(self, file: Path, entity: str, capacity: int) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._target = file
        self._file = file.with_name(f".{uuid.uuid4().hex}")
        self._entity = entity
        self._capacity = capacity
        self._rows = 0
        self._handle = os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.truncate(self._handle, _HEADER + 4 * capacity * _WORD)

    def write(self, entries: Entries) -> None:
        """Add entries that come after all before."""
        for column, name in enumerate(ENTRY.names or ()):
            offset = _HEADER + (column * self._capacity + self._rows) * _WORD
            _write_all(self._handle, np.ascontiguousarray(entries[name]).tobytes(), offset)
        self._rows += len(entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            os.close(self._handle)
            self._file.unlink(missing_ok=True)

    def _finish(self) -> None:
        """Put the segment in its place, durable: a cut one would make wrong numbers."""
        header = {**_maker(self._entity), "rows": self._rows, "capacity": self._capacity}
        _write_all(self._handle, json.dumps(header).encode(), 0)
        os.fsync(self._handle)
        os.utime(self._handle, ns=(_STAMP, _STAMP))
        self._file.replace(self._target)


@cache
def _maker(entity: str) -> Mapping[str, str | int]:
    """What a segment must agree with to be used."""
    columns = hashlib.sha256(str(records_schema(entity)).encode()).hexdigest()[:16]
    return {"format": _FORMAT, "duckdb": duckdb.__version__, "columns": columns}


def find_in(
    first: Words, second: Words, keys: Entries
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Say where in a stretch each key is, and whether it is; several may share a first hash."""
    place = np.searchsorted(first, keys["first"]).astype(np.int64)
    found = np.zeros(len(keys), np.bool_)
    left = np.arange(len(keys))
    while len(left):
        left = left[place[left] < len(first)]
        left = left[first[place[left]] == keys["first"][left]]
        same = second[place[left]] == keys["second"][left]
        found[left[same]] = True
        left = left[~same]
        place[left] += 1
    return place, found


def _write_all(handle: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        done = os.pwrite(handle, view, offset)
        view, offset = view[done:], offset + done
