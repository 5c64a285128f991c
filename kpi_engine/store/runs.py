"""Hashed keys in arrival order, given back sorted: on disk where they are many.

Memory does not grow with their number: each part of the key space is sorted by itself.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from kpi_engine.store.hashes import Hashes, Marks

ENTRY = np.dtype([("first", "u8"), ("second", "u8"), ("content", "u8"), ("mark", "i8")])
"""One hashed key. What `mark` means is up to who adds it; among equal keys the greatest is last."""
Entries = npt.NDArray[np.void]
"""Arrays of `ENTRY`. Pick from them by `take`: indexing is many times slower on records."""

IN_MEMORY = 1_000_000
_PART_BITS = 6
_PARTS = 1 << _PART_BITS


class Runs:
    """Collects entries, then gives them back in runs that ascend by key."""

    def __init__(self, folder: Path, in_memory: int = IN_MEMORY) -> None:
        self._folder = folder
        self._in_memory = in_memory
        self._waiting: list[Entries] = []
        self._held = 0
        self._spilled = False
        self.rows = 0

    def add(self, hashes: Hashes, marks: Marks) -> None:
        """Add the hashes of some rows, each with its mark."""
        entries = np.empty(len(marks), ENTRY)
        for name, values in (*hashes._asdict().items(), ("mark", marks)):
            entries[name] = values
        self._waiting.append(entries)
        self.rows += len(entries)
        self._held += len(entries)
        if self._held > self._in_memory:
            self._spill()

    def sorted(self) -> Iterator[Entries]:
        """Yield all entries by ascending key; equal keys lie in one run, by ascending mark."""
        if not self._spilled:
            if self._waiting:
                yield _sorted(np.concatenate(self._waiting))
            return
        self._spill()
        for part in range(_PARTS):
            file = self._file(part)
            if file.exists():
                yield _sorted(np.fromfile(file, ENTRY))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _spill(self) -> None:
        """Append what waits to one file a part of the key space."""
        if not self._waiting:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._spilled = True
        entries = np.concatenate(self._waiting)
        self._waiting.clear()
        self._held = 0
        parts = (entries["first"] >> np.uint64(64 - _PART_BITS)).astype(np.uint8)
        entries = entries.take(np.argsort(parts, kind="stable"))
        ends = np.cumsum(np.bincount(parts, minlength=_PARTS))
        for part, rows in enumerate(np.split(entries, ends[:-1])):
            with self._file(part).open("ab") as file:
                rows.tofile(file)

    def _file(self, part: int) -> Path:
        return self._folder / f"{part:02d}"


def _sorted(entries: Entries) -> Entries:
    by_first = entries.take(np.argsort(np.ascontiguousarray(entries["first"])))
    if not same_as_next(by_first, "first").any():
        return by_first
    order = np.lexsort((entries["mark"], entries["second"], entries["first"]))
    return entries.take(order)


def same_as_next(entries: Entries, *names: str) -> npt.NDArray[np.bool_]:
    """Say of each entry whether the next one is equal in `names`; the last one has no next."""
    same = np.zeros(len(entries), np.bool_)
    if len(entries) > 1:
        pairs = (entries[name][1:] == entries[name][:-1] for name in names)
        same[:-1] = np.logical_and.reduce(list(pairs))
    return same
