"""The functions of the language: how many arguments, of what types, giving what."""

from collections.abc import Callable, Sequence
from typing import NoReturn

from sqlglot import exp

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.canonical import short
from kpi_engine.definitions.nodes import MOMENTS, NUMERIC, align, is_literal, made, said, type_of
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr

Refuse = Callable[[str], NoReturn]
Parts = Sequence[exp.Expression]

ADD_UNITS = ("minute", "hour", "day")
DIFF_UNITS = ("minute", "hour", "day", "week", "month")
MAX_PLACES = 6


def call(name: str, parts: Parts, refuse: Refuse) -> exp.Expression:
    """Return the typed call of a function whose name is known."""
    match name:
        case "coalesce":
            return _coalesce(parts, refuse)
        case "lower":
            _count(name, parts, (1,), refuse)
            if type_of(parts[0]) is not ColumnType.TEXT:
                refuse(
                    tr(
                        "lower needs text, and {text} is {kind}.",
                        text=short(parts[0]),
                        kind=said(type_of(parts[0])),
                    )
                )
            return _made(name, parts, ColumnType.TEXT)
        case "abs":
            _count(name, parts, (1,), refuse)
            return _made(name, parts, _number(name, parts[0], refuse))
        case "round":
            return _round(parts, refuse)
        case "date_add":
            return _date_add(parts, refuse)
        case _:
            return _date_diff(parts, refuse)


def _made(name: str, parts: Parts, kind: ColumnType | None, *, times: int = 1) -> exp.Expression:
    return made(exp.Anonymous(this=name, expressions=list(parts)), kind, *parts, times=times)


def _count(name: str, parts: Parts, allowed: tuple[int, ...], refuse: Refuse) -> None:
    if len(parts) not in allowed:
        wanted = tr(" or ").join(str(each) for each in allowed)
        refuse(
            tr(
                "{name} takes {wanted} values in its brackets, not {count}.",
                name=name,
                wanted=wanted,
                count=len(parts),
            )
        )


def _number(name: str, part: exp.Expression, refuse: Refuse) -> ColumnType:
    kind = type_of(part)
    if kind not in NUMERIC or kind is None:
        refuse(
            tr(
                "{name} needs a number, and {text} is {kind}.",
                name=name,
                text=short(part),
                kind=said(kind),
            )
        )
    return kind


def _coalesce(parts: Parts, refuse: Refuse) -> exp.Expression:
    if len(parts) < 2:  # noqa: PLR2004  a value and what stands in for it
        refuse(tr("coalesce takes at least two values: one, and what stands in for it."))
    first = next(
        (part for part in parts if type_of(part) is not None and not is_literal(part)), parts[0]
    )
    parts = [align(part, first)[0] for part in parts]
    types = {type_of(part) for part in parts} - {None}
    if not types:
        refuse(tr("coalesce needs a value that is not null."))
    if types <= set(NUMERIC):
        order = (ColumnType.MONEY, ColumnType.NUMBER, ColumnType.INTEGER)
        return _made("coalesce", parts, next(kind for kind in order if kind in types))
    if len(types) > 1:
        told = tr(" and ").join(sorted(said(kind) for kind in types))
        refuse(tr("coalesce needs values of one type, and these are {kinds}.", kinds=told))
    return _made("coalesce", parts, types.pop())


def _round(parts: Parts, refuse: Refuse) -> exp.Expression:
    _count("round", parts, (1, 2), refuse)
    kind = _number("round", parts[0], refuse)
    if len(parts) == 1:
        return _made("round", parts, kind)
    places = str(parts[1].this)
    if not isinstance(parts[1], exp.Literal) or places not in map(str, range(MAX_PLACES + 1)):
        refuse(tr("round takes a number of places from 0 to {most}.", most=MAX_PLACES))
    return _made("round", parts, kind)


def _unit(name: str, part: exp.Expression, units: tuple[str, ...], refuse: Refuse) -> str:
    if not isinstance(part, exp.Literal) or type_of(part) is not ColumnType.TEXT:
        refuse(
            tr("{name} begins with a unit in quotes: {units}.", name=name, units=", ".join(units))
        )
    unit = str(part.this)
    if unit not in units:
        hint = did_you_mean(unit, units) or tr(" There are {names}.", names=", ".join(units))
        refuse(tr("{name} has no unit {text}.{hint}", name=name, text=short(part), hint=hint))
    return unit


def _moment(name: str, part: exp.Expression, refuse: Refuse) -> ColumnType:
    kind = type_of(part)
    if kind not in MOMENTS or kind is None:
        refuse(
            tr(
                "{name} needs a date or a time, and {text} is {kind}.",
                name=name,
                text=short(part),
                kind=said(kind),
            )
        )
    return kind


def _date_add(parts: Parts, refuse: Refuse) -> exp.Expression:
    _count("date_add", parts, (3,), refuse)
    unit = _unit("date_add", parts[0], ADD_UNITS, refuse)
    _number("date_add", parts[1], refuse)
    kind = _moment("date_add", parts[2], refuse)
    if kind is ColumnType.DATE and unit != "day":
        refuse(tr("{text} is a date, so only days can be added to it.", text=short(parts[2])))
    return _made("date_add", parts, kind)


def _date_diff(parts: Parts, refuse: Refuse) -> exp.Expression:
    _count("date_diff", parts, (3,), refuse)
    unit = _unit("date_diff", parts[0], DIFF_UNITS, refuse)
    start, end = align(parts[1], parts[2])
    kinds = {_moment("date_diff", start, refuse), _moment("date_diff", end, refuse)}
    if ColumnType.DATE in kinds and unit in ("minute", "hour"):
        refuse(
            tr(
                "A date has no time of day, so date_diff cannot count {unit}s; count days.",
                unit=unit,
            )
        )
    # A difference in months looks at both dates several times.
    times = 10 if unit == "month" else 1
    return _made("date_diff", [parts[0], start, end], ColumnType.INTEGER, times=times)
