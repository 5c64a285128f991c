"""From a tree of numbered leaves to a tree with types, node by node against a list of what may be.

A node that is not named here does not pass, whatever sqlglot can read. Each node of the result
carries its type in `meta["type"]` (None for a bare null) and in `meta["cost"]` the length its SQL
may reach, because some functions write an argument several times.
"""

from collections.abc import Sequence
from typing import NoReturn

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.canonical import SIGNS, short
from kpi_engine.definitions.comparing import uncomparable
from kpi_engine.definitions.functions import call
from kpi_engine.definitions.grammar import Group, Leaf, Skeleton
from kpi_engine.definitions.nodes import (
    MOMENTS,
    NUMERIC,
    align,
    is_literal,
    literal,
    made,
    said,
    type_of,
)
from kpi_engine.definitions.tokens import MAX_DEPTH
from kpi_engine.language import tr

MAX_NODES = 500
MAX_COST = 100_000
MAX_PATTERN = 200
MAX_WILDCARDS = 3

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div)


def checked(skeleton: Skeleton) -> exp.Expression:
    """Return the typed tree of a skeleton.

    Raises:
        ExpressionError: where a node is not of the language, types do not fit, or it is too big.
    """
    return _Checker(skeleton.leaves).check(skeleton.tree, 1)


class _Checker:
    """Walks one tree; counts its nodes."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        self._nodes = 0

    def check(self, node: exp.Expression, depth: int) -> exp.Expression:
        """Return `node` typed, or refuse it."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(node, tr("The expression has more than {most} parts.", most=MAX_NODES))
        if depth > MAX_DEPTH:
            self._refuse(node, tr("The expression goes deeper than {most} steps.", most=MAX_DEPTH))
        found = self._node(node, depth)
        if found.meta["cost"] > MAX_COST:
            self._refuse(node, tr("The expression nests its functions too deep; make it simpler."))
        return found

    def _node(self, node: exp.Expression, depth: int) -> exp.Expression:
        match node:
            case exp.Column():
                return self._leaf(node, depth)
            case exp.And() | exp.Or():
                return self._logic(node, depth)
            case exp.Not():
                inner = self._boolean(self.check(node.this, depth + 1), node, "not")
                return made(exp.Not(this=inner), ColumnType.BOOLEAN, inner)
            case exp.Is() if isinstance(node.expression, exp.Null):
                inner = self.check(node.this, depth + 1)
                null = made(exp.Null(), None)
                return made(exp.Is(this=inner, expression=null), ColumnType.BOOLEAN, inner)
            case exp.In() | exp.Between() | exp.Like():
                return self._range(node, depth)
            case _:
                return self._operator(node, depth)

    def _operator(self, node: exp.Expression, depth: int) -> exp.Expression:
        if isinstance(node, _COMPARISONS):
            left, right = self._sides(node, depth)
            self._comparable(left, right, node, SIGNS[type(node)])
            return made(type(node)(this=left, expression=right), ColumnType.BOOLEAN, left, right)
        if isinstance(node, _ARITHMETIC):
            left, right = self._sides(node, depth)
            kind = self._arithmetic(left, right, node)
            return made(type(node)(this=left, expression=right), kind, left, right)
        if isinstance(node, exp.Neg):
            return self._negative(node, depth)
        return self._refuse(node, tr("This is not part of the language."))

    def _leaf(self, node: exp.Expression, depth: int) -> exp.Expression:
        leaf = self._leaves[int(node.name)]
        if isinstance(leaf, Group):
            return self._group(leaf, depth)
        if leaf.is_column:
            return made(exp.Column(this=exp.Identifier(this=leaf.value)), leaf.type)
        return literal(leaf.value, leaf.type)

    def _group(self, group: Group, depth: int) -> exp.Expression:
        parts = [self.check(tree, depth + 1) for tree in group.trees]
        return call(group.function, parts, group.token.refuse) if group.function else parts[0]

    def _sides(self, node: exp.Expression, depth: int) -> tuple[exp.Expression, exp.Expression]:
        left = self.check(node.this, depth + 1)
        right = self.check(node.expression, depth + 1)
        return align(left, right)

    def _logic(self, node: exp.Expression, depth: int) -> exp.Expression:
        """Check a chain of one connector; its tree is made even, so a long chain is not deep."""
        kind = type(node)
        word = "and" if kind is exp.And else "or"
        parts: list[exp.Expression] = []
        left = [node]
        while left:
            each = self._unwrapped(left.pop())
            if type(each) is kind:
                left += [each.expression, each.this]
            else:
                parts.append(self._boolean(self.check(each, depth + 1), each, word))
        while len(parts) > 1:
            pairs = zip(parts[::2], parts[1::2], strict=False)
            odd = parts[len(parts) - len(parts) % 2 :]
            parts = [
                made(kind(this=one, expression=two), ColumnType.BOOLEAN, one, two)
                for one, two in pairs
            ] + odd
        return parts[0]

    def _unwrapped(self, node: exp.Expression) -> exp.Expression:
        """Return what is in the brackets, when a node is nothing but brackets."""
        while isinstance(node, exp.Column):
            leaf = self._leaves[int(node.name)]
            if not isinstance(leaf, Group) or leaf.function or leaf.is_list:
                break
            node = leaf.trees[0]
        return node

    def _boolean(self, found: exp.Expression, at: exp.Expression, word: str) -> exp.Expression:
        if type_of(found) is not ColumnType.BOOLEAN:
            self._refuse(
                at,
                tr(
                    "'{word}' needs true or false, and {text} is {kind}.",
                    word=word,
                    text=short(found),
                    kind=_said(found),
                ),
            )
        return found

    def _comparable(
        self, left: exp.Expression, right: exp.Expression, node: exp.Expression, sign: str
    ) -> None:
        if why := uncomparable(left, right, sign):
            self._refuse(node, why)

    def _arithmetic(
        self, left: exp.Expression, right: exp.Expression, node: exp.Expression
    ) -> ColumnType:
        sign, types = SIGNS[type(node)], (type_of(left), type_of(right))
        for side in (left, right):
            if type_of(side) in MOMENTS and not is_literal(side):
                self._refuse(
                    node,
                    tr(
                        "'{sign}' does not go with a date or time; use date_diff or date_add.",
                        sign=sign,
                    ),
                )
            if type_of(side) not in NUMERIC:
                self._refuse(
                    node,
                    tr(
                        "'{sign}' needs numbers, and {text} is {kind}.",
                        sign=sign,
                        text=short(side),
                        kind=_said(side),
                    ),
                )
        if types == (ColumnType.MONEY, ColumnType.MONEY) and sign == "*":
            self._refuse(node, tr("Money cannot be multiplied by money."))
        if sign == "/":
            plain = types[0] is not ColumnType.MONEY or types[1] is ColumnType.MONEY
            return ColumnType.NUMBER if plain else ColumnType.MONEY
        if ColumnType.MONEY in types:
            return ColumnType.MONEY
        whole = types == (ColumnType.INTEGER, ColumnType.INTEGER)
        return ColumnType.INTEGER if whole else ColumnType.NUMBER

    def _negative(self, node: exp.Neg, depth: int) -> exp.Expression:
        inner = self.check(node.this, depth + 1)
        kind = type_of(inner)
        if kind not in NUMERIC:
            self._refuse(
                node,
                tr(
                    "'-' needs a number, and {text} is {kind}.",
                    text=short(inner),
                    kind=_said(inner),
                ),
            )
        if is_literal(inner):
            text = str(inner.this)
            minus = text.removeprefix("-") if text.startswith("-") else f"-{text}"
            return literal("0" if minus == "-0" else minus, kind)
        return made(exp.Neg(this=inner), kind, inner)

    def _range(self, node: exp.Expression, depth: int) -> exp.Expression:
        inner = self.check(node.this, depth + 1)
        match node:
            case exp.Between():
                inner, low = align(inner, self.check(node.args["low"], depth + 1))
                inner, high = align(inner, self.check(node.args["high"], depth + 1))
                for bound in (low, high):
                    self._comparable(inner, bound, node, "between")
                found: exp.Expression = exp.Between(this=inner, low=low, high=high)
                return made(found, ColumnType.BOOLEAN, inner, inner, low, high)
            case exp.In():
                values = [self._listed(inner, each, depth) for each in self._list(node)]
                found = exp.In(this=inner, expressions=values)
                return made(found, ColumnType.BOOLEAN, inner, *values)
            case _:
                pattern = self._pattern(inner, self.check(node.expression, depth + 1), node)
                found = exp.Like(this=inner, expression=pattern)
                return made(found, ColumnType.BOOLEAN, inner, pattern)

    def _list(self, node: exp.In) -> tuple[exp.Expression, ...]:
        leaf = self._leaves[int(node.args["field"].name)]
        return leaf.trees if isinstance(leaf, Group) else ()

    def _listed(self, inner: exp.Expression, node: exp.Expression, depth: int) -> exp.Expression:
        # The values of a list are not counted as parts: the list has its own limit.
        self._nodes -= 1
        value = self.check(node, depth + 1)
        if not is_literal(value):
            self._refuse(
                node, tr("A list holds plain values, and {text} is not one.", text=short(value))
            )
        value = align(inner, value)[1]
        self._comparable(inner, value, node, "=")
        return value

    def _pattern(
        self, inner: exp.Expression, pattern: exp.Expression, node: exp.Expression
    ) -> exp.Expression:
        if type_of(inner) is not ColumnType.TEXT:
            self._refuse(
                node,
                tr(
                    "'like' needs text, and {text} is {kind}.", text=short(inner), kind=_said(inner)
                ),
            )
        if not (is_literal(pattern) and type_of(pattern) is ColumnType.TEXT):
            self._refuse(node, tr("After 'like' comes a text in quotes, as in 'Acme%'."))
        text = str(pattern.this)
        if text[:1] in ("%", "_"):
            self._refuse(
                node,
                tr(
                    "The text after 'like' begins with '{sign}'; begin with a letter.", sign=text[0]
                ),
            )
        if len(text) > MAX_PATTERN or text.count("%") > MAX_WILDCARDS:
            self._refuse(
                node,
                tr(
                    "The text after 'like' has at most {letters} letters and {signs} '%'.",
                    letters=MAX_PATTERN,
                    signs=MAX_WILDCARDS,
                ),
            )
        return pattern

    def _refuse(self, node: exp.Expression, sentence: str) -> NoReturn:
        """Point at the first word below `node`."""
        below = (int(column.name) for column in node.find_all(exp.Column))
        # Every tree that passed the order check has a leaf; leaves are numbered from the left.
        self._leaves[min(below, default=0)].token.refuse(sentence)


def _said(node: exp.Expression) -> str:
    return said(type_of(node))
