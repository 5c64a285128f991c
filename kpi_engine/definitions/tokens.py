"""From the text of an expression to its words, each with its place.

Everything that is not a word of the language stops here, before any parser sees it. One pass of a
linear scanner: hostile text costs no more than its length, and that is bounded.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn

from kpi_engine.definitions.problems import ExpressionError
from kpi_engine.language import mark, tr

MAX_LENGTH = 4_000
MAX_DEPTH = 50
MAX_TOKENS = 1_500
MAX_DIGITS = 15

MAX_LIST = 500
_LONG = 64

FUNCTIONS = ("abs", "coalesce", "date_add", "date_diff", "lower", "round")
KEYWORDS = frozenset({"and", "or", "not", "in", "between", "is", "like", "true", "false", "null"})


class Kind(StrEnum):
    """What a word of an expression is."""

    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    QUOTED = "quoted"
    """A name in double quotes: a file's column whose name is not one plain word."""
    KEYWORD = "keyword"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `value` as the language means it, `shown` as the author wrote it."""

    kind: Kind
    value: str
    shown: str
    line: int
    column: int

    def refuse(self, sentence: str) -> NoReturn:
        """Raise the error that points at this word."""
        raise ExpressionError(sentence, self.line, self.column)

    @property
    def named(self) -> str:
        """The word as an error names it: in quotes, and cut where it is long."""
        text = self.shown if len(self.shown) <= _LONG else f"{self.shown[:_LONG]}…"
        return text if self.kind in (Kind.TEXT, Kind.QUOTED) else f"'{text}'"

    def is_sign(self, *signs: str) -> bool:
        """Say whether this is one of these signs or keywords."""
        return self.kind in (Kind.SIGN, Kind.KEYWORD) and self.value in signs


_SCAN = re.compile(
    r"""
      (?P<blank>[ \t\n]+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_.]))
    | (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"[^"]*")
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<sign><=|>=|<>|!=|=(?!=)|\*(?!\*)|[-+/(),<>])
    """,
    re.VERBOSE,
)
_INSTEAD = {
    "==": mark("Write '=' to compare."),
    "&&": mark("Write 'and'."),
    "||": mark("Write 'or'; texts cannot be joined."),
    "**": mark("There are no powers here."),
    "--": mark("There are no comments here; write 'a - (-b)' for a minus before a minus."),
    "/*": mark("There are no comments here."),
    "::": mark("There are no casts here."),
    "->": mark("There are no arrows here."),
}
_INSTEAD_ONE = {
    "!": mark("Write 'not', or '!=' for different."),
    ";": mark("One expression is all there is; nothing comes after it."),
    "%": mark("There is no remainder here; per cent stands only in the text after 'like'."),
    "^": mark("There are no powers here."),
    ".": mark("A dot stands only between a reference and its column, as account.industry."),
    "[": mark("A list stands in round brackets."),
    "`": mark("Write names without quotes and text in straight single quotes."),
    "@": mark("There are no variables here; a tenant's setting is setting.NAME."),
    "$": mark("There are no variables here; a tenant's setting is setting.NAME."),
    "?": mark("There are no variables here; a tenant's setting is setting.NAME."),
    ":": mark("There are no variables here; a tenant's setting is setting.NAME."),
}


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words of `text` and an END after them.

    Raises:
        ExpressionError: for text that is empty, too long or too deep, or has a sign or a letter
            that the language does not know.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            tr(
                "The expression has {count:,} characters; {most:,} is the most.",
                count=len(text),
                most=MAX_LENGTH,
            )
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _SCAN.match(text, at)
        if match is None or text.startswith(("--", "/*"), at):
            _refuse_sign(text, at)
        if match.lastgroup != "blank":
            found.append(_token(str(match.lastgroup), match.group(), *_place(text, at)))
        at = match.end()
    if not found:
        raise ExpressionError(tr("The expression is empty; write one such as status = 'won'."))
    end = Token(Kind.END, "", "", *_place(text, len(text.rstrip())))
    _check_size(found)
    return (*found, end)


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _token(group: str, shown: str, line: int, column: int) -> Token:
    match group:
        case "number":
            return _number(shown, line, column)
        case "text":
            return _text(shown, line, column)
        case "quoted":
            return Token(Kind.QUOTED, shown[1:-1], shown, line, column)
        case "name" if shown.lower() in KEYWORDS:
            return Token(Kind.KEYWORD, shown.lower(), shown, line, column)
        case "name":
            return Token(Kind.NAME, shown, shown, line, column)
        case _:
            return Token(Kind.SIGN, "!=" if shown == "<>" else shown, shown, line, column)


def _number(shown: str, line: int, column: int) -> Token:
    """Return a number in its one plain form: no exponent, no idle zeros."""
    token = Token(Kind.NUMBER, shown, shown, line, column)
    if len(shown) > MAX_DIGITS * 2 or len(shown.partition("e")[2] or shown.partition("E")[2]) > 3:  # noqa: PLR2004  a sign and two digits
        token.refuse(tr("A number here has at most 15 digits."))
    value = Decimal(shown)
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if len(plain.replace(".", "").lstrip("0")) > MAX_DIGITS or len(plain) > MAX_DIGITS * 2:
        token.refuse(tr("A number here has at most 15 digits."))
    return Token(Kind.NUMBER, plain, shown, line, column)


def _text(shown: str, line: int, column: int) -> Token:
    token = Token(Kind.TEXT, shown[1:-1].replace("''", "'"), shown, line, column)
    for letter in token.value:
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t":
            token.refuse(
                tr("The text holds the control character {code}; take it out.", code=_code(letter))
            )
    return token


def _refuse_sign(text: str, at: int) -> NoReturn:
    line, column = _place(text, at)
    sign, pair = text[at], text[at : at + 2]
    raise ExpressionError(_why_not(text, at, sign, pair), line, column)


def _why_not(text: str, at: int, sign: str, pair: str) -> str:
    if pair in _INSTEAD:
        return tr(
            "'{pair}' is not part of the language. {instead}", pair=pair, instead=tr(_INSTEAD[pair])
        )
    if sign == "'":
        return tr("A text begins here and does not end; close it with a single quote.")
    if sign == '"':
        return tr("A name in double quotes begins here and does not end.")
    if sign.isascii() and sign.isdigit():
        word = re.compile(r"[A-Za-z0-9_.]{1,40}").match(text, at)
        return tr("'{word}' is neither a number nor a name.", word=word.group() if word else sign)
    if not sign.isascii() or not sign.isprintable():
        return _foreign(sign)
    return tr(
        "'{sign}' is not part of the language. {instead}",
        sign=sign,
        instead=tr(_INSTEAD_ONE.get(sign, "")),
    ).rstrip()


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _foreign(sign: str) -> str:
    code = _code(sign)
    if not sign.isprintable() or sign.isspace():
        return tr("There is an invisible character ({code}) here; take it out.", code=code)
    if sign in "\u2018\u2019\u201a\u201c\u201d\u201e\u00b4":
        return tr(
            "'{sign}' ({code}) is a curly quote; write text in straight single quotes.",
            sign=sign,
            code=code,
        )
    meant = {"\u2212": "-", "\u2260": "!=", "\u2264": "<=", "\u2265": ">=", "\u00d7": "*"}.get(
        sign, unicodedata.normalize("NFKC", sign)
    )
    if meant != sign and meant.isascii():
        return tr(
            "'{sign}' ({code}) looks like '{meant}' but is not; write '{meant}'.",
            sign=sign,
            code=code,
            meant=meant,
        )
    if sign.isalpha():
        return tr(
            "'{sign}' ({code}) is not a letter of a name; names use a-z, 0-9 and _.",
            sign=sign,
            code=code,
        )
    return tr("'{sign}' ({code}) is not part of the language.", sign=sign, code=code)


def _check_size(tokens: list[Token]) -> None:
    """Refuse brackets so deep that a parser which descends could run out."""
    depth = 0
    for token in tokens:
        depth += token.is_sign("(") - token.is_sign(")")
        if depth > MAX_DEPTH:
            token.refuse(tr("The brackets go deeper than {most}.", most=MAX_DEPTH))
    if len(tokens) > MAX_TOKENS:
        tokens[MAX_TOKENS].refuse(
            tr("The expression has more than {most:,} words and signs.", most=MAX_TOKENS)
        )
