"""Whether the words of an expression stand in an order that can be read.

One walk over the words with one question at each: is a value awaited here, or a sign? It names the
word that is out of place, which a parser's own complaint seldom does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kpi_engine.definitions.tokens import FUNCTIONS, MAX_LIST, Kind, Token
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr

MAX_PREFIXES = 10
_VALUES = (Kind.NUMBER, Kind.TEXT, Kind.NAME, Kind.QUOTED)
_INFIX = ("or", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "like", ",")


@dataclass(slots=True)
class _Walk:
    """How far a walk has come.

    `lows` has, for each open bracket and for the whole, the `between` that still awaits its `and`;
    `commas` how many commas stand in it; `prefixes` how many signs stand before the value at hand.
    """

    awaits_value: bool = True
    lows: list[list[Token]] = field(default_factory=lambda: [[]])
    commas: list[int] = field(default_factory=lambda: [0])
    prefixes: int = 0


def check_order(tokens: Sequence[Token]) -> None:
    """Refuse the first word that cannot stand where it does."""
    walk = _Walk()
    steps = enumerate(tokens[:-1])
    for at, token in steps:
        if walk.awaits_value:
            _take_value(walk, token, tokens[at + 1])
        else:
            _take_sign(walk, token, tokens[at + 1 :], steps)
    end = tokens[-1]
    if walk.awaits_value:
        end.refuse(
            tr("The expression ends after {word}, where a value is awaited.", word=tokens[-2].named)
        )
    if len(walk.lows) > 1:
        end.refuse(tr("A bracket is opened and not closed."))
    _refuse_half_between(walk)


def _take_value(walk: _Walk, token: Token, after: Token) -> None:
    if token.is_sign("not", "-"):
        walk.prefixes += 1
        if walk.prefixes > MAX_PREFIXES:
            token.refuse(
                tr("There are more than {most} 'not' or minus signs in a row.", most=MAX_PREFIXES)
            )
        return
    walk.prefixes = 0
    if token.is_sign("("):
        walk.lows.append([])
        walk.commas.append(0)
        return
    if token.kind not in _VALUES and not token.is_sign("true", "false", "null"):
        token.refuse(
            tr("{word} cannot stand here; a column or a value is awaited.", word=token.named)
        )
    if token.kind is Kind.NAME and after.is_sign("("):
        _check_function(token)
        return  # a function; its bracket comes next and opens as any other
    walk.awaits_value = False


def _take_sign(
    walk: _Walk, token: Token, rest: Sequence[Token], steps: Iterator[tuple[int, Token]]
) -> None:
    match token.value if token.kind in (Kind.SIGN, Kind.KEYWORD) else "":
        case ")":
            _close(walk, token)
        case "is":
            _take_null(token, rest, steps)
        case "not":
            if not rest[0].is_sign("in", "like", "between"):
                token.refuse(tr("After a value, 'not' goes before 'in', 'like' or 'between'."))
        case "and" | "between" | "in" as word:
            _take_word(walk, word, token, rest)
        case sign if sign in _INFIX:
            if sign == ",":
                _count_comma(walk, token)
            walk.awaits_value = True
        case _:
            token.refuse(
                tr(
                    "{word} cannot stand here; a sign or 'and' is awaited before it.",
                    word=token.named,
                )
            )


def _check_function(token: Token) -> None:
    if token.value.lower() not in FUNCTIONS:
        hint = did_you_mean(token.value.lower(), FUNCTIONS) or tr(
            " There are {names}.", names=", ".join(FUNCTIONS)
        )
        token.refuse(tr("There is no function called {word}.{hint}", word=token.named, hint=hint))


def _count_comma(walk: _Walk, token: Token) -> None:
    if len(walk.lows) == 1:
        token.refuse(tr("A comma stands only inside the brackets of a list or a function."))
    walk.commas[-1] += 1
    if walk.commas[-1] >= MAX_LIST:
        token.refuse(tr("A list has at most {most} values.", most=MAX_LIST))


def _close(walk: _Walk, token: Token) -> None:
    if len(walk.lows) == 1:
        token.refuse(tr("A bracket is closed that was never opened."))
    _refuse_half_between(walk)
    walk.lows.pop()
    walk.commas.pop()


def _refuse_half_between(walk: _Walk) -> None:
    if walk.lows[-1]:
        walk.lows[-1][-1].refuse(tr("After 'between' come two values, as in: between 1 and 5."))


def _take_word(walk: _Walk, word: str, token: Token, rest: Sequence[Token]) -> None:
    """Step over `and`, `between` or `in`; the first `and` after a `between` is a part of it."""
    if word == "between":
        walk.lows[-1].append(token)
    elif word == "and" and walk.lows[-1]:
        walk.lows[-1].pop()
    elif word == "in":
        _check_list(token, rest)
    walk.awaits_value = True


def _check_list(token: Token, rest: Sequence[Token]) -> None:
    """After `in` comes a list in brackets, or a setting that holds one."""
    if rest[0].is_sign("(") and rest[1].is_sign(")"):
        token.refuse(tr("The list after 'in' is empty; name at least one value."))
    if not rest[0].is_sign("(") and not rest[0].value.startswith("setting."):
        token.refuse(tr("After 'in' comes a list in brackets, as in ('won', 'lost')."))


def _take_null(token: Token, rest: Sequence[Token], steps: Iterator[tuple[int, Token]]) -> None:
    """After `is` comes `null` or `not null`, and the value is whole."""
    words = 2 if rest[0].is_sign("not") else 1
    if len(rest) < words or not rest[words - 1].is_sign("null"):
        token.refuse(tr("After 'is' comes 'null' or 'not null'; compare other values with '='."))
    for _ in range(words):
        next(steps)
