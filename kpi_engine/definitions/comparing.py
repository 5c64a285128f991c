"""Which values can be compared with each other, and why two of them cannot be."""

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.canonical import short
from kpi_engine.definitions.nodes import MOMENTS, NUMERIC, is_literal, said, type_of
from kpi_engine.language import tr


def uncomparable(left: exp.Expression, right: exp.Expression, sign: str) -> str:
    """Return why two values cannot be compared by a sign; empty where they can."""
    one, two = type_of(left), type_of(right)
    if one is None or two is None:
        return tr("Nothing equals null; write 'is null' or 'is not null'.")
    if one is two is ColumnType.BOOLEAN and sign not in ("=", "!="):
        return tr("True and false have no order, so '{sign}' cannot compare them.", sign=sign)
    if one is two or (one in NUMERIC and two in NUMERIC) or (one in MOMENTS and two in MOMENTS):
        return ""
    return _no_moment(left, right) or tr(
        "{left} is {left_kind} and {right} is {right_kind}; they cannot be compared.",
        left=short(left),
        left_kind=said(one),
        right=short(right),
        right_kind=said(two),
    )


def _no_moment(left: exp.Expression, right: exp.Expression) -> str:
    """Say it better where a text beside a date or time is not one."""
    for side, text in ((left, right), (right, left)):
        kind = type_of(side)
        if kind in MOMENTS and type_of(text) is ColumnType.TEXT and is_literal(text):
            form = "2017-12-31"
            if kind is ColumnType.TIME:
                form = tr("2017-12-31 or 2017-12-31 23:59")
            told = {"text": short(text), "kind": said(kind), "form": form}
            return tr("{text} is not {kind}; write it as {form}.", **told)
    return ""
