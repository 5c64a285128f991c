"""Which KPIs look forward: they count what is open and due in a period, as pipeline coverage does.

While a period runs that is what may still come of it. Of a period that is over nothing is still to
come: what is left are deals whose close date passed, and no number of the period.
"""

from sqlglot import exp

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Aggregate, KpiRef, Part, Ratio

_PLANNED = ("expected_close_on",)
"""The column that places a deal by the day it is hoped for."""
_STATUS, _OPEN = "status", "open"


def looks_forward(part: Part, catalogue: Catalogue) -> bool:
    """Say whether a measure counts open records by the day they are expected to close.

    Of a ratio it is the upper part that decides. What adds such records to others, as won and
    expected together, still tells something of a period that is over.
    """
    match part:
        case KpiRef():
            return looks_forward(catalogue[part.key].measure, catalogue)
        case Ratio():
            return looks_forward(part.over, catalogue)
        case Aggregate():
            planned = part.on is not None and part.on.columns == _PLANNED
            return planned and part.where is not None and _only_open(part.where)
        case _:
            return False


def _only_open(where: Expression) -> bool:
    """Say whether a filter lets nothing through but what is open."""
    return any(_is_open(one) for one in _all_of(where.tree))


def _all_of(node: exp.Expr) -> list[exp.Expr]:
    """Return what must hold together: the sides of each `and`, out of their brackets."""
    node = node.unnest()
    if isinstance(node, exp.And):
        return [*_all_of(node.left), *_all_of(node.right)]
    return [node]


def _is_open(node: exp.Expr) -> bool:
    if not isinstance(node, exp.EQ):
        return False
    sides = (node.left.unnest(), node.right.unnest())
    named = any(isinstance(one, exp.Column) and one.name == _STATUS for one in sides)
    return named and any(isinstance(one, exp.Literal) and one.this == _OPEN for one in sides)
