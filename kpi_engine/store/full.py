"""A full load: the records of a source that its rows do not have any more."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from kpi_engine.store.facts import EntityTables, Held
from kpi_engine.store.hashes import Hashes, Marks, hash_columns
from kpi_engine.store.present import Found, Present
from kpi_engine.store.relation import read_files
from kpi_engine.store.runs import ENTRY, Entries
from kpi_engine.store.segments import find_in, is_gone, position_of
from kpi_engine.store.tables import Table, TableFile
from kpi_engine.store.workbench import Workbench


class Unseen:
    """Takes note of the records that a write has, and finds those that it has not."""

    def __init__(self, tables: EntityTables, files: Held, present: Present) -> None:
        self._tables = tables
        self._files = files
        self._present = present
        # One byte a record of `current`: the one thing here that grows with the entity.
        self._gone = np.ones(sum(file.rows for file in files.current), np.bool_)
        for segment in present.tail if files.current else ():
            positions = position_of(segment.entries()["mark"])
            self._gone[positions[positions >= 0]] = False

    def saw(self, found: Found) -> None:
        """Take note of records that the rows have."""
        self._gone[found.position[found.known & (found.position >= 0)]] = False

    def deletions(
        self, con: duckdb.DuckDBPyConnection, bench: Workbench, source: str
    ) -> Iterator[tuple[pa.Array, Marks]]:
        """Yield the ids of the records of `source` to delete, with their place in `current`."""
        name = source.replace("'", "''")
        if self._gone.any():
            read = _reads(self._tables, self._tables.current, self._files.current)
            query = f"SELECT id, pos FROM {read} WHERE source = '{name}'"
            for batch in bench.batches(con, query):
                gone = self._gone[batch.column(1).to_numpy()]
                if gone.any():
                    left = batch.filter(pa.array(gone))
                    yield left.column(0), left.column(1).to_numpy()
        newest_first = sorted(self._files.tail, key=lambda file: file.high, reverse=True)
        for file, left_over in zip(newest_first, self._left_in_tail(), strict=True):
            if len(left_over):
                read = _reads(self._tables, self._tables.changes, (file,))
                query = (
                    f"SELECT id, {hash_columns(self._tables.entity)} FROM {read}"
                    f" WHERE source = '{name}' AND NOT deleted"
                )
                yield from self._matched(bench.batches(con, query), left_over)

    def _matched(
        self, batches: pa.RecordBatchReader, left_over: Entries
    ) -> Iterator[tuple[pa.Array, Marks]]:
        for batch in batches:
            hashes = Hashes(*(column.to_numpy() for column in batch.columns[1:]))
            keys = np.empty(len(batch), ENTRY)
            keys["first"], keys["second"] = hashes.first, hashes.second
            place, found = find_in(left_over["first"], left_over["second"], keys)
            if found.any():
                positions = position_of(left_over["mark"][place[found]])
                if not self._files.current:
                    positions[:] = -1
                yield batch.column(0).filter(pa.array(found)), positions

    def _left_in_tail(self) -> Iterator[Entries]:
        """For each segment of the tail: the living newest versions that the rows do not have."""
        parts = [segment.entries() for segment in self._present.tail]
        if not parts:
            return
        entries = np.concatenate(parts)
        number = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        seen = np.concatenate(self._present.seen)
        order = np.lexsort((number, entries["second"], entries["first"]))
        ranked = entries.take(order)
        newest = np.ones(len(order), np.bool_)
        newest[1:] = (ranked["first"][1:] != ranked["first"][:-1]) | (
            ranked["second"][1:] != ranked["second"][:-1]
        )
        left = newest & ~seen[order] & ~is_gone(ranked["mark"])
        for part in range(len(parts)):
            yield ranked.take(np.flatnonzero(left & (number[order] == part)))


def _reads(tables: EntityTables, table: Table, files: tuple[TableFile, ...]) -> str:
    return read_files(tables.place.address(table.path(file)) for file in files)
