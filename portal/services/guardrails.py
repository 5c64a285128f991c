"""Guardrail pairs: a KPI that gets better while the one that guards it gets worse.

Both must have moved beyond chance (kpi_engine.statistics.shift): the last weeks or months against
those before, the primary by an interval of 95 %, the guardrail, of which only one side is looked
at, by one of 90 %. Where both are counts, the guardrail is read per unit of the primary: more calls
should bring more meetings, so fewer meetings a call are worse. How often it cries wolf, and its
limits: docs/attribution.md.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Aggregate, Duration, Kpi, KpiKey
from kpi_engine.definitions.takes import Take
from kpi_engine.periods import Grain, Period
from kpi_engine.reading import State
from kpi_engine.statistics import shift
from kpi_engine.statistics.shift import Chance, Shift
from kpi_engine.units import SHARES, Unit
from portal.services import numbers
from portal.services.desks import Desk
from portal.services.guardrail_text import Pairing, evidence, question, sentence
from portal.services.kpi_sights import COARSER
from portal.services.numbers import Point, Who
from portal.services.quotients import makes_it

RECENT: Mapping[Grain, int] = {
    Grain.DAY: 28,
    Grain.WEEK: 8,
    Grain.MONTH: 2,
    Grain.QUARTER: 1,
    Grain.YEAR: 1,
}
"""So many of the last periods are told against those before."""
BEFORE: Mapping[Grain, int] = {
    Grain.DAY: 91,
    Grain.WEEK: 26,
    Grain.MONTH: 12,
    Grain.QUARTER: 8,
    Grain.YEAR: 8,
}
_LEAST_RECORDS = 10
"""What stands on fewer recent records is not told; a count is its own records."""
_BY = 100
"""A guardrail is read by so many of the primary."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A primary KPI got better and its guardrail worse, both beyond chance."""

    primary: KpiKey
    guardrail: KpiKey
    sentence: str
    """'Calls made rose 37 % while qualified meetings for each fell 51 %.'"""
    evidence: tuple[str, ...]
    """One line for each of the two, with windows and intervals."""
    question: str
    """The review's question on unhealthy behaviour, answered by the evidence."""


def alarms(
    desk: Desk, kpis: Collection[KpiKey], who: Who, period: Period
) -> Mapping[KpiKey, tuple[Alarm, ...]]:
    """Return the alarms of some KPIs in a scope, as the numbers up to a period's end show them.

    A KPI without any is missing. Each pair is told at the coarser of its two cadences.
    """
    found: dict[KpiKey, list[Alarm]] = {}
    # An alarm is told of the KPI that is guarded; what guards it is a part of what is told.
    pairs = list(_pairs(desk, [kpi for kpi in kpis if desk.sees(kpi, who)]))
    for grain in dict.fromkeys(grain for _, _, grain in pairs):
        told = [(one, other) for one, other, at in pairs if at is grain]
        for alarm in _of_grain(desk, told, who, _last(desk, grain, period)):
            found.setdefault(alarm.primary, []).append(alarm)
    return {key: tuple(told) for key, told in found.items()}


def _pairs(desk: Desk, kpis: Collection[KpiKey]) -> Iterator[tuple[Kpi, Kpi, Grain]]:
    for key in dict.fromkeys(kpis):
        if key not in desk.catalogue:
            continue
        kpi = desk.catalogue[key]
        for guard in kpi.guardrails:
            if guard in desk.catalogue:
                other = desk.catalogue[guard]
                yield kpi, other, max(kpi.cadence, other.cadence, key=COARSER.index)


def _last(desk: Desk, grain: Grain, period: Period) -> Period:
    """Return the last closed period of a grain that ends no later than the one asked for."""
    latest = numbers.latest(desk.session, desk.calendar, grain, desk.today)
    if latest.end <= period.end:
        return latest
    held = desk.calendar.holding(period.start, grain)
    while held.end < period.end and desk.calendar.shift(held.start, grain, 1) < period.end:
        following = desk.calendar.holding(desk.calendar.shift(held.start, grain, 1), grain)
        if following.end > period.end:
            break
        held = following
    return held if held.end <= period.end else desk.calendar.previous(held)


def _of_grain(
    desk: Desk, pairs: Collection[tuple[Kpi, Kpi]], who: Who, last: Period
) -> Iterator[Alarm]:
    grain = last.grain
    keys = list(dict.fromkeys(one.key for pair in pairs for one in pair))
    count = RECENT[grain] + BEFORE[grain]
    series = numbers.series(desk.session, desk.calendar, keys, grain, who, last, count)
    for primary, guard in pairs:
        told = moved_apart(primary, guard, series[primary.key], series[guard.key])
        if told is not None:
            spans = _span(series[primary.key]), _span(series[guard.key])
            pairing = Pairing(primary, guard, *told, spans, per_unit=_per_unit(primary, guard))
            yield Alarm(
                primary.key,
                guard.key,
                sentence(pairing, desk.formats),
                evidence(pairing, desk.formats),
                question(pairing, desk.formats),
            )


def moved_apart(
    primary: Kpi, guard: Kpi, points: tuple[Point, ...], guarded: tuple[Point, ...]
) -> tuple[Shift, Shift] | None:
    """Return both shifts where a pair is an alarm: the primary better, the guardrail worse.

    Args:
        primary: The KPI that is guarded.
        guard: The one that guards it.
        points: The primary's periods, the oldest first, all of one grain.
        guarded: The guardrail's, of the same periods.
    """
    recent = RECENT[points[0].period.grain]
    if not _enough(primary, points[-recent:]):
        return None
    first = shift.shift(
        *_windows([_own(primary, point) for point in points], recent), chance_of(primary)
    )
    if first is None or _goodness(primary, first) <= 0:
        return None
    if _per_unit(primary, guard):
        told = [_each(point, other) for point, other in zip(points, guarded, strict=True)]
        chance = Chance.COUNT
    elif _enough(guard, guarded[-recent:]):
        told, chance = [_own(guard, point) for point in guarded], chance_of(guard)
    else:
        return None
    second = shift.shift(*_windows(told, recent), chance, shift.Z90)
    return (first, second) if second is not None and _goodness(guard, second) < 0 else None


def _enough(kpi: Kpi, points: Sequence[Point]) -> bool:
    """Say whether the late periods stand on enough records; a count is its own records."""
    told = [point.reading for point in points if point.reading.state is State.FINAL]
    many = sum(reading.n for reading in told)
    return bool(told) and (kpi.unit is Unit.COUNT or many >= _LEAST_RECORDS)


def _span(points: tuple[Point, ...]) -> tuple[Period, ...]:
    """Return the late periods that have final numbers."""
    late = points[-RECENT[points[0].period.grain] :]
    return tuple(point.period for point in late if point.reading.state is State.FINAL)


def _per_unit(primary: Kpi, guard: Kpi) -> bool:
    """Say whether the guardrail is read per unit of the primary: both count, and more is better."""
    both = (primary, guard)
    return all(one.unit is Unit.COUNT and one.better is Better.HIGHER for one in both)


def _goodness(kpi: Kpi, moved: Shift) -> int:
    """Return 1 where a KPI got better beyond chance, -1 where it got worse, else 0."""
    if kpi.better is Better.RANGE:
        return 0
    return moved.beyond if kpi.better is Better.HIGHER else -moved.beyond


def _windows(
    told: list[shift.Period | None], recent: int
) -> tuple[list[shift.Period], list[shift.Period]]:
    before = [one for one in told[:-recent] if one is not None]
    return before, [one for one in told[-recent:] if one is not None]


def chance_of(kpi: Kpi) -> Chance:
    """Return what a KPI's numbers cannot vary less than."""
    if kpi.unit is Unit.COUNT:
        return Chance.COUNT
    return Chance.SHARE if kpi.unit is Unit.RATIO else Chance.AMOUNT


def _own(kpi: Kpi, point: Point) -> shift.Period | None:
    """Return what a period adds: a quotient by its parts, a mean by its records, else its value.

    So two months of ten deals and of thirty have the mean of the forty.
    """
    reading = point.reading
    if reading.value is None or reading.state is not State.FINAL:
        return None
    if reading.over is not None and reading.under and (kpi.unit in SHARES or makes_it(reading)):
        return shift.Period(reading.over, reading.under)
    measure = kpi.measure
    if isinstance(measure, Aggregate | Duration) and measure.take is Take.MEAN:
        return shift.Period(reading.value * reading.n, float(reading.n))
    return shift.Period(reading.value)


def _each(point: Point, other: Point) -> shift.Period | None:
    made, came = point.reading, other.reading
    if made.value is None or not made.value or State.FINAL is not made.state:
        return None
    # No record at all of what should come of it is none of it.
    return shift.Period(came.value or 0.0, made.value / _BY)
