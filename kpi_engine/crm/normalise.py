"""Rows of text made into records by SQL: tidied, read, checked, the bad ones told apart.

A statement runs over the table `chunk`: text columns `c0`, `c1`, … and `n`, the row's number.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.crm.faults import Fault, FaultKind
from kpi_engine.crm.layers import Layer, Layers, literal, merged, stacked
from kpi_engine.crm.moment_sql import MomentStyle, Zones, moment_layers
from kpi_engine.crm.number_text import NumberStyle, number_layers
from kpi_engine.crm.recipes import Cell, Input, Recipe, Styles, Words

SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.MONEY: "DECIMAL(18,4)",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.DATE: "DATE",
}
_BLANKS = (
    r"[\s\x{00}-\x{20}\x{7F}-\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}"
    r"\x{3000}]+"
)
_HIDDEN = r"[\x{200B}\x{2060}\x{FEFF}]"
_BOOLEANS = (("'true', 'yes', 'y', 't', '1'", "TRUE"), ("'false', 'no', 'n', 'f', '0'", "FALSE"))
_READ_MOMENTS = frozenset({ColumnType.TIME, ColumnType.DATE})
_READ_NUMBERS = frozenset({ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER})


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL over one chunk."""

    records: str
    """The cells by column name, `n`, and `bad`."""
    faults: str
    """For each bad row `n` and, per fault, the text where it shows, else null."""
    kinds: tuple[Fault, ...]
    """The faults in the order of their columns."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the rows of one chunk are read."""

    styles: Styles
    """How file columns write numbers and moments."""
    zones: Zones
    """The zones of times without an offset, and of days."""
    dirty: Collection[int] = ()
    """The file columns that have blanks to trim or signs to drop."""
    careful: Collection[str] = ()
    """The inputs, by name, that need every known form tried."""


def statement(recipe: Recipe, manner: Manner) -> Statement:
    """Return the SQL that makes records from the rows of `chunk`."""
    rows = _tidied(recipe, manner.dirty)
    layers = list(merged(_read(part, manner) for part in recipe.inputs))
    if recipe.computations:
        layers.append(Layer({made.name: made.sql for made in recipe.computations}))
    kinds = tuple(_input_faults(recipe))
    return _finished(stacked(rows, tuple(layers)), recipe, kinds)


def constant_sql(part: Input, zones: Zones) -> str:
    """Return the SQL of whether a constant can be read as its type; it needs the macros."""
    row = stacked("(SELECT 1 AS one)", _read(part, Manner({}, zones)))
    return f"SELECT {part.name}_t IS NULL OR {part.name} IS NOT NULL FROM {row}"


def checked(rows: str, recipe: Recipe) -> Statement:
    """Return the SQL that checks `rows` whose columns are the recipe's inputs, already typed."""
    return _finished(rows, recipe, ())


def _finished(rows: str, recipe: Recipe, kinds: tuple[Fault, ...]) -> Statement:
    values = {f"f{at}": cell.sql for at, cell in enumerate(recipe.cells)}
    rows = stacked(rows, (Layer(values),))
    kinds = (*kinds, *_cell_faults(recipe))
    bad = " OR ".join(f"({fault.condition})" for fault in kinds) or "FALSE"
    keep = ""
    if recipe.where:
        # A row whose condition cannot be told, because a value in it cannot be read, is bad.
        unread = [f.condition for f in kinds if f.source in recipe.where_inputs]
        keep = " WHERE " + " OR ".join([f"({recipe.where})", *(f"({part})" for part in unread)])
    names = ", ".join(f'f{at} AS "{cell.column.name}"' for at, cell in enumerate(recipe.cells))
    shown = ", ".join(
        f"CASE WHEN {fault.condition} THEN coalesce({fault.raw}, '') END AS r{at}"
        for at, fault in enumerate(kinds)
    )
    return Statement(
        f"SELECT n, {names}, coalesce({bad}, FALSE) AS bad FROM {rows}{keep}",
        f"SELECT n, {shown or 'NULL AS r0'} FROM (SELECT * FROM {rows}{keep}) WHERE {bad}",
        kinds,
    )


def _tidied(recipe: Recipe, dirty: Collection[int]) -> str:
    columns = ", ".join(
        f"{tidied_sql(f'c{at}') if at in dirty else f'c{at}'} AS c{at}" for at in recipe.positions
    )
    rows = f"(SELECT n, {columns} FROM chunk)" if columns else "chunk"
    rows = stacked(rows, (Layer({f"e{at}": f"nullif(c{at}, '')" for at in recipe.positions}),))
    if not recipe.exploded:
        return rows
    pairs = ", ".join(f"{{'word': {literal(word)}, 'text': e{at}}}" for at, word in recipe.exploded)
    blank = " WHERE wide.text IS NOT NULL" if recipe.skips_blank else ""
    wide = f"(SELECT *, unnest([{pairs}]) AS wide FROM {rows})"
    return f"(SELECT *, wide.word AS word, wide.text AS exploded FROM {wide}{blank})"


def tidied_sql(column: str) -> str:
    """Return SQL of a text trimmed, runs of blanks as one, without signs that do not show."""
    shown = f"regexp_replace({column}, '{_HIDDEN}', '', 'g')"
    return f"trim(regexp_replace({shown}, '{_BLANKS}', ' ', 'g'))"


def _read(part: Input, manner: Manner) -> Layers:
    text = f"{part.name}_t"
    words = (
        Layer({f"{part.name}_s": _without_nulls(part.base, part.words)}),
        Layer({text: _worded(f"{part.name}_s", part.words)}),
    )
    # A constant is written in the source file, where the decimal sign is a point.
    style = manner.styles.get(part.position) if part.constant is None else NumberStyle(".")
    careful = part.name in manner.careful or part.constant is not None
    if part.type in _READ_MOMENTS:
        known = style if isinstance(style, MomentStyle) else MomentStyle()
        return (
            *words,
            *moment_layers(part.type, text, part.name, known, manner.zones, careful=careful),
        )
    if part.type in _READ_NUMBERS:
        number = style if isinstance(style, NumberStyle) else NumberStyle()
        return (*words, *number_layers(part.type, text, part.name, number, careful=careful))
    if part.type is ColumnType.BOOLEAN:
        branches = " ".join(f"WHEN lower({text}) IN ({given}) THEN {to}" for given, to in _BOOLEANS)
        return (*words, Layer({part.name: f"CASE {branches} END"}))
    return (*words, Layer({part.name: text}))


def _without_nulls(base: str, words: Words) -> str:
    nulls = ", ".join(literal(word) for word in words.null if word)
    return f"CASE WHEN {base} NOT IN ({nulls}) THEN {base} END" if nulls else base


def _worded(text: str, words: Words) -> str:
    pairs = words.replace if words.map is None else words.map
    if not pairs:
        return text if words.map is None else "NULL::VARCHAR"
    branches = " ".join(f"WHEN {literal(word)} THEN {literal(to)}" for word, to in pairs)
    rest = f" ELSE {text}" if words.map is None else ""
    return f"CASE {text} {branches}{rest} END"


def _input_faults(recipe: Recipe) -> Iterator[Fault]:
    for part in recipe.inputs:
        before, text = f"{part.name}_s", f"{part.name}_t"
        if part.words.map is not None:
            named = ", ".join(literal(word) for word, _ in part.words.map)
            unnamed = f"{before} NOT IN ({named})" if named else f"{before} IS NOT NULL"
            yield Fault(FaultKind.UNMAPPED, unnamed, before, part.label)
        if part.type is not ColumnType.TEXT:
            unread = f"{text} IS NOT NULL AND {part.name} IS NULL"
            yield Fault(FaultKind.UNREAD, unread, text, part.label, part.type, source=part.name)


def _cell_faults(recipe: Recipe) -> Iterator[Fault]:
    for at, cell in enumerate(recipe.cells):
        yield from _one_cell_faults(f"f{at}", cell)
    if recipe.one_of:
        held = {cell.column.name: f"f{at}" for at, cell in enumerate(recipe.cells)}
        none = " AND ".join(f"{held[name]} IS NULL" for name in recipe.one_of if name in held)
        yield Fault(FaultKind.NONE_OF, none, "''", recipe.one_of[0], words=recipe.one_of)


def _one_cell_faults(value: str, cell: Cell) -> Iterator[Fault]:
    column = cell.column
    if cell.fits:
        yield Fault(FaultKind.TOO_LARGE, f"NOT ({cell.fits})", cell.raw, cell.label)
    if column.required:
        # What could not be read is told as that, not as missing too.
        missing = f"{value} IS NULL AND ({cell.raw}) IS NULL"
        words = (column.name,)
        yield Fault(FaultKind.MISSING, missing, "''", cell.label, words=words)
    if column.choices:
        allowed = ", ".join(literal(word) for word in column.choices)
        other = f"{value} NOT IN ({allowed})"
        yield Fault(FaultKind.CHOICE, other, value, cell.label, words=column.choices)


def record_columns(entity: str) -> tuple[str, ...]:
    """Return the names of a record's columns in order."""
    return (*ENTITIES[entity].names, "source", "attributes")
