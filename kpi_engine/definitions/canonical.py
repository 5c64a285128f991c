"""One text for one meaning: how a checked expression is written, whatever its author's spacing."""

import re
from collections.abc import Callable, Mapping

from sqlglot import exp

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?", re.ASCII)

SIGNS: Mapping[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
}
_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _LEAF = range(7)
_LEVELS: Mapping[type[exp.Expression], int] = {
    exp.Or: _OR,
    exp.And: _AND,
    exp.Not: _NOT,
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _COMPARE),
    **dict.fromkeys((exp.In, exp.Between, exp.Is, exp.Like), _COMPARE),
    **dict.fromkeys((exp.Add, exp.Sub), _ADD),
    **dict.fromkeys((exp.Mul, exp.Div), _MULTIPLY),
}
_SHORT = 40


def canonical(node: exp.Expression) -> str:
    """Return the text of a checked tree, with only the brackets that it needs."""
    return _FORMS[type(node)](node)


def short(node: exp.Expression) -> str:
    """Return the text of a node for an error: in quotes, and cut where it grows long."""
    text = canonical(node)
    text = text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
    return text if text.startswith("'") else f"'{text}'"


def _name(node: exp.Expression) -> str:
    return node.name if _PLAIN.fullmatch(node.name) else f'"{node.name}"'


def _literal(node: exp.Expression) -> str:
    text = str(node.this)
    return "'" + text.replace("'", "''") + "'" if node.is_string else text


def _call(node: exp.Expression) -> str:
    return f"{node.name}({', '.join(canonical(each) for each in node.expressions)})"


def _inside(node: exp.Expression, level: int) -> str:
    """Return the text of a part, in brackets when it binds looser than `level`."""
    text = canonical(node)
    return text if _LEVELS.get(type(node), _LEAF) >= level else f"({text})"


def _negative(node: exp.Expression) -> str:
    text = _inside(node.this, _LEAF)
    return f"-({text})" if text.startswith("-") else f"-{text}"  # two minus signs make a comment


def _logic(node: exp.Expression) -> str:
    word, level = ("or", _OR) if isinstance(node, exp.Or) else ("and", _AND)
    return f"{_inside(node.this, level)} {word} {_inside(node.expression, level)}"


def _in(node: exp.Expression) -> str:
    listed = ", ".join(canonical(each) for each in node.expressions)
    return f"{_inside(node.this, _ADD)} in ({listed})"


def _between(node: exp.Expression) -> str:
    low, high = _inside(node.args["low"], _ADD), _inside(node.args["high"], _ADD)
    return f"{_inside(node.this, _ADD)} between {low} and {high}"


def _infix(node: exp.Expression) -> str:
    sign, level = SIGNS[type(node)], _LEVELS[type(node)]
    # a - (b - c) and a / (b / c) keep their brackets; a comparison never stands bare in another.
    left = _ADD if level == _COMPARE else level
    right = _ADD if level == _COMPARE else level + 1
    return f"{_inside(node.this, left)} {sign} {_inside(node.expression, right)}"


_FORMS: Mapping[type[exp.Expression], Callable[[exp.Expression], str]] = {
    exp.Column: _name,
    exp.Literal: _literal,
    exp.Boolean: lambda node: "true" if node.this else "false",
    exp.Null: lambda _: "null",
    exp.Anonymous: _call,
    exp.Neg: _negative,
    exp.Not: lambda node: f"not {_inside(node.this, _NOT)}",
    exp.Is: lambda node: f"{_inside(node.this, _ADD)} is null",
    exp.Like: lambda node: f"{_inside(node.this, _ADD)} like {_literal(node.expression)}",
    exp.In: _in,
    exp.Between: _between,
    exp.And: _logic,
    exp.Or: _logic,
    **dict.fromkeys(SIGNS, _infix),
}
