"""Hashes of records: two of the key, independent of each other, and one of all other values.

Equal keys have equal pairs of hashes; that two of 10 million keys share a pair by chance has a
probability of about 10⁻²⁵. The store compares hashes in place of records, so write path and index
must hash alike: both use the expressions of this module over columns of `record_schema`, whose
types are fixed. DuckDB may change its hash between releases: an index names the release.
"""

from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_engine.store.tables import records_schema

Words = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.int64]

_SEPARATOR = 31
"""The unit separator: it stands between source and id where the two are hashed as one text."""


class Hashes(NamedTuple):
    """The hashes of some rows, one array a hash."""

    first: Words
    second: Words
    content: Words


def hash_columns(entity: str) -> str:
    """Return the SQL of the three hashes of a record, named `first`, `second`, `content`.

    Each column is hashed by itself before the hashes are joined, so a value never runs over into
    the next column; NULL has a hash of its own, apart from that of an empty text or a zero.
    """
    values = [name for name in records_schema(entity).names if name not in {"id", "source"}]
    return (
        "hash(source, id) AS first,"
        f" hash(source || chr({_SEPARATOR}) || id) AS second,"
        f" hash({', '.join(values)}) AS content"
    )


def hash_rows(con: duckdb.DuckDBPyConnection, entity: str, rows: pa.Table) -> Hashes:
    """Return the hashes of `rows`, in their order."""
    con.register("rows_to_hash", rows)
    try:
        found = con.execute(f"SELECT {hash_columns(entity)} FROM rows_to_hash").fetchnumpy()
    finally:
        con.unregister("rows_to_hash")
    return Hashes(*(np.asarray(found[name], np.uint64) for name in Hashes._fields))
