"""Compaction: the tail of an entity and its `current` made into a new `current`."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from kpi_engine.crm.entities import ENTITIES
from kpi_engine.store.facts import EntityTables, entity_facts
from kpi_engine.store.hashes import Hashes, hash_columns
from kpi_engine.store.parquet import ParquetFile, positions, regrouped
from kpi_engine.store.pins import EntityFacts, EntityPin
from kpi_engine.store.present import write_segment
from kpi_engine.store.relation import compacted_relation, read_files
from kpi_engine.store.runs import Runs
from kpi_engine.store.segments import pack
from kpi_engine.store.tables import TableFile, changes_schema, current_schema, records_schema
from kpi_engine.store.workbench import Workbench

TAIL_ROWS = 50_000
TAIL_SHARE = 0.05
TAIL_FILES = 40
"""A tail is worth compacting above any of these: rows, and share of `current`; or files."""

_SMALL = 32 << 20
_MANY = 16
"""So many files of `changes`, each smaller than that, are joined into one."""


def worth_it(facts: EntityFacts) -> bool:
    """Whether an entity's tail has grown so long that readers feel it."""
    long = facts.tail_rows > max(TAIL_ROWS, TAIL_SHARE * facts.current_rows)
    return long or len(facts.tail) > TAIL_FILES


class Compaction:
    """Makes a new `current` of one entity as of a version, from its pinned files."""

    def __init__(self, tables: EntityTables, bench: Workbench, folder: Path) -> None:
        self._tables = tables
        self._bench = bench
        self._folder = folder
        self._entity = tables.entity

    def run(self, seq: int, pin: EntityPin, *, anew: bool) -> EntityPin:
        """Compact up to version `seq` and return the entity's new pin.

        Args:
            seq: The version that `current` will hold.
            pin: Where the entity stands at that version.
            anew: Make `current` from the whole history, whatever state its file is in.
        """
        if anew:
            pin = replace(pin, current=None, base=0, tail_unique=not pin.rewritten)
        table = self._tables.current
        made = self._write(entity_facts(self._tables, seq, pin))
        opened = table.open()
        before = (table.files(opened.version()) or ()) if opened else ()
        self._tables.place.publish(self._folder / made.name, table.path(made))
        current = table.commit(opened, [made], before)
        changes = self._join_small(seq) or pin.changes
        return replace(pin, changes=changes, current=current, base=seq, tail_unique=True)

    def _write(self, facts: EntityFacts) -> TableFile:
        """Write the file of `current` and its index in one pass over the sorted rows."""
        name = _new_name(facts.seq)
        schema = current_schema(self._entity)
        with (
            ParquetFile(self._folder / name, schema) as file,
            Runs(self._folder / f"keys-{name}") as runs,
            self._bench.cursor() as con,
        ):
            for rows in regrouped(self._sorted(con, facts)):
                place = positions(file.rows, len(rows))
                hashes = Hashes(*(rows[name].to_numpy() for name in Hashes._fields))
                runs.add(hashes, pack(place.to_numpy(), np.zeros(len(rows), np.bool_)))
                columns = [place, *(rows[name] for name in schema.names[1:])]
                file.write(pa.Table.from_arrays(columns, schema=schema))
            made = file.finish(0, max(file.rows - 1, 0))
            write_segment(self._tables.segment(made), self._entity, runs)
        return made

    def _sorted(self, con: duckdb.DuckDBPyConnection, facts: EntityFacts) -> Iterator[pa.Table]:
        """Yield the records with their hashes, in the order that row groups prune best."""
        placed_by = ENTITIES[self._entity].placed_by
        order = f"{placed_by} NULLS LAST" if placed_by else "source, id"
        columns = ["seq", "loaded_at", *records_schema(self._entity).names]
        rows = compacted_relation(facts, columns)
        query = f"SELECT *, {hash_columns(self._entity)} FROM {rows} ORDER BY {order}"
        for batch in self._bench.batches(con, query):
            yield pa.Table.from_batches([batch])

    def _join_small(self, seq: int) -> int | None:
        """Join small files of `changes` up to version `seq`; return the new Delta version."""
        table = self._tables.changes
        opened = table.open()
        files = (table.files(opened.version()) or ()) if opened else ()
        small = [file for file in files if file.size < _SMALL and file.high <= seq]
        if len(small) < _MANY:
            return None
        low, high = min(file.low for file in small), max(file.high for file in small)
        name, schema = _new_name(high), changes_schema(self._entity)
        addresses = [self._tables.place.address(table.path(file)) for file in small]
        with (
            ParquetFile(self._folder / name, schema) as file,
            self._bench.cursor() as con,
        ):
            query = f"SELECT * FROM {read_files(addresses)} ORDER BY seq"
            batches = self._bench.batches(con, query)
            for rows in regrouped(pa.Table.from_batches([batch]) for batch in batches):
                file.write(rows.cast(schema))
            made = file.finish(low, high)
        self._tables.place.publish(self._folder / made.name, table.path(made))
        return table.commit(opened, [made], small, moved=True)


def _new_name(seq: int) -> str:
    return f"{seq:012d}-{uuid.uuid4().hex}.parquet"
