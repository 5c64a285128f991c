"""Parquet files as chunks of rows of text, batch by batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_engine.errors import BadFileError
from portal.connectors.rows import Chunk, FromLine, tidy

_BATCH = 65_536
_MOST_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class ParquetRows:
    """An opened Parquet file. A row's line is its number."""

    path: Path
    columns: tuple[str, ...]
    serials: str | None = None

    def chunks(self, wanted: Sequence[int]) -> Iterator[Chunk]:
        """Read the file from its first row."""
        size = self.path.stat().st_size
        first = 1
        with _opened(self.path) as file, duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            names = [file.schema_arrow.names[at] for at in wanted]
            total = max(file.metadata.num_rows, 1)
            for batch in _batches(file, names, self.path.name):
                rows = _as_text(con, batch, wanted)
                done = min(size, size * (first - 1 + len(batch)) // total)
                yield Chunk(rows, FromLine(first), (), done)
                first += len(batch)


def open_parquet(path: Path) -> ParquetRows:
    """Open a Parquet file.

    Raises:
        BadFileError: if it is none, damaged, or has names that occur twice.
    """
    with _opened(path) as file:
        names = file.schema_arrow.names
        if len(names) > _MOST_COLUMNS:
            raise BadFileError(f"{path.name} has over {_MOST_COLUMNS:,} columns.")
        return ParquetRows(path, tuple(tidy(name) for name in names))


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise BadFileError(f"{path.name} is no Parquet file, or it is damaged.") from error


def _batches(file: pq.ParquetFile, names: list[str], shown: str) -> Iterator[pa.RecordBatch]:
    try:
        yield from file.iter_batches(_BATCH, columns=names, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise BadFileError(f"{shown} is damaged: not all of its rows can be read.") from error


def _as_text(
    con: duckdb.DuckDBPyConnection, batch: pa.RecordBatch, wanted: Sequence[int]
) -> pa.Table:
    """Return the columns as text, as a CSV file would have them; nothing as an empty text."""
    if not wanted:
        return pa.table({"c": pa.nulls(len(batch))})
    names = [f"c{at}" for at in wanted]
    con.register("batch", pa.table(batch.columns, names=names))
    columns = ", ".join(
        f"{_text_sql(name, column.type)} AS {name}"
        for name, column in zip(names, batch.columns, strict=True)
    )
    return con.sql(f"SELECT {columns} FROM batch").to_arrow_table()


def _text_sql(name: str, kind: pa.DataType) -> str:
    if pa.types.is_floating(kind):
        # A whole number that is kept as a float is a whole number: 5, not 5.0.
        whole = f"CASE WHEN {name} = trunc({name}) AND abs({name}) < 1e15"
        return f"coalesce({whole} THEN {name}::BIGINT::VARCHAR ELSE {name}::VARCHAR END, '')"
    if pa.types.is_nested(kind):
        return f"coalesce(to_json({name})::VARCHAR, '')"
    if pa.types.is_timestamp(kind) and kind.tz:
        # The offset is told, so that it is not taken for a local time.
        return f"coalesce(strftime({name}::TIMESTAMP, '%Y-%m-%d %H:%M:%S.%f') || '+00:00', '')"
    return f"coalesce({name}::VARCHAR, '')"
