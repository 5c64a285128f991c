"""Statements as Spark would run them, for people to read and run: no Spark is needed for that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from kpi_engine.compiler.dialect import Dialect
from kpi_engine.engines.runner import Columns, Runner, columns_of
from kpi_engine.store.pins import EntityFacts
from kpi_engine.store.relation import (
    Role,
    Tables,
    duckdb_tables,
    history_relation,
    now_relation,
)


@dataclass(slots=True)
class SparkText:
    """Compiles for Spark over the files themselves; what compiling has to look up, DuckDB does."""

    duckdb: Runner
    _read: dict[str, str] = field(default_factory=dict)
    """DuckDB's table expression for each of Spark's."""

    @property
    def dialect(self) -> Dialect:
        """Spark's."""
        return Dialect.SPARK

    def run(self, sql: str) -> pa.Table:
        """Return the rows of a look-up: names and keys, which both engines write alike."""
        for spark, duckdb in self._read.items():
            sql = sql.replace(spark, duckdb)
        return self.duckdb.run(sql)

    def columns(self, sql: str) -> Columns:
        """Return the columns of a look-up."""
        return columns_of(self.run(sql))

    def columns_of_all(self, sqls: Sequence[str]) -> Sequence[Columns]:
        """Return the columns of several statements, one after the other."""
        return [self.columns(sql) for sql in sqls]

    def sources(self, facts: Mapping[str, EntityFacts]) -> tuple[str, ...]:
        """Return every source with records, sorted."""
        return self.duckdb.sources(facts)

    def now(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with the records of an entity as of the version."""
        return now_relation(facts, columns, self._tables(facts))

    def versions(self, facts: EntityFacts, columns: Sequence[str]) -> str:
        """Return a relation with every version of the records, and when each held."""
        return history_relation(facts, columns, self._tables(facts))

    def _tables(self, facts: EntityFacts) -> Tables:
        duckdb = duckdb_tables(facts)

        def table(role: Role) -> str:
            files: tuple[str, ...] = getattr(facts, role)
            read = " UNION ALL ".join(f"SELECT * FROM {_file(each)}" for each in files)
            spark = _file(files[0]) if len(files) == 1 else f"({read})"
            self._read[spark] = duckdb(role)
            return spark

        return table


def _file(address: str) -> str:
    """Return how Spark names one Parquet file as a table."""
    place = address if "://" in address else f"file://{address}"
    return f"parquet.`{place.replace('`', '``')}`"
