"""Filters as rows that a form can hold: a column, what is asked of it, and the values.

A row is written as text of the language of filters and read by it like any other; a filter is told
as rows only where rows say all of it, and nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from kpi_engine.language import tr

MOST_VALUES = 50
LONGEST_VALUE = 200


class Ask(StrEnum):
    """What is asked of a column."""

    IS = "is"
    IS_OTHER = "is_other"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    BEGINS = "begins"
    OVER = "over"
    AT_LEAST = "at_least"
    UNDER = "under"
    AT_MOST = "at_most"
    BETWEEN = "between"
    YES = "yes"
    NO = "no"
    FILLED = "filled"
    EMPTY = "empty"


_FIGURES = (
    *(Ask.IS, Ask.IS_OTHER, Ask.AT_LEAST, Ask.OVER, Ask.AT_MOST, Ask.UNDER, Ask.BETWEEN),
    *(Ask.FILLED, Ask.EMPTY),
)
_MOMENTS = (Ask.AT_LEAST, Ask.UNDER, Ask.BETWEEN, Ask.FILLED, Ask.EMPTY)
ASKS: Mapping[ColumnType, tuple[Ask, ...]] = {
    ColumnType.TEXT: (
        *(Ask.IS, Ask.ONE_OF, Ask.IS_OTHER, Ask.NONE_OF, Ask.BEGINS, Ask.FILLED, Ask.EMPTY),
    ),
    ColumnType.NUMBER: _FIGURES,
    ColumnType.MONEY: _FIGURES,
    ColumnType.INTEGER: _FIGURES,
    ColumnType.BOOLEAN: (Ask.YES, Ask.NO, Ask.FILLED, Ask.EMPTY),
    ColumnType.TIME: _MOMENTS,
    ColumnType.DATE: _MOMENTS,
}
"""What may be asked of a column of each type, the most usual first."""
VALUELESS = frozenset({Ask.YES, Ask.NO, Ask.FILLED, Ask.EMPTY})
LISTS = frozenset({Ask.ONE_OF, Ask.NONE_OF})

_SIGNS: Mapping[Ask, str] = {
    Ask.IS: "=",
    Ask.IS_OTHER: "!=",
    Ask.AT_LEAST: ">=",
    Ask.OVER: ">",
    Ask.AT_MOST: "<=",
    Ask.UNDER: "<",
}
_FIXED: Mapping[Ask, str] = {
    Ask.YES: "{column} = true",
    Ask.NO: "{column} = false",
    Ask.FILLED: "{column} is not null",
    Ask.EMPTY: "{column} is null",
}
_NUMERIC = (ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER)
_FIGURE = re.compile(r"-?\d{1,15}(?:[.,]\d{1,6})?", re.ASCII)


class ConditionError(ValueError):
    """A row that cannot be a filter; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One row: everything that it asks is asked of one column."""

    column: str
    ask: Ask
    values: tuple[str, ...] = ()


def text_of(one: Condition, kind: ColumnType) -> str:
    """Return a row in the language of filters.

    Raises:
        ConditionError: if the column's type is not asked so, or a value is missing or none.
    """
    if one.ask not in ASKS[kind]:
        raise ConditionError(tr("Choose what is asked of this column."))
    if one.ask in _FIXED:
        return _FIXED[one.ask].format(column=one.column)
    values = [_literal(value.strip(), kind) for value in one.values if value.strip()]
    wanted = 2 if one.ask is Ask.BETWEEN else 1
    if len(values) < wanted:
        raise ConditionError(tr("Give both bounds.") if wanted > 1 else tr("Give a value."))
    if len(values) > MOST_VALUES:
        raise ConditionError(
            tr("That are {count} values; {most} is the most.", count=len(values), most=MOST_VALUES)
        )
    return _said(one, values)


def _said(one: Condition, values: Sequence[str]) -> str:
    if one.ask in LISTS:
        word = "in" if one.ask is Ask.ONE_OF else "not in"
        return f"{one.column} {word} ({', '.join(values)})"
    if one.ask is Ask.BETWEEN:
        return f"{one.column} between {values[0]} and {values[1]}"
    if one.ask is Ask.BEGINS:
        if set("%_").intersection(values[0]):
            raise ConditionError(tr("A beginning can't have % or _ in it."))
        return f"{one.column} like {values[0][:-1]}%'"
    return f"{one.column} {_SIGNS[one.ask]} {values[0]}"


def _literal(value: str, kind: ColumnType) -> str:
    if len(value) > LONGEST_VALUE:
        raise ConditionError(tr("A value has at most {most} characters.", most=LONGEST_VALUE))
    if kind in _NUMERIC:
        if not _FIGURE.fullmatch(value):
            raise ConditionError(
                tr("'{value}' is no number. Write it like 1200 or 0.5.", value=value[:40])
            )
        return value.replace(",", ".")
    if not value.isprintable():
        raise ConditionError(tr("The value holds an invisible character; take it out."))
    return "'" + value.replace("'", "''") + "'"


def dispensable(expression: Expression) -> frozenset[str]:
    """Return the columns without which an expression still has a meaning.

    Something else stands beside them: an alternative after `or`, or what `coalesce` falls back to.
    """
    found: dict[str, bool] = {}
    for node in expression.tree.find_all(exp.Column):
        spared = node.find_ancestor(exp.Or, exp.Anonymous)
        is_spared = isinstance(spared, exp.Or) or (spared is not None and spared.name == "coalesce")
        found[node.name] = found.get(node.name, True) and is_spared
    return frozenset(name for name, spared in found.items() if spared)


def conditions_of(where: Expression | None) -> tuple[Condition, ...] | None:
    """Return a filter as rows that all have to hold; None where rows cannot say it."""
    if where is None:
        return ()
    found = [_condition(node) for node in _joined(where.tree)]
    return None if None in found else tuple(one for one in found if one is not None)


def _joined(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.And):
        yield from _joined(node.this)
        yield from _joined(node.expression)
    else:
        yield node


def _condition(node: exp.Expression) -> Condition | None:
    if isinstance(node, exp.Not):
        inner = _condition(node.this)
        turned = _TURNED.get(inner.ask) if inner else None
        return Condition(inner.column, turned, inner.values) if inner and turned else None
    if isinstance(node, exp.Column):
        return Condition(node.name, Ask.YES)
    read = _READ.get(type(node))
    subject = node.args.get("this")
    return read(subject.name, node) if read and isinstance(subject, exp.Column) else None


_TURNED = {Ask.EMPTY: Ask.FILLED, Ask.ONE_OF: Ask.NONE_OF, Ask.YES: Ask.NO}


def _compared(ask: Ask) -> Callable[[str, exp.Expression], Condition | None]:
    def read(column: str, node: exp.Expression) -> Condition | None:
        truth = node.expression
        if isinstance(truth, exp.Boolean):
            yes = bool(truth.this) is (ask is Ask.IS)
            fits = ask in (Ask.IS, Ask.IS_OTHER)
            return Condition(column, Ask.YES if yes else Ask.NO) if fits else None
        values = _values([truth])
        return Condition(column, ask, values) if values else None

    return read


def _listed(column: str, node: exp.Expression) -> Condition | None:
    values = _values(node.expressions)
    return Condition(column, Ask.ONE_OF, values) if values else None


def _between(column: str, node: exp.Expression) -> Condition | None:
    values = _values([node.args["low"], node.args["high"]])
    return Condition(column, Ask.BETWEEN, values) if values else None


def _begins(column: str, node: exp.Expression) -> Condition | None:
    text = str(node.expression.this)
    if not text.endswith("%") or set("%_").intersection(text[:-1]):
        return None
    return Condition(column, Ask.BEGINS, (text[:-1],))


def _values(nodes: Iterable[exp.Expression]) -> tuple[str, ...]:
    """Return plain values as a form shows them; nothing if one is more than a value."""
    found = []
    for node in nodes:
        negative = isinstance(node, exp.Neg)
        plain = node.this if negative else node
        if not isinstance(plain, exp.Literal):
            return ()
        found.append(f"{'-' if negative else ''}{plain.this}")
    return tuple(found)


_READ: Mapping[type[exp.Expression], Callable[[str, exp.Expression], Condition | None]] = {
    exp.EQ: _compared(Ask.IS),
    exp.NEQ: _compared(Ask.IS_OTHER),
    exp.GTE: _compared(Ask.AT_LEAST),
    exp.GT: _compared(Ask.OVER),
    exp.LTE: _compared(Ask.AT_MOST),
    exp.LT: _compared(Ask.UNDER),
    exp.In: _listed,
    exp.Between: _between,
    exp.Like: _begins,
    exp.Is: lambda column, _: Condition(column, Ask.EMPTY),
}
