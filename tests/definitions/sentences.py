"""Random expressions as trees, their text, and what they mean by plain Python: the oracle."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from kpi_engine.crm.entities import ColumnType

COLUMNS = {
    "stage": ColumnType.TEXT,
    "name": ColumnType.TEXT,
    "score": ColumnType.NUMBER,
    "amount": ColumnType.MONEY,
    "seats": ColumnType.INTEGER,
    "active": ColumnType.BOOLEAN,
    "created_at": ColumnType.TIME,
    "closed_at": ColumnType.TIME,
    "due_on": ColumnType.DATE,
    "done_on": ColumnType.DATE,
}
_LETTERS = "abB%_\\!'é \n"
_DAYS = st.dates(date(2016, 12, 25), date(2017, 12, 31))
_TIMES = st.datetimes(*map(datetime.fromisoformat, ("2016-12-30", "2017-04-02")))
_NUMBERS = st.sampled_from([-7, -1, 0, 1, 2, 3, 0.5, -2.5, 0.125, 100, 1.005])
_COMPARE = ("=", "!=", "<>", "<", "<=", ">", ">=")
# How tight a sign binds; a side that binds looser goes in brackets.
_BINDS = {"or": 0, "and": 1, "not": 2, "+": 4, "-": 4, "*": 5, "/": 5}

VALUES = {
    ColumnType.TEXT: st.text(_LETTERS, max_size=4),
    ColumnType.NUMBER: _NUMBERS.map(float),
    ColumnType.MONEY: _NUMBERS.map(lambda each: Decimal(str(each)).quantize(Decimal("0.0001"))),
    ColumnType.INTEGER: st.integers(-9, 9),
    ColumnType.BOOLEAN: st.booleans(),
    ColumnType.TIME: _TIMES,
    ColumnType.DATE: _DAYS,
}
ROWS = st.fixed_dictionaries({name: st.none() | VALUES[kind] for name, kind in COLUMNS.items()})


def _columns(*kinds):
    return st.sampled_from([("column", name) for name, kind in COLUMNS.items() if kind in kinds])


_TEXT = _columns(ColumnType.TEXT) | st.tuples(st.just("text"), st.text(_LETTERS, max_size=3))
_TIME = _columns(ColumnType.TIME)
_DATE = _columns(ColumnType.DATE)
_MOMENT_LITERAL = st.tuples(st.just("day"), _DAYS)
_NUMBER = _columns(ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER) | st.tuples(
    st.just("number"), _NUMBERS.map(abs)
)
_PATTERN = st.tuples(st.sampled_from("abBé"), st.text(_LETTERS, max_size=3)).map("".join)


def _grow_number(inner):
    moments = st.tuples(_TIME | _DATE, _TIME | _DATE)
    return (
        st.tuples(st.sampled_from("+-/"), inner, inner)
        | st.tuples(st.just("*"), inner, _columns(ColumnType.NUMBER, ColumnType.INTEGER))
        | st.tuples(st.just("neg"), inner)
        | st.tuples(st.just("abs"), inner)
        | st.tuples(st.just("round"), inner, st.integers(0, 3))
        | st.tuples(st.just("coalesce"), inner, inner)
        | st.tuples(st.just("diff"), st.sampled_from(["day", "week", "month"]), moments)
        | st.tuples(st.just("diff"), st.sampled_from(["minute", "hour"]), st.tuples(_TIME, _TIME))
    )


NUMBERS = st.recursive(_NUMBER, _grow_number, max_leaves=6)
_ADDED = st.tuples(
    st.just("add"), st.sampled_from(["minute", "hour", "day"]), _NUMBER, _TIME
) | st.tuples(st.just("add"), st.just("day"), _columns(ColumnType.INTEGER), _DATE)
_MOMENTS = _TIME | _DATE | _ADDED
_TRUTH = (
    st.tuples(st.just("compare"), st.sampled_from(_COMPARE), NUMBERS, NUMBERS)
    | st.tuples(st.just("compare"), st.sampled_from(_COMPARE), _TEXT, _TEXT)
    | st.tuples(st.just("compare"), st.sampled_from(_COMPARE), _MOMENTS, _MOMENTS)
    | st.tuples(st.just("compare"), st.sampled_from(_COMPARE), _MOMENTS, _MOMENT_LITERAL)
    | st.tuples(st.just("between"), NUMBERS, NUMBERS, NUMBERS)
    | st.tuples(st.just("between"), _MOMENTS, _MOMENTS, _MOMENT_LITERAL)
    | st.tuples(
        st.just("in"),
        _columns(ColumnType.TEXT),
        st.lists(st.tuples(st.just("text"), st.text(_LETTERS, max_size=3)), min_size=1, max_size=3),
    )
    | st.tuples(st.just("like"), _TEXT, _PATTERN.filter(lambda text: text.count("%") <= 3))
    | st.tuples(st.just("null"), NUMBERS | _TEXT | _MOMENTS)
    | _columns(ColumnType.BOOLEAN)
)
TRUTHS = st.recursive(
    _TRUTH,
    lambda inner: (
        st.tuples(st.sampled_from(["and", "or"]), inner, inner) | st.tuples(st.just("not"), inner)
    ),
    max_leaves=5,
)


def written(node):
    """Return the text of a tree, with brackets only where the language needs them."""
    match node:
        case ("column", name):
            return name
        case ("text", value):
            return "'" + value.replace("'", "''") + "'"
        case ("number", value):
            return f"{value}"
        case ("day", value):
            return f"'{value.isoformat()}'"
        case ("neg", inner):
            return f"-({written(inner)})"
        case ("abs", inner):
            return f"ABS({written(inner)})"
        case ("round", inner, places):
            return f"round({written(inner)},{places})"
        case ("coalesce", one, two):
            return f"coalesce({written(one)}, {written(two)})"
        case ("diff", unit, (start, end)):
            return f"date_diff('{unit}', {written(start)}, {written(end)})"
        case ("add", unit, count, moment):
            return f"date_add('{unit}', {written(count)}, {written(moment)})"
        case ("compare", sign, one, two):
            return f"{_side(one, 4)}{sign} {_side(two, 4)}"
        case ("between", value, low, high):
            return f"{_side(value, 4)} BETWEEN {_side(low, 4)} and {_side(high, 4)}"
        case ("in", value, values):
            return f"{written(value)} in ({','.join(written(each) for each in values)})"
        case ("like", value, pattern):
            return f"{written(value)} like {written(('text', pattern))}"
        case ("null", value):
            return f"{_side(value, 4)} is  null"
        case ("not", inner):
            return f"not {_side(inner, 2)}"
        case (sign, one, two):
            return f"{_side(one, _BINDS[sign])} {sign} {_side(two, _BINDS[sign] + 1)}"


def _side(node, level):
    binds = {"compare": 3, "between": 3, "in": 3, "like": 3, "null": 3, "neg": 6}
    text, own = written(node), {**_BINDS, **binds}.get(node[0], 7)
    return text if own >= level else f"({text})"


def meaning(node, row, zone):
    """Return what a tree is for one row: by SQL's three truths, None for null."""
    match node:
        case ("column", name):
            return row[name]
        case ("text", value) | ("number", value) | ("day", value):
            return value
        case ("not", inner):
            value = meaning(inner, row, zone)
            return None if value is None else not value
        case ("and" | "or" as word, one, two):
            return _logic(word, meaning(one, row, zone), meaning(two, row, zone))
        case ("null", inner):
            return meaning(inner, row, zone) is None
        case ("compare", sign, one, two):
            return _compared(sign, meaning(one, row, zone), meaning(two, row, zone), zone)
        case ("between", value, low, high):
            value = meaning(value, row, zone)
            above = _compared(">=", value, meaning(low, row, zone), zone)
            return _logic("and", above, _compared("<=", value, meaning(high, row, zone), zone))
        case ("in", value, values):
            value = meaning(value, row, zone)
            return None if value is None else value in [each[1] for each in values]
        case ("like", value, pattern):
            value = meaning(value, row, zone)
            return None if value is None else bool(re.fullmatch(_regex(pattern), value, re.DOTALL))
        case ("coalesce", one, two):
            value = meaning(one, row, zone)
            return meaning(two, row, zone) if value is None else value
        case ("diff", unit, (start, end)):
            return _diff(unit, meaning(start, row, zone), meaning(end, row, zone), zone)
        case ("add", unit, count, moment):
            return _added(unit, meaning(count, row, zone), meaning(moment, row, zone))
        case (sign, *parts):
            return _arithmetic(sign, [meaning(each, row, zone) for each in parts[:2]], parts)


def _logic(word, one, two):
    decides = word == "or"
    if decides in (one, two):
        return decides
    return None if None in (one, two) else not decides


def _clock(value, zone):
    if isinstance(value, datetime):
        return value.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return datetime.fromisoformat(value.isoformat())


def _compared(sign, one, two, zone):
    if one is None or two is None:
        return None
    if isinstance(one, date) and type(one) is not type(two):
        one, two = _clock(one, zone), _clock(two, zone)
    if isinstance(one, str):
        one, two = one.encode(), two.encode()
    elif not isinstance(one, date):
        one, two = float(one), float(two)
    return {
        "=": one == two,
        "!=": one != two,
        "<>": one != two,
        "<": one < two,
        "<=": one <= two,
        ">": one > two,
        ">=": one >= two,
    }[sign]


def _regex(pattern):
    wild = {"%": ".*", "_": "."}
    return "".join(wild.get(letter, re.escape(letter)) for letter in pattern)


def _diff(unit, start, end, zone):
    if start is None or end is None:
        return None
    if unit in ("minute", "hour"):
        seconds = 60 if unit == "minute" else 3600
        return math.trunc(Decimal((end - start) // timedelta(microseconds=1)) / 10**6 / seconds)
    first, last = _clock(start, zone).date(), _clock(end, zone).date()
    if unit != "month":
        days = (last - first).days
        return days if unit == "day" else math.trunc(days / 7)
    if first > last:
        return -_diff("month", last, first, zone)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def _added(unit, count, moment):
    if count is None or moment is None:
        return None
    if type(moment) is date:
        return moment + timedelta(days=math.floor(count))
    seconds = {"minute": 60, "hour": 3600, "day": 86400}[unit]
    micros = Decimal(float(count) * seconds * 10**6).quantize(Decimal(1), ROUND_HALF_UP)
    return moment + timedelta(microseconds=int(micros))


def _arithmetic(sign, values, parts):
    one, two = (None if each is None else float(each) for each in (*values, 0)[:2])
    if sign == "round":
        return None if one is None else _rounded(one, parts[1])
    if one is None or two is None or (sign == "/" and two == 0):
        return None
    return {
        "+": one + two,
        "-": one - two,
        "*": one * two,
        "/": one / two if two else 0,
        "neg": -one,
        "abs": abs(one),
    }[sign]


def _rounded(value, places):
    scaled = Decimal(value * float(10**places)).quantize(Decimal(1), ROUND_HALF_UP)
    return float(scaled) / 10**places
