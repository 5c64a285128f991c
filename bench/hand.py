"""The yardstick: the whole catalogue in SQL written by hand, over the files of the store."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import duckdb

from kpi_engine.engines.duckdb import MEMORY
from kpi_engine.store.relation import read_files

FAMILIES = (
    "setup",
    "activity",
    "touch",
    "lead",
    "opportunity",
    "pipeline",
    "ticket",
    "revenue",
    "health",
)
"""The files of `bench/sql`, in the order in which they build on each other."""
_FOLDER = Path(__file__).parent / "sql"


def connect(
    files: Mapping[str, Sequence[str]], first: date, months: int, today: date
) -> duckdb.DuckDBPyConnection:
    """Return a connection with a view an entity over its files, ready for the families.

    Args:
        files: For each entity, the Parquet files of its records; all entities are needed.
        first: The first day of the first month.
        months: How many months are asked for.
        today: The day after which nothing has happened.
    """
    base = tuned(duckdb.connect())
    for entity, paths in files.items():
        base.execute(f'CREATE VIEW "{entity}" AS FROM {read_files(paths)}')
    number = first.year * 12 + first.month
    base.execute(f"SET VARIABLE first_month = {number}")
    base.execute(f"SET VARIABLE months = {months}")
    moment = datetime.combine(today, time())
    base.execute(f"SET VARIABLE today = TIMESTAMP '{moment.isoformat(sep=' ')}'")
    return base


def tuned(base: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Give a connection the settings that the engine's own has."""
    base.execute(f"SET memory_limit = '{MEMORY}'")
    base.execute("SET preserve_insertion_order = false")
    base.execute("SET parquet_metadata_cache = true")
    return base


def compute(base: duckdb.DuckDBPyConnection) -> None:
    """Fill the table `answer` (kpi, m, level, id, value, part_over, part_under, n)."""
    for family in FAMILIES:
        base.execute(statements(family))


def statements(family: str) -> str:
    """Return the text of a family."""
    return (_FOLDER / f"{family}.sql").read_text(encoding="utf-8")
