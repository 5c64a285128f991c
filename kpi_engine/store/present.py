"""What an entity holds at the version that a load starts from, looked up by hashed key."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kpi_engine.store.facts import EntityTables, Held
from kpi_engine.store.hashes import Hashes, Marks, Words, hash_columns
from kpi_engine.store.relation import read_files
from kpi_engine.store.runs import Entries, Runs
from kpi_engine.store.segments import NOWHERE, Segment, SegmentWriter, is_gone, pack, position_of
from kpi_engine.store.tables import Table, TableFile
from kpi_engine.store.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Found:
    """What is present of some keys. The other columns mean nothing where `known` is false."""

    known: npt.NDArray[np.bool_]
    """Whether the key has a version, be it a deletion, that is still in `current` or the tail."""
    alive: npt.NDArray[np.bool_]
    """Whether the record is there, not deleted."""
    content: Words
    position: Marks
    """Where `current` holds the record or held it; `NOWHERE` if it does not."""
    in_tail: npt.NDArray[np.bool_]


class Present:
    """The newest version of every record: the tail's segments over those of `current`."""

    def __init__(self, tail: list[Segment], current: list[Segment]) -> None:
        self.tail = tail
        self.current = current
        self.seen = [np.zeros(segment.rows, np.bool_) for segment in tail]
        """Which entries of the tail were found to be the newest of their key."""

    def find(self, keys: Entries) -> Found:
        """Look up `keys`, ascending and each once."""
        known = np.zeros(len(keys), np.bool_)
        in_tail = np.zeros(len(keys), np.bool_)
        content = np.zeros(len(keys), np.uint64)
        marks = pack(np.full(len(keys), NOWHERE, np.int64), known)
        for number, segment in enumerate((*self.tail, *self.current)):
            hits = segment.find(keys)
            new = (hits.at != NOWHERE) & ~known
            content[new] = hits.content[new]
            marks[new] = hits.marks[new]
            known |= new
            if number < len(self.tail):
                in_tail |= new
                self.seen[number][hits.at[new]] = True
        position = position_of(marks)
        if not self.current:
            # Positions that the tail tells are those of a `current` that is no more.
            position[:] = NOWHERE
        return Found(known, known & ~is_gone(marks), content, position, in_tail)


class Index:
    """Opens the segments of an entity's files, and makes those again that cannot be used."""

    def __init__(self, tables: EntityTables, bench: Workbench, spool: Path) -> None:
        self._tables = tables
        self._bench = bench
        self._spool = spool

    def present(self, files: Held) -> Present:
        """Return what the entity holds in `files`."""
        newest_first = sorted(files.tail, key=lambda file: file.high, reverse=True)
        tail = [self.segment(self._tables.changes, file) for file in newest_first]
        return Present(tail, [self.segment(self._tables.current, file) for file in files.current])

    def segment(self, table: Table, file: TableFile) -> Segment:
        """Return the segment of a file of `changes` or `current`."""
        path = self._tables.segment(file)
        found = Segment.open(path, self._tables.entity)
        if found is None:
            self._make(table, file)
            found = Segment.open(path, self._tables.entity)
        if found is None:
            raise OSError(f"{path} does not keep what is written to it")
        return found

    def _make(self, table: Table, file: TableFile) -> None:
        is_current = table is self._tables.current
        place = "pos AS place, false AS gone" if is_current else _PLACE_IN_CHANGES
        address = self._tables.place.address(table.path(file))
        query = f"SELECT {hash_columns(self._tables.entity)}, {place} FROM {read_files([address])}"
        with Runs(self._spool / f"index-{file.name}") as runs:
            with self._bench.cursor() as con:
                for batch in self._bench.batches(con, query):
                    columns = [column.to_numpy(zero_copy_only=False) for column in batch.columns]
                    runs.add(Hashes(*columns[:3]), pack(columns[3], columns[4]))
            write_segment(self._tables.segment(file), self._tables.entity, runs)


_PLACE_IN_CHANGES = f"coalesce(replaces, {NOWHERE}) AS place, deleted AS gone"


def write_segment(file: Path, entity: str, runs: Runs) -> None:
    """Write a segment of all entries in `runs`, whose marks are packed."""
    with SegmentWriter(file, entity, runs.rows) as writer:
        for entries in runs.sorted():
            writer.write(entries)
