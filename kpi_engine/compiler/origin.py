"""The FROM clause of a statement: one entity, and the records it refers to where they are named.

A referenced record is joined at most once and never multiplies rows.
"""

from collections.abc import Callable

from kpi_engine.compiler.relations import key, resolved, rows
from kpi_engine.compiler.world import World
from kpi_engine.crm.derived import QUERYABLE, columns_of
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression

ROW = "f"
"""The alias of the entity's own records."""


Relation = Callable[[set[str]], str]
"""Makes a relation that offers the columns named."""


class Origin:
    """Collects the columns that a statement names, and writes the FROM clause that has them."""

    def __init__(self, world: World, entity: str, relation: Relation | None = None) -> None:
        """Start from the records of `entity`, or from what `relation` makes of the columns."""
        self.world = world
        self.entity = entity
        self._relation = relation
        self._columns: dict[str, set[str]] = {"": set()}
        self._entities: dict[str, str] = {"": entity}
        self._named: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the SQL of a column by its name in the expression language."""
        *hops, column = name.split(".")
        return self.column(tuple(hops), column)

    def expression(self, expression: Expression) -> str:
        """Return the SQL of an expression over this entity."""
        return expression.sql(self, self.world.dialect.value, self.world.calendar.timezone)

    def once(self, sql: str) -> str:
        """Return the name of a column, computed once a row, that an aggregate stands on."""
        return self._named.setdefault(sql, f"x{len(self._named)}")

    @property
    def named(self) -> str:
        """The columns computed once, for the end of a SELECT list."""
        return "".join(f", {sql} AS {name}" for sql, name in self._named.items())

    def type_of(self, name: str) -> ColumnType:
        """Return the type of a column by its name in the expression language."""
        return columns_of(self.entity)[name]

    def column(self, hops: tuple[str, ...], column: str) -> str:
        """Return the SQL of a column of the record reached by `hops`; empty for the own record."""
        path = ""
        for hop in hops:
            path = self._join(path, hop)
        self._columns[path].add(column)
        return f"{_alias(path)}.{column}"

    def reference(self, hops: tuple[str, ...], column: str) -> str:
        """Return the canonical key of the record that a reference column names, or NULL.

        With one source that is the id itself. A reference to no record keeps its raw id.
        """
        own = self.column(hops, column)
        if not self.world.many_sources:
            return own
        hop = column.removesuffix("_id")
        found = self.column((*hops, hop), "key")
        source = self.column(hops, "source")
        return f"CASE WHEN {own} IS NOT NULL THEN coalesce({found}, {key(source, own)}) END"

    def identity(self) -> str:
        """Return the canonical key of the own record."""
        own = self.column((), "id")
        return key(self.column((), "source"), own) if self.world.many_sources else own

    def sql(self) -> str:
        """Return the FROM clause with every column named so far."""
        wanted = self._columns[""] or {"id"}
        own = self._relation(wanted) if self._relation else rows(self.world, self.entity, wanted)
        joins = [self._join_sql(path) for path in self._entities if path]
        return " ".join([f"FROM {own} AS {ROW}", *joins])

    def _join(self, path: str, hop: str) -> str:
        further = f"{path}.{hop}" if path else hop
        if further not in self._entities:
            column = QUERYABLE[self._entities[path]].column(f"{hop}_id")
            if column is None or column.refers is None:
                raise KeyError(further)
            self._entities[further] = column.refers
            self._columns[further] = set()
            self._columns[path].add(column.name)
            if self.world.many_sources:
                self._columns[path].add("source")
        return further

    def _join_sql(self, path: str) -> str:
        before, _, hop = path.rpartition(".")
        alias, holder = _alias(path), _alias(before)
        wanted = self._columns[path] - {"key"}
        entity = self._entities[path]
        if self.world.many_sources:
            relation = resolved(self.world, entity, wanted | {"source"})
            match = f"{alias}.asked = {holder}.source AND {alias}.id = {holder}.{hop}_id"
        else:
            relation = rows(self.world, entity, wanted | {"id"})
            match = f"{alias}.id = {holder}.{hop}_id"
        return f"LEFT JOIN {relation} AS {alias} ON {match}"


def _alias(path: str) -> str:
    return f"{ROW}_{path.replace('.', '_')}" if path else ROW
