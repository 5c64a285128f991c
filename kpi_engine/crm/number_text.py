"""Numbers and amounts as people write them: which sign is the decimal one, and the SQL to read it.

`1,234.56`, `1.234,56`, `(100)`, `€ 5`, `5-` and full-width digits are read. What could be a number
a thousand times larger (`1,234` alone) is decided over the whole column or not at all.
"""

import re
from dataclasses import dataclass

from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.layers import Layer, Layers, literal

MOST = 10**14
"""Numbers and amounts of this size and above are refused: no CRM holds one."""

_FULL_WIDTH = "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0c\uff0e\u2212\u2019"
_PLAIN = "0123456789,.-'"
_CURRENCY = r"(?:[A-Z]{1,3}\p{Sc}|\p{Sc}|[A-Z]{3}|[Kk]r\.?|Fr\.?|z\x{0142}|K\x{010D}|Ft|lei)"
_GROUPS = {".": ",' _", ",": ".' _"}
"""By decimal sign, the signs that may stand between thousands."""


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a column writes numbers.

    `decimal` is None while nothing tells: then only numbers without any separator are read.
    `thousands` is the one sign allowed, "" for none, or None for every usual one.
    """

    decimal: str | None = None
    thousands: str | None = None


@dataclass(frozen=True, slots=True)
class NumberVotes:
    """How many values of a column speak for which decimal sign."""

    point: int = 0
    comma: int = 0
    point_or_group: int = 0
    comma_or_group: int = 0
    long_plain: int = 0
    """Whole numbers of four digits and more without a separator: thousands are not grouped."""

    def __add__(self, other: "NumberVotes") -> "NumberVotes":
        return NumberVotes(
            self.point + other.point,
            self.comma + other.comma,
            self.point_or_group + other.point_or_group,
            self.comma_or_group + other.comma_or_group,
            self.long_plain + other.long_plain,
        )

    @property
    def decimal(self) -> str | None:
        """The decimal sign that the votes settle, or None."""
        if self.point and self.comma:
            return None
        if self.point or self.comma:
            return "." if self.point else ","
        if self.point_or_group and not self.comma_or_group and self.long_plain:
            return "."
        return None

    @property
    def parted(self) -> int:
        """How many values have a separator."""
        return self.point + self.comma + self.point_or_group + self.comma_or_group

    @property
    def unsettled(self) -> bool:
        """Whether there are separators and yet no answer."""
        return self.parted > 0 and self.decimal is None


def votes_sql(text: str, rows: str) -> str:
    """Return SQL of a list of counts over a column of `rows`, in the order of `NumberVotes`.

    A value such as `1,234` tells nothing by itself. A value with both signs speaks for the last
    one, one with a sign twice for the other, and one with a sign before other than three digits
    for that sign.
    """
    core = f"regexp_replace({_ascii(text)}, '^[^0-9.,]+|[^0-9.,]+$', '', 'g')"
    shapes = (
        r"[\d, '_]*\.\d*([eE][+-]?\d+)?|\d{1,3}(,\d{2,3}){2,}",
        r"[\d. '_]*,\d*([eE][+-]?\d+)?|\d{1,3}(\.\d{2,3}){2,}",
    )
    either = [r"[1-9]\d{0,2}\.\d{3}", r"[1-9]\d{0,2},\d{3}"]
    counts = [
        f"count(*) FILTER (regexp_full_match(x, {literal(shape)})"
        f" AND NOT regexp_full_match(x, '{same}'))"
        for shape, same in zip(shapes, either, strict=True)
    ]
    counts += [f"count(*) FILTER (regexp_full_match(x, '{shape}'))" for shape in either]
    counts.append(r"count(*) FILTER (regexp_full_match(x, '\d{4,}'))")
    return f"SELECT [{', '.join(counts)}] FROM (SELECT {core} AS x FROM {rows})"


def number_layers(
    kind: ColumnType, text: str, out: str, style: NumberStyle, *, careful: bool
) -> Layers:
    """Return the layers that make `out`, the number in the tidied `text`; null where there is none.

    A number is a double, an amount a decimal of four places, an integer a big integer; a part of a
    whole is no integer. Only a careful reading knows more than plain digits.
    """
    share = kind is ColumnType.NUMBER
    cast = "DOUBLE" if share else "DECIMAL(18,4)"
    slow = _slow(text, style, cast, percent=share)
    read = f"{out}_f"
    if careful:
        read = (
            f"coalesce({out}_f, CASE WHEN {text} IS NOT NULL AND {out}_f IS NULL THEN {slow} END)"
        )
    bound = {
        ColumnType.NUMBER: f"CASE WHEN abs({out}_r) < {MOST} THEN {out}_r END",
        ColumnType.MONEY: f"{out}_r",
        ColumnType.INTEGER: f"CASE WHEN {out}_r = trunc({out}_r) THEN {out}_r::BIGINT END",
    }
    fast = _fast(text, style, cast)
    if careful and style.decimal and style.thousands != "":
        fast = f"coalesce({fast}, {_grouped(text, style, cast)})"
    return (
        Layer({f"{out}_f": fast}),
        Layer({f"{out}_r": read}),
        Layer({out: bound[kind]}),
    )


def _fast(text: str, style: NumberStyle, kind: str) -> str:
    if style.decimal == ".":
        return f"TRY_CAST({text} AS {kind})"
    read = f"TRY_CAST(replace({text}, ',', '.') AS {kind})"
    if style.decimal is None:
        read = f"TRY_CAST({text} AS {kind})"
    return f"CASE WHEN NOT contains({text}, '.') THEN {read} END"


def _grouped(text: str, style: NumberStyle, kind: str) -> str:
    """Return SQL for the usual number with thousands grouped, without taking it apart."""
    point = style.decimal or "."
    group = style.thousands or _GROUPS[point][0]
    shape = rf"-?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?"
    plain = f"replace(replace({text}, {literal(group)}, ''), '{point}', '.')"
    fits = f"regexp_full_match({text}, {literal(shape)})"
    return f"CASE WHEN {fits} THEN TRY_CAST({plain} AS {kind}) END"


def _slow(text: str, style: NumberStyle, kind: str, *, percent: bool) -> str:
    """Return SQL that takes a number apart; it runs only where the fast way gave nothing."""
    found = f"regexp_extract({_ascii(text)}, {literal(_pattern(style))}, {_NAMES})"
    digits = f"regexp_replace(m.n, {literal(_strip(style))}, '', 'g')"
    if style.decimal == ",":
        digits = f"replace({digits}, ',', '.')"
    value = f"TRY_CAST({digits} AS {kind})"
    if percent:
        value = f"CASE WHEN m.p <> '' THEN {value} / 100 ELSE {value} END"
    signs = ["(m.o = '(')", "(m.a = '-')", "(m.b = '-')", "(m.c = '-')"]
    minus = f"({' OR '.join(signs)})"
    once = f"({' + '.join(f'{sign}::INT' for sign in signs)}) <= 1"
    whole = f"m.n <> '' AND (m.o = '(') = (m.e = ')') AND {once}"
    whole += "" if percent else " AND m.p = ''"
    signed = f"CASE WHEN {whole} THEN CASE WHEN {minus} THEN -({value}) ELSE {value} END END"
    return f"list_transform([{found}], lambda m: {signed})[1]"


_NAMES = "['o', 'a', 'b', 'n', 'p', 'c', 'e']"


def _pattern(style: NumberStyle) -> str:
    r"""Return the pattern of a number: bracket, sign, currency, sign, digits, and what follows."""
    point = re.escape(style.decimal or ".")
    fraction = rf"(?:{point}\d*)?" if style.decimal else ""
    signs = _GROUPS.get(style.decimal or "", "' _") if style.thousands is None else style.thousands
    shapes = [rf"\d+{fraction}(?:[eE][+-]?\d{{1,3}})?"]
    if style.decimal:
        shapes.append(rf"{point}\d+")
    for sign in signs:
        group = re.escape(sign)
        shapes.insert(0, rf"\d{{1,3}}(?:{group}\d{{3}})+{fraction}")
        shapes.insert(1, rf"\d{{1,2}}(?:{group}\d{{2}})+{group}\d{{3}}{fraction}")
    digits = "|".join(shapes)
    money = rf"(?: ?{_CURRENCY})?"
    return rf"^(\(?) ?([-+]?){money} ?([-+]?)({digits})( ?%)?{money}(-?) ?(\)?)$"


def _strip(style: NumberStyle) -> str:
    signs = _GROUPS.get(style.decimal or "", "' _") if style.thousands is None else style.thousands
    return "[" + re.escape(signs) + "]" if signs else "[ ]"


def _ascii(text: str) -> str:
    return f"translate({text}, '{_FULL_WIDTH}', {literal(_PLAIN)})"
