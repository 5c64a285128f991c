"""From words to a tree, by sqlglot.

sqlglot never sees what a person wrote: every column, value, call and bracket is handed to it as a
numbered name, one bracket at a time, so it only decides which sign binds which values and never
has to descend. What it hands back is checked node by node in `typed.py`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.order import check_order
from kpi_engine.definitions.problems import ExpressionError
from kpi_engine.definitions.tokens import Kind, Token, tokenise
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr

_DIALECT = Dialect.get_or_raise(None)


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of an expression may mean."""

    columns: Mapping[str, ColumnType]
    settings: Mapping[str, object]
    called: str = "column"
    """What a name is called in an error."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A column (`type` is its type) or a literal (`type` from its form; None for a null)."""

    token: Token
    value: str
    type: ColumnType | None
    is_column: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in brackets: of a call with the function's name, of a list with none."""

    token: Token
    trees: tuple[exp.Expression, ...]
    function: str = ""
    is_list: bool = False


Leaf = Atom | Group


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A tree whose columns are called by the numbers of `leaves`."""

    tree: exp.Expression
    leaves: tuple[Leaf, ...]


def read(text: str, names: Names) -> Skeleton:
    """Return the tree of `text` with every name resolved.

    Raises:
        ExpressionError: with the word and its place, and the nearest name for an unknown one.
    """
    tokens = tokenise(text)
    try:
        check_order(tokens)
    except ExpressionError as error:
        _check_names(tokens, names, (error.line, error.column))
        raise
    reader = _Reader(tokens, names)
    return Skeleton(reader.tree(), tuple(reader.leaves))


def _check_names(tokens: Sequence[Token], names: Names, before: tuple[int, int]) -> None:
    """Refuse an unknown name that stands before a place: it is what went wrong first."""
    for token, after in pairwise(tokens):
        named = token.kind in (Kind.NAME, Kind.QUOTED) and not after.is_sign("(")
        if named and (token.line, token.column) < before:
            _atoms(token, names)


class _Reader:
    """Reads words from the left; brackets are closed, since the order was checked."""

    def __init__(self, tokens: Sequence[Token], names: Names) -> None:
        self._tokens = tokens
        self._names = names
        self._at = 0
        self.leaves: list[Leaf] = []

    def tree(self) -> exp.Expression:
        """Return the tree up to the end of the text, of the bracket or before a comma."""
        start = self._tokens[self._at]
        words: list[str] = []
        while not (self._here.kind is Kind.END or self._here.is_sign(")", ",")):
            words.append(self._word())
        try:
            found = _DIALECT.parse(" ".join(words))[0]
        except SqlglotError:
            found = None
        if not isinstance(found, exp.Expression):
            start.refuse(tr("This cannot be read; its signs do not fit together."))
        return found

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _word(self) -> str:
        """Step over a word, a call or a bracket, and return what sqlglot is to read for it."""
        token = self._here
        self._at += 1
        if token.is_sign("("):
            return self._leaf(Group(token, self._bracket(token)))
        if token.kind is Kind.NAME and self._here.is_sign("("):
            self._at += 1
            trees = self._trees()
            return self._leaf(Group(token, trees, function=token.value.lower()))
        if token.is_sign("in"):
            return f"in {self._list()}"
        if token.kind is Kind.SIGN or token.is_sign("and", "or", "not", "between", "like"):
            return token.value
        if token.is_sign("is"):
            return self._is_null()
        found = _atoms(token, self._names)
        if len(found) > 1:
            token.refuse(tr("{word} is a list; it stands only after 'in'.", word=token.named))
        return self._leaf(found[0])

    def _leaf(self, leaf: Leaf) -> str:
        self.leaves.append(leaf)
        return f'"{len(self.leaves) - 1}"'

    def _is_null(self) -> str:
        """Step over `null` or `not null`, which the order check saw after `is`."""
        negated = self._here.is_sign("not")
        self._at += 2 if negated else 1
        return "is not null" if negated else "is null"

    def _bracket(self, token: Token) -> tuple[exp.Expression, ...]:
        trees = self._trees()
        if len(trees) > 1:
            token.refuse(tr("A list stands only after 'in'."))
        return trees

    def _trees(self) -> tuple[exp.Expression, ...]:
        """Return the trees between the commas of a bracket that is open, and step out of it."""
        trees = [self.tree()]
        while self._here.is_sign(","):
            self._at += 1
            trees.append(self.tree())
        self._at += 1
        return tuple(trees)

    def _list(self) -> str:
        """Return the list after `in`: a bracket, or a setting that holds one or more values."""
        token = self._here
        self._at += 1
        if token.is_sign("("):
            return self._leaf(Group(token, self._trees(), is_list=True))
        numbers = [self._leaf(atom) for atom in _atoms(token, self._names)]
        trees = tuple(exp.column(number.strip('"')) for number in numbers)
        return self._leaf(Group(token, trees, is_list=True))


def _atoms(token: Token, names: Names) -> list[Atom]:
    """Return what one word stands for: more than one for a setting that is a list."""
    match token.kind:
        case Kind.NUMBER:
            kind = ColumnType.NUMBER if "." in token.value else ColumnType.INTEGER
            return [Atom(token, token.value, kind)]
        case Kind.TEXT:
            return [Atom(token, token.value, ColumnType.TEXT)]
        case Kind.KEYWORD:
            return [Atom(token, token.value, None if token.value == "null" else ColumnType.BOOLEAN)]
        case _ if token.kind is Kind.NAME and token.value.startswith("setting."):
            return _setting(token, names.settings)
        case _:
            return [_column(token, names.columns, names.called)]


def _column(token: Token, columns: Mapping[str, ColumnType], called: str) -> Atom:
    if token.value in columns:
        return Atom(token, token.value, columns[token.value], is_column=True)
    if token.kind is Kind.QUOTED:
        token.refuse(
            tr(
                "There is no {what} called {word}; text stands in single quotes.{hint}",
                what=tr(called),
                word=token.named,
                hint=did_you_mean(token.value, columns),
            )
        )
    if token.value.count(".") > 1:
        token.refuse(tr("{word} goes over two references; one is the most.", word=token.named))
    hop, dot, column = token.value.partition(".")
    behind = [name.partition(".")[2] for name in columns if name.startswith(f"{hop}.")]
    if dot and behind:
        token.refuse(
            tr(
                "'{entity}' has no column '{column}'.{hint}",
                entity=hop[:64],
                column=column[:64],
                hint=did_you_mean(column, behind),
            )
        )
    hint = did_you_mean(token.value, columns)
    return token.refuse(
        tr("There is no {what} called {word}.{hint}", what=tr(called), word=token.named, hint=hint)
    )


def _setting(token: Token, settings: Mapping[str, object]) -> list[Atom]:
    name = token.value.removeprefix("setting.")
    if name not in settings:
        token.refuse(
            tr(
                "There is no setting called '{name}'.{hint}",
                name=name[:64],
                hint=did_you_mean(name, settings),
            )
        )
    value = settings[name]
    values = value if isinstance(value, (list, tuple)) else [value]
    if not values:
        token.refuse(
            tr("The setting '{name}' is empty, so nothing can be compared with it.", name=name)
        )
    return [_setting_atom(token, name, each) for each in values]


def _setting_atom(token: Token, name: str, value: object) -> Atom:
    if isinstance(value, bool):
        return Atom(token, str(value).lower(), ColumnType.BOOLEAN)
    if isinstance(value, (int, float)) and math.isfinite(value):
        plain = tokenise(f"{abs(value):.15g}")[0]
        kind = ColumnType.NUMBER if "." in plain.value else ColumnType.INTEGER
        return Atom(token, f"-{plain.value}" if value < 0 else plain.value, kind)
    if isinstance(value, str):
        return Atom(token, value, ColumnType.TEXT)
    return token.refuse(
        tr("The setting '{name}' is not a number, a text or a list of these.", name=name)
    )
