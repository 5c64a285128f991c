"""Reading files whole to see whether their bytes are those that were written.

DuckDB does not look at the checksums of pages: a bit that flips on a disk may pass it as another
number. A check reads every page; it takes about as long as a scan of all columns.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from kpi_engine.store.facts import EntityTables, Held
from kpi_engine.store.tables import Table, TableFile


def damaged_files(tables: EntityTables, files: Held) -> Iterator[str]:
    """Yield the paths of the files that cannot be read or fail a checksum."""
    for table, held in ((tables.changes, files.changes), (tables.current, files.current)):
        for file in held:
            if not _whole(tables, table, file):
                yield table.path(file)


def _whole(tables: EntityTables, table: Table, file: TableFile) -> bool:
    try:
        with (
            tables.place.read(table.path(file)) as handle,
            pq.ParquetFile(handle, page_checksum_verification=True) as parquet,
        ):
            rows = sum(len(batch) for batch in parquet.iter_batches())
    except (OSError, pa.ArrowException):
        return False
    return rows == file.rows
