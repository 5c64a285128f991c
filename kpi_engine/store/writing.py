"""One write: the rows of an entity against what the entity holds, down to the rows that are new."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_engine.errors import StoreError
from kpi_engine.store.facts import EntityTables, Held
from kpi_engine.store.full import Unseen
from kpi_engine.store.hashes import hash_rows
from kpi_engine.store.parquet import Landing, ParquetFile, regrouped
from kpi_engine.store.present import Found, Index, Present, write_segment
from kpi_engine.store.runs import Entries, Runs, same_as_next
from kpi_engine.store.segments import SegmentWriter, pack
from kpi_engine.store.spool import Fates, RowSpool, check_keys
from kpi_engine.store.tables import TableFile, changes_schema, records_schema
from kpi_engine.store.workbench import Workbench

_INDEXED = 1_000_000
"""A load of more new rows is compacted at once, and an index of it would be for nothing."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did, in records; `read` and `repeated` in rows."""

    read: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    deleted: int = 0


@dataclass(slots=True)
class Outcome:
    """A finished write: its counts, and the local files that `changes` will get."""

    entity: str
    counts: Written
    files: list[TableFile]
    rewrites: bool
    """Whether a record has a second version by it."""
    touches_tail: bool
    """Whether a record has a second version after `base` by it, or is deleted."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a write works with."""

    tables: EntityTables
    files: Held
    bench: Workbench
    folder: Path
    """For the files of this load."""
    landing: Landing
    preview: bool


class EntityWrite:
    """Brings the rows of one source into one entity."""

    def __init__(self, desk: Desk, source: str) -> None:
        self._desk = desk
        self._source = source
        self._entity = desk.tables.entity
        self._counts = dict.fromkeys(("inserted", "changed", "unchanged"), 0)
        self._returned = 0
        self._touches_tail = False
        self._new: list[Entries] | None = []
        """The index of the new rows; None when they are too many for it."""
        self._new_rows = 0

    def run(self, rows: pa.RecordBatchReader, *, full: bool) -> Outcome:
        """Read the rows, compare, and make the files; whether or not they are landed later."""
        desk = self._desk
        name = _new_name(desk.landing.seq)
        with (
            Runs(desk.folder / f"keys-{name}") as runs,
            RowSpool(desk.folder, self._entity, desk.landing, name) as spool,
        ):
            read = self._read(rows, runs, spool)
            index = Index(desk.tables, desk.bench, desk.folder)
            present = index.present(desk.files)
            unseen = Unseen(desk.tables, desk.files, present) if full else None
            fates = Fates(desk.folder / f"fates-{name}", read)
            runs_of_keys = runs.sorted()
            unique = sum(self._compare(keys, present, fates, unseen) for keys in runs_of_keys)
            made = None if desk.preview else spool.finish(fates)
        self._index(made)
        gone, deleted = self._delete(unseen) if unseen else (None, 0)
        counts = Written(read=read, repeated=read - unique, deleted=deleted, **self._counts)
        again = counts.changed + counts.deleted + self._returned > 0
        files = [file for file in (made, gone) if file]
        return Outcome(self._entity, counts, files, again, self._touches_tail or counts.deleted > 0)

    def _read(self, rows: pa.RecordBatchReader, runs: Runs, spool: RowSpool) -> int:
        """Hash all rows, and keep them too unless this only counts; return how many they are."""
        count = 0
        with self._desk.bench.cursor() as con:
            for records in regrouped(_records(self._entity, rows)):
                wrong = check_keys(records, self._source)
                if wrong:
                    raise StoreError(f"The rows for {self._entity} cannot be landed. {wrong}")
                runs.add(
                    hash_rows(con, self._entity, records),
                    np.arange(count, count + len(records), dtype=np.int64),
                )
                count += len(records)
                if not self._desk.preview:
                    spool.add(records)
        return count

    def _compare(
        self, entries: Entries, present: Present, fates: Fates, unseen: Unseen | None
    ) -> int:
        """Settle the fate of a run of rows; return how many records they are."""
        # Equal keys ascend by arrival: the last one wins.
        repeated = same_as_next(entries, "first", "second")
        latest = entries.take(np.flatnonzero(~repeated)) if repeated.any() else entries
        found = present.find(latest)
        if unseen:
            unseen.saw(found)
        same = found.alive & (found.content == latest["content"])
        changed = found.alive & ~same
        self._counts["inserted"] += int(np.count_nonzero(~found.alive))
        self._counts["changed"] += int(np.count_nonzero(changed))
        self._counts["unchanged"] += int(np.count_nonzero(same))
        self._returned += int(np.count_nonzero(found.known & ~found.alive))
        self._touches_tail |= bool((found.in_tail & ~same).any())
        self._keep(latest, found, ~same, fates)
        return len(latest)

    def _keep(
        self, latest: Entries, found: Found, keep: npt.NDArray[np.bool_], fates: Fates
    ) -> None:
        new, positions = latest.take(np.flatnonzero(keep)), found.position[keep]
        fates.keep(new["mark"], positions)
        self._new_rows += len(new)
        if self._new_rows > _INDEXED:
            self._new = None
        elif self._new is not None:
            new["mark"] = pack(positions, np.zeros(len(new), np.bool_))
            self._new.append(new)

    def _index(self, made: TableFile | None) -> None:
        if made is None or self._new is None:
            return
        file = self._desk.tables.segment(made)
        with SegmentWriter(file, self._entity, made.rows) as segment:
            for entries in self._new:
                segment.write(entries)

    def _delete(self, unseen: Unseen) -> tuple[TableFile | None, int]:
        """Make the file of deletions and its index; return it and how many they are."""
        desk = self._desk
        seq, name = desk.landing.seq, _new_name(desk.landing.seq)
        with (
            desk.bench.cursor() as reading,
            desk.bench.cursor() as hashing,
            Runs(desk.folder / f"keys-{name}") as runs,
            ParquetFile(desk.folder / name, changes_schema(self._entity)) as made,
        ):
            for ids, positions in unseen.deletions(reading, desk.bench, self._source):
                records = _only_keys(self._entity, ids, self._source)
                hashes = hash_rows(hashing, self._entity, records)
                runs.add(hashes, pack(positions, np.ones(len(ids), np.bool_)))
                made.write(desk.landing.rows(self._entity, records, positions, deleted=True))
            file = made.finish(seq, seq)
            if desk.preview or not file.rows:
                return None, file.rows
            write_segment(desk.tables.segment(file), self._entity, runs)
        return file, file.rows


def _new_name(seq: int) -> str:
    return f"{seq:012d}-{uuid.uuid4().hex}.parquet"


def _records(entity: str, rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield the batches of `rows` as tables of the entity's schema.

    Raises:
        StoreError: if the columns are not those of the entity.
    """
    schema = records_schema(entity)
    columns = ", ".join(f"{field.name} ({field.type})" for field in schema)
    wrong = f"The rows for {entity} do not have its columns, in order: {columns}."
    if rows.schema.names != schema.names:
        raise StoreError(wrong)
    for batch in rows:
        table = pa.Table.from_batches([batch])
        try:
            yield table if table.schema.equals(schema) else table.cast(schema)
        except pa.ArrowInvalid as error:
            raise StoreError(wrong) from error


def _only_keys(entity: str, ids: pa.Array, source: str) -> pa.Table:
    """Return records of which nothing is known but their keys."""
    known = {"id": ids, "source": pa.repeat(pa.scalar(source), len(ids))}
    schema = records_schema(entity)
    columns = [known.get(field.name, pa.nulls(len(ids), field.type)) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)
