"""What a checked expression comes to for one record: a walk over its tree, with SQL's NULL.

Unknown is None: it passes through arithmetic and comparison, `and` and `or` decide without it where
they can, and a filter keeps only what is true.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from tests.oracle.days import local_day, moment_of, months_later, wall_clock

_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Context:
    """Where names are looked up, and the zone whose days count."""

    zone: str
    find: Callable[[str], Any]


def value(expression: Expression, context: Context) -> Any:
    """Return what the expression comes to."""
    return _value(expression.tree, context)


def passes(where: Expression | None, context: Context) -> bool:
    """Whether a filter is true; no filter lets everything through."""
    return where is None or value(where, context) is True


def _value(node: exp.Expression, context: Context) -> Any:
    for kinds, make in _READERS:
        if isinstance(node, kinds):
            return make(node, context)
    raise TypeError(type(node).__name__)


def _column(node: exp.Expression, context: Context) -> Any:
    return context.find(node.name)


def _literal(node: exp.Expression, context: Context) -> Any:
    kind = node.meta["type"]
    if kind is ColumnType.DATE:
        return date.fromisoformat(node.this)
    if kind is ColumnType.TIME:
        return _time(node.this, context)
    return node.this if node.is_string else Decimal(node.this)


def _time(text: str, context: Context) -> datetime:
    read = datetime.fromisoformat(text)
    if read.tzinfo is not None:
        return read.astimezone(UTC).replace(tzinfo=None)
    return moment_of(read, context.zone)


def _and(node: exp.Expression, context: Context) -> bool | None:
    sides = [_value(node.this, context), _value(node.expression, context)]
    if False in sides:
        return False
    return None if None in sides else True


def _or(node: exp.Expression, context: Context) -> bool | None:
    sides = [_value(node.this, context), _value(node.expression, context)]
    if True in sides:
        return True
    return None if None in sides else False


def _not(node: exp.Expression, context: Context) -> bool | None:
    inner = _value(node.this, context)
    return None if inner is None else not inner


def _compared(sign: type, left: Any, right: Any, context: Context) -> bool | None:
    if left is None or right is None:
        return None
    left, right = _alike(left, right, context)
    if sign in (exp.EQ, exp.NEQ):
        return (left == right) is (sign is exp.EQ)
    if sign in (exp.LT, exp.LTE):
        return left < right or (sign is exp.LTE and left == right)
    return left > right or (sign is exp.GTE and left == right)


def _alike(left: Any, right: Any, context: Context) -> tuple[Any, Any]:
    """Return two values that can be compared: a date as the clock's midnight, a double as such."""
    if isinstance(left, date) and isinstance(left, datetime) is not isinstance(right, datetime):
        return _clock(left, context), _clock(right, context)
    if isinstance(left, float) or isinstance(right, float):
        return float(left), float(right)
    return left, right


def _clock(at: date | datetime, context: Context) -> datetime:
    if isinstance(at, datetime):
        return wall_clock(at, context.zone)
    return datetime.combine(at, datetime.min.time())


def _comparison(node: exp.Expression, context: Context) -> bool | None:
    left, right = _value(node.this, context), _value(node.expression, context)
    return _compared(type(node), left, right, context)


def _in(node: exp.Expression, context: Context) -> bool | None:
    inner = _value(node.this, context)
    if inner is None:
        return None
    listed = [_value(each, context) for each in node.expressions]
    return any(_compared(exp.EQ, inner, each, context) for each in listed)


def _between(node: exp.Expression, context: Context) -> bool | None:
    inner = _value(node.this, context)
    low = _compared(exp.GTE, inner, _value(node.args["low"], context), context)
    high = _compared(exp.LTE, inner, _value(node.args["high"], context), context)
    if False in (low, high):
        return False
    return None if None in (low, high) else True


def _like(node: exp.Expression, context: Context) -> bool | None:
    inner = _value(node.this, context)
    if inner is None:
        return None
    pattern = re.escape(node.expression.this).replace("%", ".*").replace("_", ".")
    return re.fullmatch(pattern, inner, re.DOTALL) is not None


def _arithmetic(node: exp.Expression, context: Context) -> float | None:
    """Return what a sign makes of two numbers, as doubles; nothing divided by 0 is a number."""
    left, right = _value(node.this, context), _value(node.expression, context)
    if left is None or right is None:
        return None
    one, two = float(left), float(right)
    if isinstance(node, exp.Add):
        return one + two
    if isinstance(node, exp.Sub):
        return one - two
    if isinstance(node, exp.Mul):
        return one * two
    return one / two if two else None


def _negative(node: exp.Expression, context: Context) -> float | None:
    inner = _value(node.this, context)
    return None if inner is None else -float(inner)


def _call(node: exp.Expression, context: Context) -> Any:
    name = node.name
    if name in ("date_add", "date_diff"):
        unit = str(node.expressions[0].this)
        parts = [_value(each, context) for each in node.expressions[1:]]
        if None in parts:
            return None
        return (_date_add if name == "date_add" else _date_diff)(unit, *parts, context)
    parts = [_value(each, context) for each in node.expressions]
    if name == "coalesce":
        return next((part for part in parts if part is not None), None)
    if parts[0] is None:
        return None
    if name == "lower":
        return parts[0].lower()
    return abs(float(parts[0])) if name == "abs" else _rounded(*parts)


def _rounded(number: Any, places: Any = 0) -> float:
    """Return a number rounded to places, halves away from zero, by way of doubles."""
    power = 10.0 ** int(places)
    scaled = Fraction(float(number) * power)
    whole = int(abs(scaled) + Fraction(1, 2))
    return (whole if scaled >= 0 else -whole) / power


def _date_add(unit: str, count: Any, at: date | datetime, context: Context) -> date | datetime:
    if not isinstance(at, datetime):
        return at + timedelta(days=Fraction(count).__floor__())
    return at + timedelta(microseconds=_rounded(float(count) * (_UNITS[unit] // _TICK)))


def _date_diff(unit: str, start: Any, end: Any, context: Context) -> int:
    """Return how many whole units lie between: of clock time, or of days on the calendar."""
    if unit in ("minute", "hour"):
        sign = 1 if end >= start else -1
        return sign * (abs(end - start) // _UNITS[unit])
    first, last = (
        local_day(at, context.zone) if isinstance(at, datetime) else at for at in (start, end)
    )
    sign, low, high = (1, first, last) if first <= last else (-1, last, first)
    if unit == "month":
        months = 0
        while months_later(low, months + 1) <= high:
            months += 1
        return sign * months
    return sign * ((high - low).days // {"day": 1, "week": 7}[unit])


_TICK = timedelta(microseconds=1)
_READERS: tuple[tuple[Any, Callable[[exp.Expression, Context], Any]], ...] = (
    (exp.Column, _column),
    (exp.Literal, _literal),
    (exp.Boolean, lambda node, context: node.this),
    (exp.Null, lambda node, context: None),
    (exp.And, _and),
    (exp.Or, _or),
    (exp.Not, _not),
    ((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _comparison),
    (exp.Is, lambda node, context: _value(node.this, context) is None),
    (exp.In, _in),
    (exp.Between, _between),
    (exp.Like, _like),
    (exp.Neg, _negative),
    ((exp.Add, exp.Sub, exp.Mul, exp.Div), _arithmetic),
    (exp.Anonymous, _call),
)
