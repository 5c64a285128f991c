"""The language of filters, values and formulas: what a person may write over an entity's columns.

A text is scanned (`tokens.py`), its order checked (`order.py`), its names resolved and its tree
read by sqlglot (`grammar.py`), every node checked against a list and typed (`typed.py`). Only then
is there an `Expression`, and only from its tree is SQL ever written (`sql_text.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.canonical import canonical
from kpi_engine.definitions.grammar import Names, read
from kpi_engine.definitions.nodes import NUMERIC, made, said, type_of
from kpi_engine.definitions.problems import ExpressionError
from kpi_engine.definitions.sql_text import write
from kpi_engine.definitions.tokens import KEYWORDS
from kpi_engine.definitions.typed import checked
from kpi_engine.language import mark, tr

__all__ = ["Expression", "ExpressionError", "column", "parse"]

_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. Two with the same text over columns of the same types are equal."""

    text: str
    """In one plain form, with the settings' values in place of their names."""
    type: ColumnType
    columns: tuple[str, ...]
    """The names used, sorted: `account.industry`, `status`."""
    tree: exp.Expression = field(compare=False, hash=False, repr=False)
    """Checked nodes, each with its type in `meta["type"]`. Not to be changed."""

    def sql(self, resolve: Callable[[str], str], dialect: str = "duckdb", zone: str = "UTC") -> str:
        """Return SQL of the same meaning on each engine.

        Args:
            resolve: From a column's name to its SQL: one quoted name or an expression in brackets,
                of the column's type (times naive UTC, money decimal or double).
            dialect: `duckdb` or `spark`.
            zone: The tenant's time zone: where the days of a time begin, and what a date or a time
                written without an offset means.
        """
        return write(self.tree, resolve, dialect, zone)


def parse(
    text: str,
    columns: Mapping[str, ColumnType],
    *,
    settings: Mapping[str, object] | None = None,
    wants: ColumnType | None = None,
    called: str = mark("column"),
) -> Expression:
    """Return the expression in `text` over `columns`.

    Args:
        text: What its author wrote.
        columns: The names that may be used, with their types.
        settings: The tenant's settings by name, for `setting.NAME`.
        wants: The type it must have; any number will do where a number is wanted.
        called: What a name is called in an error.

    Raises:
        ExpressionError: one sentence with the word, its place and the nearest valid name.
    """
    tree = _bare(text, columns) or _tree(text, Names(columns, settings or _NOTHING, called))
    kind = type_of(tree)
    if kind is None:
        raise ExpressionError(tr("The expression is only 'null'; write one that can have a value."))
    if wants and kind is not wants and not (kind in NUMERIC and wants in NUMERIC):
        raise ExpressionError(
            tr("Here {wanted} is wanted, and this is {kind}.", wanted=said(wants), kind=said(kind))
        )
    names = {node.name for node in tree.find_all(exp.Column)}
    return Expression(canonical(tree), kind, tuple(sorted(names)), tree)


def _tree(text: str, names: Names) -> exp.Expression:
    try:
        return checked(read(text, names))
    except RecursionError:  # the limits keep it away, unless the caller is deep already
        raise ExpressionError(tr("The expression is too deep; make it simpler.")) from None


def column(name: str, columns: Mapping[str, ColumnType]) -> Expression:
    """Return the expression that is just a column."""
    return parse(name, columns)


def _bare(text: str, columns: Mapping[str, ColumnType]) -> exp.Expression | None:
    """Return the tree of a text that is one plain column, which most are; else None."""
    kind = columns.get(text)
    if kind is None or not text.isidentifier() or not text.isascii() or text.lower() in KEYWORDS:
        return None
    return made(exp.Column(this=exp.Identifier(this=text)), kind)
