"""SQL of a checked expression, of one meaning on DuckDB and on Spark (ANSI mode).

What the engines would do differently is spelled out: arithmetic is done in DOUBLE, a division by 0
gives NULL, halves round away from zero, LIKE has no hidden escape character, differences count
whole units, and a day is a day of the tenant's zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.canonical import SIGNS
from kpi_engine.definitions.moments import instant
from kpi_engine.definitions.nodes import MOMENTS, NUMERIC, type_of

Resolve = Callable[[str], str]

_MICROSECONDS = {"minute": 60_000_000, "hour": 3_600_000_000, "day": 86_400_000_000}
_ESCAPE = "!"
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes checked nodes for one dialect and zone. Every compound comes in brackets."""

    resolve: Resolve
    dialect: str
    zone: str

    @property
    def is_duckdb(self) -> bool:
        """Say whether the SQL is for DuckDB; if not, it is for Spark."""
        return self.dialect == "duckdb"

    def sql(self, node: exp.Expression) -> str:
        """Return the SQL of one node."""
        return _FORMS[type(node)](self, node)

    def double(self, node: exp.Expression) -> str:
        """Return a number as DOUBLE, without a cast where it is one already."""
        if isinstance(node, exp.Literal):
            return f"({node.this}e0)"
        if isinstance(node, _ARITHMETIC) or node.name in ("abs", "round"):
            return self.sql(node)
        return f"CAST({self.sql(node)} AS DOUBLE)"

    @property
    def timestamp(self) -> str:
        """The name of the type of a time without a zone."""
        return "TIMESTAMP" if self.is_duckdb else "TIMESTAMP_NTZ"

    def clock(self, node: exp.Expression) -> str:
        """Return a date or a time as the reading of a clock in the tenant's zone."""
        text = self.sql(node)
        if type_of(node) is ColumnType.DATE:
            return f"CAST({text} AS {self.timestamp})"
        if self.zone == "UTC":
            return text
        if self.is_duckdb:
            return f"timezone('{self.zone}', timezone('UTC', {text}))"
        return f"convert_timezone('UTC', '{self.zone}', {text})"

    def day(self, node: exp.Expression) -> str:
        """Return a date, or the day of a time in the tenant's zone."""
        if type_of(node) is ColumnType.DATE:
            return self.sql(node)
        return f"CAST({self.clock(node)} AS DATE)"

    def divided(self, text: str, by: int) -> str:
        """Return a whole number divided by another, cut towards zero."""
        return f"({text} {'//' if self.is_duckdb else 'div'} {by})"


def write(tree: exp.Expression, resolve: Resolve, dialect: str, zone: str) -> str:
    """Return the SQL of a checked tree.

    Raises:
        ZoneInfoNotFoundError: if there is no such zone, since its name goes into the text.
    """
    ZoneInfo(zone)
    return Writer(resolve, dialect, zone).sql(tree)


def _literal(writer: Writer, node: exp.Expression) -> str:
    kind, text = type_of(node), str(node.this)
    if kind is ColumnType.DATE:
        return f"DATE '{text}'"
    if kind is ColumnType.TIME:
        return f"{writer.timestamp} '{instant(text, writer.zone).isoformat(sep=' ')}'"
    if kind in NUMERIC:
        return f"({text})" if text.startswith("-") else text
    return node.sql(dialect=writer.dialect)


def _logic(writer: Writer, node: exp.Expression) -> str:
    word = "AND" if isinstance(node, exp.And) else "OR"
    return f"({writer.sql(node.this)} {word} {writer.sql(node.expression)})"


def _divide(writer: Writer, node: exp.Expression) -> str:
    return f"({writer.double(node.this)} / nullif({writer.double(node.expression)}, 0e0))"


def _arithmetic(writer: Writer, node: exp.Expression) -> str:
    sign = SIGNS[type(node)]
    return f"({writer.double(node.this)} {sign} {writer.double(node.expression)})"


def _comparison(writer: Writer, node: exp.Expression) -> str:
    sign = SIGNS[type(node)]
    return _compare(writer, node.this, "<>" if sign == "!=" else sign, node.expression)


def _compare(writer: Writer, left: exp.Expression, sign: str, right: exp.Expression) -> str:
    if type_of(left) is type_of(right) or type_of(left) not in MOMENTS:
        return f"({writer.sql(left)} {sign} {writer.sql(right)})"
    return f"({writer.clock(left)} {sign} {writer.clock(right)})"


def _between(writer: Writer, node: exp.Expression) -> str:
    low = _compare(writer, node.this, ">=", node.args["low"])
    return f"({low} AND {_compare(writer, node.this, '<=', node.args['high'])})"


def _in(writer: Writer, node: exp.Expression) -> str:
    listed = ", ".join(writer.sql(each) for each in node.expressions)
    return f"({writer.sql(node.this)} IN ({listed}))"


def _like(writer: Writer, node: exp.Expression) -> str:
    """DuckDB has no escape character unless told, Spark has the backslash: tell both."""
    text = str(node.expression.this)
    if "\\" not in text:
        pattern = node.expression.sql(dialect=writer.dialect)
    else:
        escaped = exp.Literal.string(text.replace(_ESCAPE, _ESCAPE * 2))
        pattern = f"{escaped.sql(dialect=writer.dialect)} ESCAPE '{_ESCAPE}'"
    return f"({writer.sql(node.this)} LIKE {pattern})"


def _call(writer: Writer, node: exp.Expression) -> str:
    return _CALLS[node.name](writer, node)


def _coalesce(writer: Writer, node: exp.Expression) -> str:
    types = {type_of(part) for part in node.expressions}
    mixed = len(types) > 1 and type_of(node) in NUMERIC
    parts = (writer.double(part) if mixed else writer.sql(part) for part in node.expressions)
    return f"coalesce({', '.join(parts)})"


def _round(writer: Writer, node: exp.Expression) -> str:
    """Round to whole numbers only: there the engines agree, and away from zero at a half."""
    places = int(str(node.expressions[1].this)) if len(node.expressions) > 1 else 0
    factor = f"{10**places}e0"
    return f"(round({writer.double(node.expressions[0])} * {factor}) / {factor})"


def _lower(writer: Writer, node: exp.Expression) -> str:
    """Spark alone lowers these two by what stands around them, or into two characters."""
    text = writer.sql(node.expressions[0])
    if writer.is_duckdb:
        return f"lower({text})"
    return f"lower(translate({text}, '\u03a3\u0130', '\u03c3i'))"


def _date_add(writer: Writer, node: exp.Expression) -> str:
    """A count that is out of all bounds gives NULL, where an engine would stop."""
    unit, count, moment = str(node.expressions[0].this), node.expressions[1], node.expressions[2]
    start, attempt = writer.sql(moment), "TRY_CAST" if writer.is_duckdb else "try_cast"
    if type_of(moment) is ColumnType.DATE:
        days = f"CAST(floor({attempt}({writer.double(count)} AS DECIMAL(12, 6))) AS INTEGER)"
        return f"({start} + {days})" if writer.is_duckdb else f"date_add({start}, {days})"
    micros = f"round({writer.double(count)} * {_MICROSECONDS[unit]}e0)"
    bounded = f"{attempt}({micros} AS DECIMAL(17, 0))"
    if writer.is_duckdb:
        return f"({start} + to_microseconds(CAST({bounded} AS BIGINT)))"
    seconds = f"CAST({bounded} / 1000000 AS DECIMAL(18, 6))"
    return f"({start} + make_dt_interval(0, 0, 0, {seconds}))"


def _date_diff(writer: Writer, node: exp.Expression) -> str:
    unit, start, end = str(node.expressions[0].this), node.expressions[1], node.expressions[2]
    if unit in ("minute", "hour"):
        if not writer.is_duckdb:
            return f"timestampdiff({unit.upper()}, {writer.sql(start)}, {writer.sql(end)})"
        elapsed = f"date_diff('microsecond', {writer.sql(start)}, {writer.sql(end)})"
        return writer.divided(elapsed, _MICROSECONDS[unit])
    first, last = writer.day(start), writer.day(end)
    if unit == "month":
        # 32 is more than any day of a month: a month is whole when its day was reached.
        return writer.divided(f"({_packed(last)} - {_packed(first)})", 32)
    days = f"datediff({last}, {first})"
    if writer.is_duckdb:
        days = f"date_diff('day', {first}, {last})"
    return f"CAST({days} AS BIGINT)" if unit == "day" else writer.divided(days, 7)


def _packed(day: str) -> str:
    return f"(CAST(year({day}) * 12 + month({day}) AS BIGINT) * 32 + day({day}))"


_CALLS: Mapping[str, Callable[[Writer, exp.Expression], str]] = {
    "abs": lambda writer, node: f"abs({writer.double(node.expressions[0])})",
    "coalesce": _coalesce,
    "date_add": _date_add,
    "date_diff": _date_diff,
    "lower": _lower,
    "round": _round,
}
_FORMS: Mapping[type[exp.Expression], Callable[[Writer, exp.Expression], str]] = {
    exp.Column: lambda writer, node: writer.resolve(node.name),
    exp.Literal: _literal,
    exp.Boolean: _literal,
    exp.Null: _literal,
    exp.And: _logic,
    exp.Or: _logic,
    exp.Not: lambda writer, node: f"(NOT {writer.sql(node.this)})",
    exp.Is: lambda writer, node: f"({writer.sql(node.this)} IS NULL)",
    exp.Neg: lambda writer, node: f"(- {writer.double(node.this)})",
    exp.In: _in,
    exp.Between: _between,
    exp.Like: _like,
    exp.Anonymous: _call,
    **dict.fromkeys(SIGNS, _comparison),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), _arithmetic),
    exp.Div: _divide,
}
