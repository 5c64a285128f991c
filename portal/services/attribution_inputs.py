"""Who moved a KPI that is computed from others: the parts of its inputs.

A formula that only multiplies and divides, and a quotient of two different things. An input that is
no KPI of its own is what the others leave of the observed value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from kpi_engine.definitions.kinds import (
    Aggregate,
    Formula,
    Kpi,
    KpiKey,
    KpiRef,
    Ratio,
)
from kpi_engine.definitions.kinds import Part as MeasurePart
from kpi_engine.definitions.products import signs_of
from kpi_engine.definitions.takes import Take
from kpi_engine.language import tr
from kpi_engine.statistics import contribution
from kpi_engine.units import Unit
from portal.services import catalogue_words, numbers
from portal.services.attribution_parts import Asked, Found, Kind, Part, Rate, near
from portal.services.builder_columns import column_inside, record_word

_OVER, _UNDER = "over", "under"


@dataclass(frozen=True, slots=True)
class _Factor:
    """One input of a product: its name, which KPI it is, if it multiplies (1) or divides (-1)."""

    name: str
    sign: int
    kpi: Kpi | None
    unit: Unit
    before: float
    now: float


def inputs(asked: Asked) -> Found | None:
    """Return the parts of the KPI's inputs; None where it is not made of any that multiply."""
    measure = asked.kpi.measure
    if isinstance(measure, Formula):
        factors = _of_formula(asked, measure)
    elif isinstance(measure, Ratio) and _of_two_things(asked.kpi, measure):
        factors = _of_quotient(asked, measure)
    else:
        return None
    if not factors or any(not one.before or not one.now for one in factors if one.sign < 0):
        return None
    before = [_raised(one.before, one.sign) for one in factors]
    now = [_raised(one.now, one.sign) for one in factors]
    if not near(prod(before), asked.values[0], 1e-9) or not near(prod(now), asked.values[1], 1e-9):
        return None
    found = contribution.of_product(before, now)
    parts = tuple(map(_part, factors, found.amounts))
    return Found(Kind.INPUTS, parts, None, found.method)


def _raised(value: float, sign: int) -> float:
    return value if sign > 0 else 1 / value


def _part(one: _Factor, amount: float) -> Part:
    key = one.kpi.key if one.kpi is not None else None
    rate = Rate(one.name, one.unit, one.before, one.now, key)
    word = catalogue_words.begun_small(one.name)
    return Part(one.name, word, amount, (rate,), kpi=key)


def _of_two_things(kpi: Kpi, measure: Ratio) -> bool:
    """Say whether a quotient is no share of its own records: money by head, leads by visit."""
    both = isinstance(measure.over, KpiRef) and isinstance(measure.under, KpiRef)
    return both or kpi.unit is not Unit.RATIO


def _of_quotient(asked: Asked, measure: Ratio) -> list[_Factor]:
    before, now = asked.readings
    if None in {before.over, before.under, now.over, now.under}:
        return []
    ends = ((before.over, now.over), (before.under, now.under))
    return [
        _Factor(*_named(asked, part, side), (was or 0.0), (told or 0.0))
        for part, side, (was, told) in zip(
            (measure.over, measure.under), (_OVER, _UNDER), ends, strict=True
        )
    ]


def _named(asked: Asked, part: MeasurePart, side: str) -> tuple[str, int, Kpi | None, Unit]:
    sign = 1 if side == _OVER else -1
    if isinstance(part, KpiRef):
        kpi = asked.desk.catalogue[part.key]
        return kpi.name, sign, kpi, kpi.unit
    unit = asked.kpi.unit if side == _OVER and asked.kpi.unit is Unit.MONEY else Unit.COUNT
    name = _called(part) or (tr("Upper part") if sign > 0 else tr("Lower part"))
    return name, sign, None, unit


def _called(part: MeasurePart) -> str:
    """Return what an aggregate is called in a word or two; empty for any other measure."""
    if not isinstance(part, Aggregate):
        return ""
    value = part.value
    if part.take is Take.SUM and value is not None and value.text.isidentifier():
        record, column = record_word(part.entity), column_inside(value.text)
        return tr("{record} {column}", record=record, column=column)
    return catalogue_words.begun(catalogue_words.records(part.entity))


def _of_formula(asked: Asked, measure: Formula) -> list[_Factor]:
    signs = signs_of(measure)
    parts = dict(measure.of)
    if signs is None:
        return []
    read = _read(asked, [part.key for part in parts.values() if isinstance(part, KpiRef)])
    factors, unread = list[_Factor](), list[str]()
    for name, part in parts.items():
        told = read.get(part.key) if isinstance(part, KpiRef) else None
        if told is None or not isinstance(part, KpiRef):
            unread.append(name)
            continue
        kpi = asked.desk.catalogue[part.key]
        factors.append(_Factor(kpi.name, signs[name], kpi, kpi.unit, *told))
    if len(unread) > 1 or any(not one.before or not one.now for one in factors):
        return []
    return [*factors, *(_left(asked, name, signs[name], factors) for name in unread)]


def _left(asked: Asked, name: str, sign: int, factors: Sequence[_Factor]) -> _Factor:
    """Return the input that is observed nowhere else: what the others leave of the whole."""
    ends = []
    for place, whole in enumerate(asked.values):
        others = prod(_raised((one.before, one.now)[place], one.sign) for one in factors)
        left = whole / others
        ends.append(left if sign > 0 or not left else 1 / left)
    text = name.replace("_", " ").capitalize()
    return _Factor(text, sign, None, Unit.COUNT, ends[0], ends[1])


def _read(asked: Asked, keys: Sequence[KpiKey]) -> Mapping[KpiKey, tuple[float, float]]:
    desk = asked.desk
    if not keys:
        return {}
    before, now = (
        numbers.series(desk.session, desk.calendar, keys, one.grain, asked.who, one, 1)
        for one in (asked.before, asked.now)
    )
    found = {}
    for key in keys:
        was, told = before[key][0].reading.value, now[key][0].reading.value
        if was is not None and told is not None:
            found[key] = (was, told)
    return found
