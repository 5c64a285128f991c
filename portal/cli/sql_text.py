"""Statements as people read them: the same words, with a line a clause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import Token, TokenType, tokenize
from sqlglot.errors import SqlglotError

from kpi_engine.questions import Question

_CLAUSES = {
    TokenType.SELECT,
    TokenType.FROM,
    TokenType.WHERE,
    TokenType.GROUP_BY,
    TokenType.HAVING,
    TokenType.ORDER_BY,
    TokenType.UNION,
    TokenType.LIMIT,
}
_JOINS = {TokenType.LEFT, TokenType.JOIN, TokenType.CROSS, TokenType.INNER}
_BLOCKS = {TokenType.SELECT, TokenType.WITH}
"""What a bracket begins with that is laid out in lines of its own."""
_STEP = "  "


def heading(question: Question, tenant: str, version: int) -> str:
    """Return the comment that tells what statements belong to."""
    by = ", ".join(name.value for split in question.splits for name in split)
    grains = ", ".join(grain.value for grain in question.grains)
    split = f", by {by}" if by else ""
    return (
        f"-- {', '.join(question.kpis)}; {grains}, {question.start} to {question.end}{split};"
        f" {tenant}, version {version}"
    )


def laid_out(sql: str, dialect: str) -> str:
    """Return a statement with its clauses on lines of their own.

    Only blanks between words become line breaks: what runs is what was compiled.
    """
    try:
        tokens = tokenize(sql, read=dialect)
    except SqlglotError:
        return sql
    return _Layout(sql, tokens).text()


@dataclass(slots=True)
class _Layout:
    """Goes through the words of a statement once."""

    sql: str
    tokens: Sequence[Token]
    _open: list[bool] = field(default_factory=list)
    """For each bracket that is open, whether it holds lines of its own."""
    _cases: int = 0

    def text(self) -> str:
        """Return the statement in lines."""
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        for place, token in enumerate(self.tokens):
            before = self.tokens[place - 1] if place else None
            closes = token.token_type is TokenType.R_PAREN and bool(self._open)
            block = self._open.pop() if closes else False
            if before is not None:
                yield self._break() if block or self._breaks(before, token) else self._gap(place)
            yield self.sql[token.start : token.end + 1]
            self._enter(place, token)

    def _enter(self, place: int, token: Token) -> None:
        if token.token_type is TokenType.L_PAREN:
            following = self.tokens[place + 1 : place + 2]
            self._open.append(bool(following) and following[0].token_type in _BLOCKS)
        elif token.token_type is TokenType.CASE:
            self._cases += 1
        elif token.token_type is TokenType.END:
            self._cases -= 1

    def _breaks(self, before: Token, token: Token) -> bool:
        """Whether a line begins with the token, or ends before what follows it."""
        if before.token_type is TokenType.L_PAREN and self._open and self._open[-1]:
            return True
        if self._cases or (self._open and not self._open[-1]):
            return False
        if token.token_type in _JOINS:
            return before.token_type not in _JOINS
        return token.token_type in _CLAUSES or before.token_type is TokenType.UNION

    def _break(self) -> str:
        return "\n" + _STEP * sum(self._open)

    def _gap(self, place: int) -> str:
        """The blank between a word and the one before, if there is any."""
        return " " if self.tokens[place].start > self.tokens[place - 1].end + 1 else ""
