"""DuckDB in this process, over the Parquet files of a pinned version."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from kpi_engine.compiler.dialect import Dialect
from kpi_engine.engines.runner import Columns
from kpi_engine.store.pins import EntityFacts
from kpi_engine.store.relation import history_relation, now_relation
from kpi_engine.store.store import Store

MEMORY = "4GB"
"""What a question may use before it spills to disk."""
_MOST_PARSED = 1_000


@dataclass(slots=True)
class DuckDb:
    """Runs statements on a connection."""

    connection: duckdb.DuckDBPyConnection
    _sources: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    _parsed: dict[str, duckdb.Statement] = field(default_factory=dict)

    @property
    def dialect(self) -> Dialect:
        """DuckDB's own."""
        return Dialect.DUCKDB

    def run(self, sql: str) -> pa.Table:
        """Return the rows of a statement."""
        return self.connection.sql(sql).to_arrow_table()

    def columns(self, sql: str) -> Columns:
        """Return the columns of a statement that may be run again: it is kept parsed."""
        if sql not in self._parsed:
            if len(self._parsed) >= _MOST_PARSED:
                self._parsed.clear()
            (self._parsed[sql],) = self.connection.extract_statements(sql)
        return self.connection.execute(self._parsed[sql]).fetchnumpy()

    def sources(self, facts: Mapping[str, EntityFacts]) -> tuple[str, ...]:
        """Return every source with records, sorted; each set of files is looked through once."""
        found: set[str] = set()
        for one in facts.values():
            files = (*one.current, *one.tail)
            if files not in self._sources:
                rows = self.run(f"SELECT DISTINCT source FROM {self.now(one, ['source'])}")
                names = rows.column("source").to_pylist()
                self._sources[files] = tuple(sorted(str(name) for name in names))
            found.update(self._sources[files])
        return tuple(sorted(found))

    def now(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with the records of an entity as of the version."""
        return now_relation(facts, columns)

    def versions(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with every version of the records, and when each held."""
        return history_relation(facts, columns)


@contextmanager
def open_duckdb(store: Store, spill: Path, memory: str = MEMORY) -> Iterator[DuckDb]:
    """Open a runner for the files of a store; it reads them and nothing else is loaded.

    Args:
        store: Whose files are read, wherever they lie.
        spill: A folder for what does not fit in memory.
        memory: The limit, as DuckDB writes it.
    """
    spill.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=settings) as connection:
        store.attach(connection)
        connection.execute("SET parquet_metadata_cache = true")
        yield DuckDb(connection)
