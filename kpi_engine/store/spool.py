"""The rows of one write, kept until it is known which of them are new: on disk where many."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_engine.store.hashes import Marks
from kpi_engine.store.parquet import Landing, ParquetFile, regrouped
from kpi_engine.store.tables import TableFile, changes_schema

DROPPED = -2
"""The fate of a row that is not written; any other fate is the position that the row replaces."""
IN_MEMORY = 200_000
_BYTES = 64 << 20


class Fates:
    """What becomes of each row, by arrival: in memory for few rows, in a file for many."""

    def __init__(self, file: Path, rows: int) -> None:
        self._file = file
        self._rows = rows
        self._held: Marks | None = None
        self.kept = 0
        self.replacing = 0
        if rows <= IN_MEMORY:
            self._held = np.full(rows, DROPPED, np.int64)
            return
        with file.open("wb") as handle:
            for start in range(0, rows, IN_MEMORY):
                np.full(min(IN_MEMORY, rows - start), DROPPED, np.int64).tofile(handle)

    def keep(self, rows: Marks, positions: Marks) -> None:
        """Keep `rows`, each of which replaces a position or `NOWHERE`."""
        self.kept += len(rows)
        self.replacing += int(np.count_nonzero(positions >= 0))
        if self._held is not None:
            self._held[rows] = positions
        elif len(rows):
            # Mapped for this one time only, so that the pages do not stay with the process.
            np.memmap(self._file, np.int64, "r+", shape=(self._rows,))[rows] = positions

    def of(self, start: int, count: int) -> Marks:
        """Return the fates of some rows."""
        if self._held is not None:
            return self._held[start : start + count]
        return np.fromfile(self._file, np.int64, count, offset=start * 8)


class RowSpool:
    """Keeps the rows of one write in order of arrival.

    On disk they already have the shape of `changes`: where every row is new, and that is so in a
    first load, the spooled file becomes the table's file as it is.
    """

    def __init__(self, folder: Path, entity: str, landing: Landing, name: str) -> None:
        self.rows = 0
        self._folder = folder
        self._entity = entity
        self._landing = landing
        self._name = name
        self._waiting: list[pa.Table] = []
        self._bytes = 0
        self._open = ExitStack()
        self._file: ParquetFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, records: pa.Table) -> None:
        """Add a batch of records."""
        self.rows += len(records)
        self._bytes += records.nbytes
        self._waiting.append(records)
        if self._file is None and (self.rows > IN_MEMORY or self._bytes > _BYTES):
            file = ParquetFile(self._folder / f"spooled-{self._name}", changes_schema(self._entity))
            self._file = self._open.enter_context(file)
        if self._file is not None:
            for waiting in self._waiting:
                self._file.write(self._landing.rows(self._entity, waiting))
            self._waiting.clear()

    def finish(self, fates: Fates) -> TableFile | None:
        """Make the file of the rows that are kept, `name` in the folder; None if there is none."""
        seq = self._landing.seq
        spooled = self._file.finish(seq, seq) if self._file else None
        if not fates.kept:
            return None
        if spooled and fates.kept == self.rows and not fates.replacing:
            (self._folder / spooled.name).rename(self._folder / self._name)
            return replace(spooled, name=self._name)
        with ParquetFile(self._folder / self._name, changes_schema(self._entity)) as made:
            for rows in regrouped(self._kept(fates)):
                made.write(rows)
            return made.finish(seq, seq)

    def _kept(self, fates: Fates) -> Iterator[pa.Table]:
        """Yield the rows of `changes` to write."""
        start = 0
        for records in self._spooled():
            fate = fates.of(start, len(records))
            start += len(records)
            keep = fate != DROPPED
            if keep.any():
                kept = records.filter(pa.array(keep))
                yield self._landing.rows(self._entity, kept, fate[keep])

    def _spooled(self) -> Iterator[pa.Table]:
        yield from self._waiting
        if self._file is not None:
            names = changes_schema(self._entity).names[5:]
            with pq.ParquetFile(self._file.file) as file:
                for group in range(file.num_row_groups):
                    yield file.read_row_group(group, columns=names)


def check_keys(records: pa.Table, source: str) -> str | None:
    """Return what is wrong with the keys of a batch, or None."""
    if records["id"].null_count:
        return "A record has no id."
    if len(records) and records["source"].unique().to_pylist() != [source]:
        return f"A record is not of the source '{source}'."
    return None
