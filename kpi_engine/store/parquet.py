"""Parquet files as the store writes them: streams of rows in, one finished local file out."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_engine.store.hashes import Marks
from kpi_engine.store.segments import NOWHERE
from kpi_engine.store.tables import CHANGES_LEAD, TableFile, changes_schema

ROW_GROUP = 122_880
_BYTES = 64 << 20
"""A batch of wide rows ends here, before it has `ROW_GROUP` rows."""
_WORTH_A_THREAD = 10_000
_AHEAD = 3
"""Tables that may wait for the disk before whoever hands in more does."""
_UNIQUE = frozenset({"id", "pos", "replaces"})
"""Columns of mostly different values: a dictionary of them is work for nothing."""


class ParquetFile:
    """Writes one Parquet file, behind the back of whoever hands it rows.

    Snappy, with row groups as large as the tables that come. `close` must be called, in a
    `finally` if need be: it ends the thread that writes.
    """

    def __init__(self, file: Path, schema: pa.Schema) -> None:
        self.file = file
        self.rows = 0
        self._hand = ThreadPoolExecutor(1)
        self._behind: deque[Future[None]] = deque()
        self._writer = pq.ParquetWriter(
            file,
            schema,
            compression="snappy",
            use_dictionary=[name for name in schema.names if name not in _UNIQUE],
            column_encoding={"pos": "DELTA_BINARY_PACKED"} if "pos" in schema.names else None,
            store_decimal_as_integer=True,
            write_page_checksum=True,
        )

    def write(self, rows: pa.Table) -> None:
        """Add rows; wait if too many still wait to be written."""
        self.rows += len(rows)
        if len(rows) < _WORTH_A_THREAD and not self._behind:
            self._writer.write_table(rows)
            return
        self._behind.append(self._hand.submit(self._writer.write_table, rows, len(rows)))
        while len(self._behind) > _AHEAD:
            self._behind.popleft().result()

    def finish(self, low: int, high: int) -> TableFile:
        """Finish the file, whose first column lies between `low` and `high`."""
        while self._behind:
            self._behind.popleft().result()
        self._writer.close()
        return TableFile(self.file.name, self.rows, self.file.stat().st_size, low, high)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hand.shutdown(cancel_futures=True)
        # A file that was not finished is of no use; its folder goes with whoever made it.
        self._writer.close()


@dataclass(frozen=True, slots=True)
class Landing:
    """What all rows of a load share in `changes`."""

    seq: int
    loaded_at: datetime
    batch: str

    def rows(
        self,
        entity: str,
        records: pa.Table,
        replaces: Marks | None = None,
        *,
        deleted: bool = False,
    ) -> pa.Table:
        """Return records as rows of `changes`; a position of `NOWHERE` replaces nothing."""
        count = len(records)
        positions = pa.nulls(count, pa.int64())
        if replaces is not None:
            positions = pa.array(replaces, pa.int64(), mask=replaces == NOWHERE)
        constants: tuple[Any, ...] = (self.seq, deleted, self.loaded_at, self.batch)
        lead = [
            pa.repeat(pa.scalar(value, field.type), count)
            for value, field in zip(constants, CHANGES_LEAD, strict=False)
        ]
        columns = [*lead, positions, *records.columns]
        return pa.Table.from_arrays(columns, schema=changes_schema(entity))


def regrouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Join small tables until they make a row group, and cut large ones."""
    waiting: list[pa.Table] = []
    rows = size = 0
    for table in tables:
        for start in range(0, len(table), ROW_GROUP):
            piece = table.slice(start, ROW_GROUP)
            waiting.append(piece)
            rows, size = rows + len(piece), size + piece.nbytes
            if rows >= ROW_GROUP or size >= _BYTES:
                yield pa.concat_tables(waiting)
                waiting, rows, size = [], 0, 0
    if rows:
        yield pa.concat_tables(waiting)


def positions(start: int, count: int) -> pa.Array:
    """Return `count` positions from `start` on."""
    return pa.array(np.arange(start, start + count, dtype=np.int64))
