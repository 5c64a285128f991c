"""The DuckDB in which an import reads its rows: bounded memory, its own folder, nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_MEMORY = "384MB"


@contextmanager
def workroom(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that spills to `folder` and can reach no other file."""
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(
        config={
            "memory_limit": _MEMORY,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": "false",
            "preserve_insertion_order": "true",
            # Rows keep their order: a join must not turn round to build on them.
            "disabled_optimizers": "join_order,build_side_probe_side",
            "python_enable_replacements": "false",
        }
    )
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con
    finally:
        con.close()
