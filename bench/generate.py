"""Make the records of a tenant with DuckDB SQL: the same seed, the same records.

`bench/rows` has a view an entity; here they are written as Parquet with the canonical schema, and
the activities as CSV too, as a source would export them.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from bench.scale import Scale
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.crm.schema import record_schema

ROWS = Path(__file__).parent / "rows"
FILES = (
    "macros",
    "people",
    "deals",
    "marketing",
    "service",
    "customers",
    "activity",
    "targets",
)
SOURCE = "bench"
LAST = "activity.csv"
"""The file that is there when all are."""


def make_records(scale: Scale, folder: Path) -> None:
    """Write `<entity>.parquet` for every entity into `folder`, and `activity.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    with views_of(scale) as base:
        for entity in ENTITIES:
            target = folder / f"{entity}.parquet"
            base.execute(f"COPY ({records_of(base, entity)}) TO '{target}' (FORMAT parquet)")
        made = folder / "activity.parquet"
        base.execute(
            f"COPY (SELECT * EXCLUDE (source, attributes) FROM read_parquet('{made}'))"
            f" TO '{folder / 'unfinished.csv'}' (HEADER)"
        )
    (folder / "unfinished.csv").rename(folder / LAST)


def views_of(scale: Scale) -> duckdb.DuckDBPyConnection:
    """Return a connection that has a view named as each entity."""
    base = duckdb.connect()
    for name, value in scale.variables().items():
        base.execute(f"SET VARIABLE {name} = {value}")
    for name in FILES:
        base.execute((ROWS / f"{name}.sql").read_text(encoding="utf-8"))
    return base


def records_of(base: duckdb.DuckDBPyConnection, entity: str) -> str:
    """Return the statement that gives `entity` its canonical columns, in their types."""
    have = {name for (name, *_) in base.execute(f'DESCRIBE "{entity}"').fetchall()}
    return f'SELECT {", ".join(_columns(entity, have))} FROM "{entity}"'


def _columns(entity: str, have: set[str]) -> Iterator[str]:
    for field in record_schema(entity):
        value = f'"{field.name}"' if field.name in have else "NULL"
        if field.name == "source":
            value = f"'{SOURCE}'"
        yield f'CAST({value} AS {_SQL_TYPES[field.type]}) AS "{field.name}"'


_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.float64(): "DOUBLE",
    pa.decimal128(18, 4): "DECIMAL(18, 4)",
    pa.int64(): "BIGINT",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us"): "TIMESTAMP",
    pa.date32(): "DATE",
}
