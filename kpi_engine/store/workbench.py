"""The DuckDB in process by which the store hashes, reads and sorts its own files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import duckdb
import pyarrow as pa

from kpi_engine.errors import StoreError
from kpi_engine.store.places import Place

MEMORY = "1500MB"
"""What DuckDB may use for the store's own sorts; its batches and files take as much again."""
BATCH = 122_880
"""Rows in a batch of a stream, and in a row group of a file."""

_OURS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.InterruptException,
    duckdb.OutOfMemoryException,
    duckdb.ParserException,
)
"""Errors that no file can cause."""


class Workbench:
    """One DuckDB for a store's own work; each user gets a cursor of its own.

    Args:
        place: Where the store's files lie.
        spill: The folder for what does not fit in memory.
        memory: The limit of DuckDB's memory, as DuckDB writes it.
    """

    def __init__(self, place: Place, spill: Path, memory: str) -> None:
        self._place = place
        self._spill = spill
        self._memory = memory
        self._con: duckdb.DuckDBPyConnection | None = None
        self._lock = Lock()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection that reads the store's files."""
        cursor = self.warm().cursor()
        try:
            yield cursor
        except _OURS:
            raise
        except duckdb.Error as error:
            raise damaged(error) from error
        finally:
            cursor.close()

    def warm(self) -> duckdb.DuckDBPyConnection:
        """Open the DuckDB if it is not open; that takes as long as hashing 50,000 rows."""
        with self._lock:
            # Not only at first: a cache may be thrown away while the process lives.
            self._spill.mkdir(parents=True, exist_ok=True)
            if self._con is None:
                self._con = duckdb.connect(
                    config={"memory_limit": self._memory, "temp_directory": str(self._spill)}
                )
                self._place.attach(self._con)
            return self._con

    def close(self) -> None:
        """Close the DuckDB; the next cursor opens another one."""
        with self._lock:
            if self._con is not None:
                self._con.close()
            self._con = None

    def batches(self, con: duckdb.DuckDBPyConnection, query: str) -> pa.RecordBatchReader:
        """Return the rows of a query as a stream."""
        return con.sql(query).to_arrow_reader(BATCH)


def damaged(error: duckdb.Error) -> StoreError:
    """Return what to tell a person when DuckDB could not read the store's files."""
    said = str(error).partition("\n")[0].rstrip(". ")
    if "No space left" in said:
        return full_disk()
    return StoreError(
        f"A file of the store cannot be read: {said}. Bring the store back from a backup."
    )


def full_disk() -> StoreError:
    """Return what to tell a person when a disk has no room."""
    return StoreError(
        "There is no room left on the disk of the store or of its cache. Nothing was landed;"
        " make room and try again."
    )
