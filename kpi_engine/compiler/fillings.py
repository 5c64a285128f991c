"""With what an empty cell could be filled in, as far as some filters can tell values apart.

A filter that compares a column with `won` and `lost` knows three values: these two, and any other.
Trying one of each is trying all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from sqlglot import exp

from kpi_engine.crm.derived import columns_of
from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.definitions.expressions import Expression

_MOST = 32
"""So many ways of filling one record in are tried; of filters with more of them nothing is told."""
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_JOINED = (exp.And, exp.Not, exp.Paren)
_NUMBERS = {ColumnType.NUMBER, ColumnType.MONEY}
STATUS = ("opportunity", "status")
"""Follows from the stage: it is not known where the stage has no meaning."""
Rightly = Callable[[str, str], bool]
"""Says of an entity and its column whether it is rightly empty until something happens."""


def fillings(
    entity: str, wheres: Iterable[Expression], rightly: Rightly
) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """Return the columns whose absence leaves filters open, each with its values, as SQL.

    None where the filters say more than comparisons of columns with values that all have to hold:
    what else could be there is then not known.
    """
    told: dict[str, list[exp.Expression]] = {}
    for where in wheres:
        for column, literals in _atoms(where.tree):
            if column is None:
                return None
            told.setdefault(column, []).extend(literals)
    found = []
    ways = 1
    for column, literals in sorted(told.items()):
        if not literals or rightly(entity, column):
            continue
        values = _values(_type(entity, column), literals)
        if values is None:
            return None
        ways *= len(values)
        found.append((column, values))
    return tuple(found) if ways <= _MOST else None


def _atoms(node: exp.Expression) -> Iterator[tuple[str | None, list[exp.Expression]]]:
    """Yield each comparison of a filter: its column, and what it is compared with.

    A column that is only asked whether it is there, or that something stands in for, has nothing:
    its absence says something. None in the place of the column: the comparison is not understood.
    """
    if isinstance(node, _JOINED):
        for inner in (node.this, node.args.get("expression")):
            if inner is not None:
                yield from _atoms(inner)
        return
    subject = node.this
    if isinstance(node, exp.Column):
        yield node.name, [exp.true()]
    elif isinstance(subject, exp.Anonymous) and subject.name == "coalesce":
        first, *others = subject.expressions
        known = isinstance(first, exp.Column) and all(map(_is_literal, others))
        yield (first.name if known else None), []
    elif isinstance(subject, exp.Column):
        literals = _literals(node)
        yield (subject.name if literals is not None else None), literals or []
    else:
        yield None, []


def _literals(node: exp.Expression) -> list[exp.Expression] | None:
    """Return what a column is compared with; None where the comparison is not understood."""
    if isinstance(node, exp.Is):
        return []
    if isinstance(node, exp.In):
        found = list(node.expressions)
        return found if found and all(map(_is_literal, found)) else None
    if not isinstance(node, _COMPARED) or not _is_literal(node.expression):
        return None
    ranks = not isinstance(node, exp.EQ | exp.NEQ)
    # The values between two words are not to be told.
    return None if ranks and node.expression.is_string else [node.expression]


def _type(entity: str, column: str) -> ColumnType | None:
    """Return the type of a column that can be filled in; None for one that follows from others."""
    own = ENTITIES[entity].column(column) if entity in ENTITIES else None
    if own is None and (entity, column) != STATUS:
        return None
    return columns_of(entity)[column]


def _is_literal(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal | exp.Boolean)


def _values(kind: ColumnType | None, literals: Sequence[exp.Expression]) -> tuple[str, ...] | None:
    """Return one value, as SQL, of each group of values that the literals tell apart."""
    if kind is ColumnType.BOOLEAN:
        return "TRUE", "FALSE"
    if kind is ColumnType.TEXT:
        texts = sorted({str(one.this) for one in literals})
        other = "another"
        while other in texts:
            other += "!"
        return tuple("'" + text.replace("'", "''") + "'" for text in (*texts, other))
    if kind is ColumnType.INTEGER or kind in _NUMBERS:
        marks = sorted({float(str(one.this)) for one in literals})
        if kind is ColumnType.INTEGER:
            if not all(one.is_integer() for one in marks):
                return None
            near = sorted({int(one) + by for one in marks for by in (-1, 0, 1)})
            return tuple(map(str, near))
        between = [(low + high) / 2 for low, high in pairwise(marks)]
        found = sorted({marks[0] - 1, *marks, *between, marks[-1] + 1})
        return tuple(f"CAST({one!r} AS DOUBLE)" for one in found)
    return None
