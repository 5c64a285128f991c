"""DuckDB in this process, over the Parquet files of a pinned version."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from kpi_engine.compiler.dialect import Dialect
from kpi_engine.engines.runner import Columns
from kpi_engine.store.pins import EntityFacts
from kpi_engine.store.relation import history_relation, now_relation, read_files
from kpi_engine.store.store import Store

MEMORY = "4GB"
"""What a question may use before it spills to disk."""
_MOST_PARSED = 1_000
_A_MOMENT = 0.01
"""Seconds between looks whether what was stopped has ended."""
_WORTH_A_HAND = 8
"""So many statements of a question for each processor that they are run on side by side."""


@dataclass(slots=True)
class DuckDb:
    """Runs statements on a connection."""

    connection: duckdb.DuckDBPyConnection
    _sources: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = field(default_factory=dict)
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
        return self._columns(self.connection, sql)

    def columns_of_all(self, sqls: Sequence[str]) -> Sequence[Columns]:
        """Return the columns of several statements, in their order.

        Many run side by side, each on one processor: a small statement is not worth two.
        """
        if len(sqls) < 2 * _WORTH_A_HAND:
            return [self.columns(sql) for sql in sqls]
        processors = self._processors()
        hands = min(processors, len(sqls) // _WORTH_A_HAND)
        self.connection.execute("SET threads = 1")
        try:
            return self._side_by_side(sqls, hands)
        finally:
            self.connection.execute(f"SET threads = {processors}")

    def _side_by_side(self, sqls: Sequence[str], hands: int) -> Sequence[Columns]:
        left = iter(enumerate(sqls))
        found: dict[int, Columns] = {}
        with ExitStack() as hold:
            beside = [hold.enter_context(self.connection.cursor()) for _ in range(hands - 1)]
            pool = hold.enter_context(ThreadPoolExecutor(max(1, hands - 1)))
            helping = [pool.submit(self._work, cursor, left, found) for cursor in beside]
            try:
                # Here too: who interrupts the connection stops the whole.
                self._work(self.connection, left, found)
                for one in helping:
                    one.result()
            except BaseException:
                deque(left, maxlen=0)
                # Again and again: an interrupt before a statement has begun stops nothing.
                while wait(helping, _A_MOMENT).not_done:
                    for cursor in beside:
                        cursor.interrupt()
                raise
        return [found[number] for number in range(len(sqls))]

    def _processors(self) -> int:
        (told,) = self.connection.execute("SELECT current_setting('threads')").fetchall()
        return int(told[0])

    def _work(
        self,
        connection: duckdb.DuckDBPyConnection,
        left: Iterator[tuple[int, str]],
        found: dict[int, Columns],
    ) -> None:
        """Run statements of those that are left until there are none; each goes to one hand."""
        for number, sql in left:
            found[number] = self._columns(connection, sql)

    def _columns(self, connection: duckdb.DuckDBPyConnection, sql: str) -> Columns:
        parsed = self._parsed.get(sql)
        if parsed is None:
            if len(self._parsed) >= _MOST_PARSED:
                self._parsed.clear()
            (parsed,) = connection.extract_statements(sql)
            self._parsed[sql] = parsed
        return connection.execute(parsed).fetchnumpy()

    def sources(self, facts: Mapping[str, EntityFacts]) -> tuple[str, ...]:
        """Return every source with records, sorted; each set of files is looked through once."""
        files = tuple((*one.current, *one.tail) for one in facts.values())
        if files not in self._sources:
            told = [f"SELECT source FROM {read_files(each)}" for each in files if each]
            self._sources[files] = self._distinct(told)
            if len(self._sources[files]) > 1:
                # The files may name one whose records are all gone.
                told = [f"SELECT source FROM {self.now(one, ['source'])}" for one in facts.values()]
                self._sources[files] = self._distinct(told)
        return self._sources[files]

    def _distinct(self, told: Sequence[str]) -> tuple[str, ...]:
        if not told:
            return ()
        each = " UNION ".join(f"SELECT DISTINCT source FROM ({one})" for one in told)
        return tuple(sorted(str(name) for name in self.run(each).column("source").to_pylist()))

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
