"""Which type a file's column must have, told by where an expression uses it.

A file's columns are text. `date_add('minute', first_response_minutes, submitted_at)` says that one
is a number and the other a time; a comparison with a number says number. What nothing tells stays
text, and a column that feeds a typed field has that field's type.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.tokens import Kind, Token, tokenise

_ARITHMETIC = ("+", "-", "*", "/")
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "between", "in", "like")
_LOGIC = ("and", "or", "not")
_ARGUMENTS: Mapping[tuple[str, int], ColumnType] = {
    ("date_add", 1): ColumnType.NUMBER,
    ("date_add", 2): ColumnType.TIME,
    ("date_diff", 1): ColumnType.TIME,
    ("date_diff", 2): ColumnType.TIME,
    ("abs", 0): ColumnType.NUMBER,
    ("round", 0): ColumnType.NUMBER,
    ("lower", 0): ColumnType.TEXT,
}
_RESULTS: Mapping[str, ColumnType] = {
    "date_add": ColumnType.TIME,
    "date_diff": ColumnType.NUMBER,
    "abs": ColumnType.NUMBER,
    "round": ColumnType.NUMBER,
    "lower": ColumnType.TEXT,
}


def infer(
    text: str, columns: Iterable[str], known: Mapping[str, ColumnType], wants: ColumnType | None
) -> dict[str, ColumnType]:
    """Return a type for each of a file's columns: text where the expression asks for no other.

    Args:
        text: The expression.
        columns: The file's columns.
        known: Types of columns that feed typed fields.
        wants: The type of the whole expression.

    Raises:
        ExpressionError: if it cannot be cut into words.
    """
    names = frozenset(columns)
    places = _Places(tokenise(text)[:-1], names, known, wants)
    found: dict[str, ColumnType] = {name: known[name] for name in names if name in known}
    for at in range(len(places.tokens)):
        name = places.column_at(at)
        if name is not None and name not in found:
            told = places.expected(at, at)
            if told is not None:
                found[name] = told
    return {name: found.get(name, ColumnType.TEXT) for name in names}


@dataclass(frozen=True, slots=True)
class _Places:
    """The words of an expression, and what each place asks for."""

    tokens: Sequence[Token]
    names: frozenset[str]
    known: Mapping[str, ColumnType]
    wants: ColumnType | None

    def column_at(self, at: int) -> str | None:
        """Return the column that the word is, or None."""
        token = self.tokens[at]
        is_name = token.kind in (Kind.NAME, Kind.QUOTED) and token.value in self.names
        return token.value if is_name and not self._is_sign(at + 1, "(") else None

    def expected(self, start: int, end: int) -> ColumnType | None:
        """Return the type that the place of an operand, from word to word, asks for."""
        while self._is_sign(start - 1, "(") and self._is_sign(end + 1, ")"):
            if self._is_call(start - 2):
                break
            start, end = start - 1, end + 1
        if self._is_sign(start - 1, *_ARITHMETIC) or self._is_sign(end + 1, *_ARITHMETIC):
            return ColumnType.NUMBER
        beside = self._compared(start, end)
        if beside is not None:
            return beside
        if self._is_sign(start - 1, "(", ",") and self._is_sign(end + 1, ")", ","):
            return self._argument(start)
        if start == 0 and end == len(self.tokens) - 1:
            return self.wants
        logical = self._is_sign(start - 1, *_LOGIC) or self._is_sign(end + 1, *_LOGIC)
        return ColumnType.BOOLEAN if logical and not self._is_sign(end + 1, "is") else None

    def _compared(self, start: int, end: int) -> ColumnType | None:
        """Return the type of what an operand is compared with."""
        after = end + 1 + self._is_sign(end + 1, "not")
        if self._is_sign(after, *_COMPARISONS):
            return self._own(after + 1 + self._is_sign(after + 1, "("))
        if self._is_sign(start - 1, *_COMPARISONS) and start > 1:
            return self._own(self._begin(start - 2))
        return None

    def _begin(self, end: int) -> int:
        """Return where the operand that ends with word `end` begins."""
        if not self._is_sign(end, ")"):
            return end
        depth, at = 1, end
        while depth and at > 0:
            at -= 1
            depth += self._is_sign(at, ")") - self._is_sign(at, "(")
        return at - 1 if self._is_call(at - 1) else at + 1

    def _own(self, at: int) -> ColumnType | None:
        """Return the type that the operand beginning with word `at` has by itself."""
        if not 0 <= at < len(self.tokens):
            return None
        token = self.tokens[at]
        if self._is_sign(at, "-") or token.kind is Kind.NUMBER:
            return ColumnType.NUMBER
        if token.kind is Kind.TEXT:
            return ColumnType.TEXT
        if token.is_sign("true", "false"):
            return ColumnType.BOOLEAN
        return (
            _RESULTS.get(token.value.lower()) if self._is_call(at) else self.known.get(token.value)
        )

    def _argument(self, start: int) -> ColumnType | None:
        """Return the type of the call's argument that begins with word `start`."""
        place, depth, at = 0, 0, start - 1
        while at >= 0 and not (depth == 0 and self._is_sign(at, "(")):
            depth += self._is_sign(at, ")") - self._is_sign(at, "(")
            place += depth == 0 and self._is_sign(at, ",")
            at -= 1
        if not self._is_call(at - 1):
            return None
        name = self.tokens[at - 1].value.lower()
        if name != "coalesce":
            return _ARGUMENTS.get((name, place))
        return self._beside(at, start) or self.expected(at - 1, self._close(at))

    def _beside(self, opening: int, start: int) -> ColumnType | None:
        """Return the type of another argument of the call whose bracket is at `opening`."""
        close = self._close(opening)
        others = [at + 1 for at in range(opening, close) if self._is_sign(at, "(", ",")]
        types = (self._own(at) for at in others if at != start)
        return next((kind for kind in types if kind is not None), None)

    def _close(self, opening: int) -> int:
        depth, at = 1, opening
        while depth and at < len(self.tokens) - 1:
            at += 1
            depth += self._is_sign(at, "(") - self._is_sign(at, ")")
        return at

    def _is_call(self, at: int) -> bool:
        return (
            0 <= at < len(self.tokens)
            and self.tokens[at].kind is Kind.NAME
            and self._is_sign(at + 1, "(")
        )

    def _is_sign(self, at: int, *signs: str) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].is_sign(*signs)
