"""The nodes of a checked expression: sqlglot's own, with a type and a cost in their `meta`."""

from typing import TypeVar

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.moments import day, moment
from kpi_engine.language import mark, tr

NUMERIC = (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.MONEY)
MOMENTS = (ColumnType.TIME, ColumnType.DATE)
SAID = {
    ColumnType.TEXT: mark("text"),
    ColumnType.NUMBER: mark("a number"),
    ColumnType.MONEY: mark("money"),
    ColumnType.INTEGER: mark("a whole number"),
    ColumnType.BOOLEAN: mark("true or false"),
    ColumnType.TIME: mark("a time"),
    ColumnType.DATE: mark("a date"),
    None: mark("null"),
}
"""Each type in the words of an error."""


_LEAF_COST = 40

Node = TypeVar("Node", bound=exp.Expression)


def made(node: Node, kind: ColumnType | None, *parts: exp.Expression, times: int = 1) -> Node:
    """Return `node` with its type; `times` is how often its SQL writes each of `parts`."""
    node.meta["type"] = kind
    node.meta["cost"] = _LEAF_COST + times * sum(int(part.meta["cost"]) for part in parts)
    return node


def type_of(node: exp.Expression) -> ColumnType | None:
    """Return the type of a checked node; None is that of a bare null."""
    found = node.meta["type"]
    return ColumnType(found) if found is not None else None


def said(kind: ColumnType | None) -> str:
    """Return a type in the words of an error."""
    return tr(SAID[kind])


def literal(value: str, kind: ColumnType | None) -> exp.Expression:
    """Return a literal: a number, a truth, a null, or what is written as text."""
    if kind is None:
        return made(exp.Null(), None)
    if kind is ColumnType.BOOLEAN:
        return made(exp.Boolean(this=value == "true"), kind)
    return made(exp.Literal(this=value, is_string=kind not in NUMERIC), kind)


def is_literal(node: exp.Expression) -> bool:
    """Say whether a node is a plain value (a null is none)."""
    return isinstance(node, (exp.Literal, exp.Boolean))


def align(left: exp.Expression, right: exp.Expression) -> tuple[exp.Expression, exp.Expression]:
    """Return both sides, a text beside a date or a time read as one where it can be."""
    return _read_as(left, type_of(right)), _read_as(right, type_of(left))


def _read_as(node: exp.Expression, beside: ColumnType | None) -> exp.Expression:
    if type_of(node) is not ColumnType.TEXT or not is_literal(node):
        return node
    text = str(node.this)
    if beside is ColumnType.DATE and (read := day(text)):
        return literal(read, ColumnType.DATE)
    if beside is ColumnType.TIME and (read := moment(text)):
        return literal(read, ColumnType.TIME)
    return node
