"""References that point nowhere: ids that no record of the entity they name has.

While records stream by, the ids that they name and the ids that they bring are noted in the
import's workroom, which spills to disk. At the end what is named, not brought and not in the store
is reported.
"""

from collections.abc import Callable, Iterator, Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kpi_engine.crm.entities import ENTITIES, Column
from kpi_engine.store.pins import EntityFacts
from kpi_engine.store.relation import now_relation
from portal.services.import_report import UnknownReference

_EXAMPLES = 5
_MOST_HELD = 50_000
"""Rows of references held in memory: those of a small load are looked at only once it is there."""
_REFERRED = frozenset(
    column.refers for entity in ENTITIES.values() for column in entity.columns if column.refers
)


class References:
    """Notes and checks the references of one import."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._held: dict[str, list[pa.Table]] = {}
        """By entity, references and ids that are not in the workroom yet."""
        self._rows = 0
        self._named: dict[tuple[str, str], str] = {}
        """By entity and column, the table of the ids that it names."""
        self._brought: dict[str, str] = {}
        """By entity, the table of the ids that it brings."""

    def watch(self, entity: str, records: Iterator[pa.Table]) -> Iterator[pa.Table]:
        """Yield the records of an entity as they come, and note what they name and bring."""
        noted = [column.name for column in ENTITIES[entity].columns if column.refers]
        if entity in _REFERRED:
            noted.append("id")
        for table in records:
            if noted:
                self._held.setdefault(entity, []).append(table.select(noted))
                self._rows += table.num_rows
                if self._rows >= _MOST_HELD:
                    self._put_down()
            yield table

    def unknown(
        self, facts: Mapping[str, EntityFacts], store: Callable[[], duckdb.DuckDBPyConnection]
    ) -> tuple[UnknownReference, ...]:
        """Return what is named and is nowhere.

        Args:
            facts: The facts before the load.
            store: Gives a connection that reads the store's files; asked only where one is needed.
        """
        self._put_down()
        found = []
        for (entity, name), table in self._named.items():
            column = ENTITIES[entity].column(name)
            if column is not None and column.refers is not None:
                left = self._not_brought(table, column.refers)
                if column.refers in facts and left.num_rows:
                    left = _not_held(store(), facts[column.refers], left)
                if left.num_rows:
                    found.append(_unknown(entity, column, left))
        return tuple(found)

    def _put_down(self) -> None:
        """Move what is held into the workroom."""
        for entity, tables in self._held.items():
            held = pa.concat_tables(tables)
            self._con.register("passing", held)
            for name in held.column_names:
                if name != "id" and held.column(name).null_count < held.num_rows:
                    self._note_named(entity, name)
            if "id" in held.column_names:
                self._note_brought(entity)
            self._con.unregister("passing")
        self._held.clear()
        self._rows = 0

    def _note_named(self, entity: str, name: str) -> None:
        counted = (
            f"SELECT {name} AS id, count(*) AS n FROM passing WHERE {name} IS NOT NULL GROUP BY ALL"
        )
        table = self._named.get((entity, name))
        if table is None:
            table = self._named[entity, name] = f"named_{len(self._named)}"
            self._con.execute(f"CREATE TABLE {table} (id VARCHAR, n BIGINT)")
        self._con.execute(f"INSERT INTO {table} {counted}")

    def _note_brought(self, entity: str) -> None:
        table = self._brought.get(entity)
        if table is None:
            table = self._brought[entity] = f"brought_{len(self._brought)}"
            self._con.execute(f"CREATE TABLE {table} (id VARCHAR)")
        self._con.execute(f"INSERT INTO {table} SELECT id FROM passing")

    def _not_brought(self, table: str, refers: str) -> pa.Table:
        """Return the ids of a table of named ones, with counts, that the load does not bring."""
        brought = self._brought.get(refers)
        kept = f" WHERE id NOT IN (SELECT id FROM {brought})" if brought else ""
        query = f"SELECT id, sum(n)::BIGINT AS n FROM {table}{kept} GROUP BY id"
        return self._con.sql(query).to_arrow_table()


def _unknown(entity: str, column: Column, left: pa.Table) -> UnknownReference:
    count = pc.sum(left.column("n")).as_py()
    fewest = pc.select_k_unstable(left, k=_EXAMPLES, sort_keys=[("id", "ascending")])
    examples = tuple(left.column("id").take(fewest).to_pylist())
    return UnknownReference(entity, column.name, column.refers or "", count, examples)


def _not_held(store: duckdb.DuckDBPyConnection, held: EntityFacts, left: pa.Table) -> pa.Table:
    """Return the rows of `left` whose id no present record has."""
    store.register("sought", left)
    there = f"SELECT 1 FROM {now_relation(held, ['id'])} AS r WHERE r.id = s.id"
    rest = store.sql(f"SELECT * FROM sought AS s WHERE NOT EXISTS ({there})").to_arrow_table()
    store.unregister("sought")
    return rest
