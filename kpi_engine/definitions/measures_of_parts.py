"""Measures that are made of others: ratios, formulas, windows, pairs."""

import re
from collections.abc import Callable

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import ExpressionError, parse
from kpi_engine.definitions.fields import Fields
from kpi_engine.definitions.kinds import Formula, Paired, Part, Ratio, Rolling, ToDate
from kpi_engine.definitions.takes import PairTake, Span, SpanUnit
from kpi_engine.definitions.tokens import KEYWORDS
from kpi_engine.language import mark, tr

ReadPart = Callable[[Fields, str], Part | None]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_MOST_PARTS = 50
_WINDOWS = (SpanUnit.WEEK, SpanUnit.MONTH, SpanUnit.QUARTER, SpanUnit.YEAR)


def ratio(fields: Fields, part: ReadPart) -> Ratio | None:
    """Read `{ratio: {over: MEASURE, under: MEASURE}}`."""
    inside = fields.inside("ratio")
    fields.close()
    if inside is None:
        return None
    over, under = part(inside, "over"), part(inside, "under")
    inside.close()
    return Ratio(over, under) if over and under else None


def paired(fields: Fields, part: ReadPart) -> Paired | None:
    """Read `{paired: {actual: MEASURE, forecast: MEASURE}, take: accuracy|bias}`."""
    inside = fields.inside("paired")
    take = fields.choice("take", PairTake)
    fields.close()
    if inside is None:
        return None
    actual, forecast = part(inside, "actual"), part(inside, "forecast")
    inside.close()
    return Paired(actual, forecast, take) if actual and forecast and take else None


def formula(fields: Fields, part: ReadPart) -> Formula | None:
    """Read `{formula: "a * b", of: {a: KPI or MEASURE, …}}`."""
    text = fields.word("formula")
    inside = fields.inside("of")
    fields.close()
    if inside is None:
        return None
    names = [name for name in inside.names() if _name_fits(inside, name)]
    if not 0 < len(names) <= _MOST_PARTS:
        fields.note(tr("'of' names from 1 to {most} parts of the formula.", most=_MOST_PARTS), "of")
    parts = [(name, part(inside, name)) for name in names]
    if text is None:
        fields.note(tr("'formula' is empty; write one such as won / (won + lost)."), "formula")
        return None
    try:
        columns = dict.fromkeys(names, ColumnType.NUMBER)
        settings, wants = fields.scene.settings, ColumnType.NUMBER
        expression = parse(text, columns, settings=settings, wants=wants, called=mark("part"))
    except ExpressionError as error:
        fields.refused("formula", error)
        return None
    for name in names:
        if name not in expression.columns:
            inside.note(tr("The formula does not use '{name}'; take it out.", name=name), name)
    return Formula(expression, tuple((name, each) for name, each in parts if each))


def _name_fits(inside: Fields, name: str) -> bool:
    if _NAME.fullmatch(name) and name not in KEYWORDS:
        return True
    inside.node(name)
    inside.note(tr("'{name}' cannot name a part; use a-z, 0-9 and _.", name=name[:40]), name)
    return False


def rolling(fields: Fields, part: ReadPart) -> Rolling | None:
    """Read `{rolling: MEASURE, over: 3 months}`."""
    measure = part(fields, "rolling")
    over = fields.span("over")
    if not fields.has("over"):
        fields.missing("over", "3 months")
    if over is not None:
        over = _window(fields, over)
    fields.close()
    return Rolling(measure, over) if measure and over else None


def _window(fields: Fields, over: Span) -> Span | None:
    if over.unit in (SpanUnit.DAY, *_WINDOWS) and over.count.is_integer():
        return over
    fields.note(tr("A trailing window is whole days, weeks, months, quarters or years."), "over")
    return None


def to_date(fields: Fields, part: ReadPart) -> ToDate | None:
    """Read `{to_date: MEASURE, in: quarter}`."""
    measure = part(fields, "to_date")
    within = fields.choice("in", SpanUnit)
    if within is not None and within not in _WINDOWS:
        fields.note(tr("A running total begins with a week, month, quarter or year."), "in")
    fields.close()
    return ToDate(measure, within) if measure and within else None
