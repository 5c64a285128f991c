"""Formulas that only multiply and divide their parts: which part does which."""

from collections.abc import Mapping

from sqlglot import exp

from kpi_engine.definitions.kinds import Formula


def signs_of(formula: Formula) -> Mapping[str, int] | None:
    """Return for each part whether it multiplies (1) or divides (-1); None of any other formula.

    A formula with a number in it, or that names a part twice, is another one too.
    """
    found = _signs(formula.text.tree, 1)
    if found is None or set(found) != {name for name, _ in formula.of}:
        return None
    return found


def _signs(tree: exp.Expression, sign: int) -> dict[str, int] | None:
    if isinstance(tree, exp.Paren):
        return _signs(tree.this, sign)
    if isinstance(tree, exp.Column):
        return {tree.name: sign}
    if not isinstance(tree, exp.Mul | exp.Div):
        return None
    left = _signs(tree.this, sign)
    right = _signs(tree.expression, -sign if isinstance(tree, exp.Div) else sign)
    if left is None or right is None or set(left) & set(right):
        return None
    return left | right
