"""A table of a source file bound to the columns of a file: from names to a recipe."""

from collections.abc import Mapping, Sequence

import duckdb

from kpi_engine.crm.entities import ENTITIES, Column, ColumnType, Entity
from kpi_engine.crm.faults import Fault, FaultKind, reason
from kpi_engine.crm.layers import literal
from kpi_engine.crm.moment_sql import Zones, macros, zone_tables
from kpi_engine.crm.normalise import SQL_TYPES, constant_sql
from kpi_engine.crm.recipes import Cell, Computation, Input, Words
from kpi_engine.crm.sources import (
    Computed,
    Constant,
    Field,
    FromColumn,
    Mark,
    Phrase,
    Source,
    TableMap,
    Taken,
)
from kpi_engine.definitions.expressions import Expression, ExpressionError, parse
from kpi_engine.errors import did_you_mean
from portal.connectors.column_types import infer
from portal.connectors.rows import Rows
from portal.connectors.yaml_nodes import Problems

_NUMERIC = frozenset({ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER})
_NO_TEXT = "NULL::VARCHAR"


class Binder:
    """Binds one table to one file's columns, keeping what it needs of them."""

    def __init__(self, table: TableMap, source: Source, rows: Rows, problems: Problems) -> None:
        self.table = table
        self.source = source
        self.entity: Entity = ENTITIES[table.entity]
        self._rows = rows
        self._columns = rows.columns
        self._problems = problems
        self._inputs: dict[tuple[int, ColumnType, Words, str | None], Input] = {}
        self._computations: list[Computation] = []
        self._known, self._nulls = self._fed_types()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs that were asked for."""
        return tuple(self._inputs.values())

    @property
    def computations(self) -> tuple[Computation, ...]:
        """The expressions that were asked for."""
        return tuple(self._computations)

    def column(self, field: str) -> Column:
        """Return the entity's column of that name, or a text for an attribute."""
        return self.entity.column(field) or Column(field, ColumnType.TEXT)

    def cell(self, field: Field) -> Cell | None:
        """Return the cell of a field of a plain table, or None after adding why there is none."""
        column = self.column(field.name)
        match field.form:
            case FromColumn() as form:
                return self.from_column(form, column, field.mark)
            case Constant(value=value, null=null):
                made = self.input(None, column.type, Words(null), field.mark, constant=value)
                if made is not None and self._reads(made, field):
                    return Cell(column, made.name, field.name, f"{made.name}_t")
                return None
            case Computed(phrase=phrase, null=null):
                return self.computed(phrase, null, column)
            case Taken():
                return None

    def from_column(self, form: FromColumn, column: Column, mark: Mark) -> Cell | None:
        """Return the cell that a file column fills."""
        words = words_of(form)
        made = self.input(form.column, column.type, words, mark)
        if made is None:
            return None
        raw = f"{made.name}_t"
        if words.map is not None:
            # A value that the map does not name is told as that, not as missing too.
            raw = f"coalesce({raw}, CASE WHEN {unmapped(made)} THEN {made.name}_s END)"
        return Cell(column, made.name, form.column, raw)

    def computed(self, phrase: Phrase, null: tuple[str, ...], column: Column) -> Cell | None:
        """Return the cell that an expression fills."""
        wants = None if self.entity.column(column.name) is None else column.type
        name = self.expression(phrase, null, wants)
        if name is None:
            return None
        if wants is None or wants is ColumnType.TEXT:
            return Cell(column, f"CAST({name} AS VARCHAR)", column.name, _NO_TEXT)
        if wants not in _NUMERIC:
            return Cell(column, name, column.name, _NO_TEXT)
        cast = f"TRY_CAST({name} AS {SQL_TYPES[wants]})"
        fits = f"{name} IS NULL OR {cast} IS NOT NULL"
        if wants is ColumnType.INTEGER:
            fits = f"{name} IS NULL OR {name} = trunc({name})"
        return Cell(column, cast, column.name, _NO_TEXT, fits)

    def expression(
        self, phrase: Phrase, null: tuple[str, ...], wants: ColumnType | None
    ) -> str | None:
        """Return the SQL name of an expression's value."""
        try:
            types = infer(phrase.text, self._columns, self._known, wants)
            made = parse(phrase.text, types, wants=wants)
        except ExpressionError as error:
            self._problems.add(phrase.mark, str(error))
            return None
        names = self._resolved(made, types, null, phrase.mark)
        if names is None:
            return None
        sql = made.sql(names.__getitem__, zone=self.source.timezone)
        name = f"x{len(self._computations)}"
        made_of = tuple(names[column] for column in made.columns)
        self._computations.append(Computation(name, sql, phrase.text, made_of))
        return name

    def input(
        self,
        column: str | None,
        kind: ColumnType,
        words: Words,
        mark: Mark,
        *,
        constant: str | None = None,
    ) -> Input | None:
        """Return the input for a file column as `kind`, the same for the same question."""
        position = -1 if column is None else self.position(column, mark)
        if position is None:
            return None
        key = (position, kind, words, constant)
        if key not in self._inputs:
            name = f"i{len(self._inputs)}"
            self._inputs[key] = Input(name, position, column or "", kind, words, constant)
        return self._inputs[key]

    def position(self, column: str, mark: Mark) -> int | None:
        """Return the number of a file column, or None after adding why there is none."""
        count = self._columns.count(column)
        if count == 1:
            return self._columns.index(column)
        if count:
            self._problems.add(mark, f"{self.table.file} has {count} columns called '{column}'.")
            return None
        hint = did_you_mean(column, self._columns) or _listed(self._columns)
        self._problems.add(mark, f"{self.table.file} has no column '{column}'.{hint}")
        return None

    def known_type(self, column: str) -> ColumnType | None:
        """Return the type of the field that a file column feeds, where it is not text."""
        return self._known.get(column)

    def inputs_of(self, expression: str | None) -> tuple[str, ...]:
        """Return the names of the inputs that an expression is made of."""
        found = (made.inputs for made in self._computations if made.name == expression)
        return next(found, ())

    def first_value(self, column: str, mark: Mark) -> str:
        """Return the first text in a file column, or "" where there is none."""
        position = self.position(column, mark)
        for chunk in self._rows.chunks([position]) if position is not None else ():
            for text in chunk.rows.column(f"c{position}").to_pylist():
                if text.strip():
                    return str(text.strip())
        return ""

    def _reads(self, part: Input, field: Field) -> bool:
        """Return whether a constant can be read as its column's type; if not, add why."""
        if part.type is ColumnType.TEXT:
            return True
        zones = Zones(self.source.timezone, self.source.timezone)
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            for statement in (*macros(zones), *zone_tables(zones)):
                con.execute(statement)
            told = con.execute(constant_sql(part, zones)).fetchall()
        if told[0][0]:
            return True
        fault = Fault(FaultKind.UNREAD, "", "", field.name, part.type)
        why = reason(fault, part.constant or "")
        self._problems.add(field.mark, f"'{field.name}' may not be '{part.constant}': {why}.")
        return False

    def _resolved(
        self,
        made: Expression,
        types: Mapping[str, ColumnType],
        null: tuple[str, ...],
        mark: Mark,
    ) -> dict[str, str] | None:
        names = {}
        for column in made.columns:
            words = Words(tuple(dict.fromkeys((*null, *self._nulls.get(column, ())))))
            part = self.input(column, types[column], words, mark)
            if part is None:
                return None
            names[column] = part.name
        return names

    def _fed_types(self) -> tuple[dict[str, ColumnType], dict[str, tuple[str, ...]]]:
        """Return by file column the type of the field that it feeds, and its words for nothing."""
        known: dict[str, ColumnType] = {}
        nulls: dict[str, tuple[str, ...]] = {}
        for field in self.table.fields:
            form = field.form
            if isinstance(form, FromColumn | Taken):
                nulls.setdefault(form.column, form.null)
                kind = self.column(field.name).type
                counts = isinstance(form, Taken) and form.take == "count"
                if kind is not ColumnType.TEXT and form.map is None and not counts:
                    known.setdefault(form.column, kind)
        return known, nulls


def words_of(form: FromColumn | Taken) -> Words:
    """Return what the form does to a text before it is read."""
    return Words(
        form.null,
        tuple((form.replace or {}).items()),
        None if form.map is None else tuple(form.map.items()),
    )


def unmapped(part: Input) -> str:
    """Return SQL that is true where a text is not named by the input's map."""
    named = ", ".join(literal(word) for word, _ in part.words.map or ())
    return f"{part.name}_s NOT IN ({named})" if named else f"{part.name}_s IS NOT NULL"


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(columns[:12])
    return f" It has: {shown}{', …' if len(columns) > 12 else ''}."  # noqa: PLR2004  a line's worth
