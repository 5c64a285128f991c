"""Formulas over grids: the same small language as filters, computed on numbers."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from sqlglot import exp

from kpi_engine.engine.reads import Grid

Mask = npt.NDArray[np.bool_]
_OPERATORS: Mapping[type[exp.Expression], Callable[[Grid, Grid], Grid]] = {
    exp.Add: np.add,
    exp.Sub: np.subtract,
    exp.Mul: np.multiply,
}


def compute(  # noqa: C901  (a branch a node)
    tree: exp.Expression, values: Mapping[str, Grid], shape: tuple[int, int]
) -> tuple[Grid, Mask]:
    """Return the value of a formula, and where it divided by zero (NaN there).

    Raises:
        KeyError: if the formula names a part that is not in `values`.
        TypeError: if a node is not arithmetic; definitions are checked before, so never for one.
    """
    by_zero = np.zeros(shape, bool)

    def walk(node: exp.Expression) -> Grid:
        if isinstance(node, exp.Paren):
            return walk(node.this)
        if isinstance(node, exp.Column):
            return values[node.name]
        if isinstance(node, exp.Literal):
            return np.full(shape, float(node.this))
        if isinstance(node, exp.Neg):
            return -walk(node.this)
        if isinstance(node, exp.Div):
            return divide(walk(node.this), walk(node.expression))
        return call(node)

    def divide(over: Grid, under: Grid) -> Grid:
        np.logical_or(by_zero, under == 0, out=by_zero)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(under == 0, np.nan, over / under)

    def call(node: exp.Expression) -> Grid:
        operator = _OPERATORS.get(type(node))
        if operator is not None:
            with np.errstate(over="ignore", invalid="ignore"):
                return operator(walk(node.this), walk(node.expression))
        if not isinstance(node, exp.Anonymous):
            raise TypeError(type(node))
        value, *rest = node.expressions
        if node.name == "abs":
            return np.abs(walk(value))
        if node.name == "round":
            return _round(walk(value), int(rest[0].this) if rest else 0)
        # An absent part has made the whole absent before: the first one is always there.
        return walk(value)

    return walk(tree), by_zero


def _round(value: Grid, places: int) -> Grid:
    """Round half away from zero, as SQL does."""
    scale = 10.0**places
    return np.sign(value) * np.floor(np.abs(value) * scale + 0.5) / scale
