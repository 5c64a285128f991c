"""Measures that read one entity, record by record: aggregates, durations, cohorts, ranks."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from kpi_engine.definitions.kinds import Aggregate, Cohort, Duration, First, RankAccuracy
from kpi_engine.definitions.takes import Take, Within
from kpi_engine.reading import Absence
from kpi_engine.units import Unit
from tests.oracle.lens import Lens, Outcome, Window
from tests.oracle.records import Row
from tests.oracle.spans import elapsed, in_unit, length, taken

ADDS_UP = (Take.COUNT, Take.SUM, Take.DISTINCT)


def aggregate(lens: Lens, measure: Aggregate, window: Window, unit: Unit) -> Outcome:
    """Return one value from the records placed in the window."""
    lacking = lens.lacking(measure.entity, measure.on)
    if lacking or measure.on is None:
        return Outcome(why=lacking)
    rows = [
        row
        for row in lens.rows(measure.entity, measure.where)
        if lens.placed(measure.entity, row, measure.on, window.days)
    ]
    values = [
        each if measure.take is Take.DISTINCT else Fraction(each)
        for row in rows
        if (each := _worth(lens, measure, row)) is not None
    ]
    zero = measure.take in ADDS_UP
    if not values:
        return Outcome(why=Absence.NO_ROWS, seen=bool(rows), zero_when_empty=zero)
    found = taken(measure.take, values)
    return Outcome(found, n=len(values), seen=True, zero_when_empty=zero)


def _worth(lens: Lens, measure: Aggregate, row: Row) -> Any:
    if measure.value is None:
        return Fraction(1)
    return lens.value(measure.entity, row, measure.value)


def duration(lens: Lens, measure: Duration, window: Window, unit: Unit) -> Outcome:
    """Return what the times from start to end of the window's records come to."""
    lacking = lens.lacking(measure.entity, measure.on)
    if lacking:
        return Outcome(why=lacking)
    rows = [
        row
        for row in lens.rows(measure.entity, measure.where)
        if lens.placed(measure.entity, row, measure.on, window.days)
    ]
    times: list[timedelta] = []
    unended, negative = 0, 0
    for row in rows:
        start = lens.value(measure.entity, row, measure.start)
        end = lens.value(measure.entity, row, measure.end)
        if start is None:
            continue
        if end is None:
            unended += 1
        elif lens.moment(end) < lens.moment(start):
            negative += 1
        else:
            times.append(elapsed(lens, start, end, measure.clock))
    beside = (("open", Fraction(unended)), ("negative", Fraction(negative)))
    return spread(measure.take, times, len(times) + unended, unit, beside)


def spread(
    take: Take | Within,
    times: list[timedelta],
    placed: int,
    unit: Unit,
    beside: tuple[tuple[str, Fraction], ...],
) -> Outcome:
    """Return the share of `placed` records inside a limit, or what the times come to."""
    seen = placed > 0 or any(count for _, count in beside)
    if isinstance(take, Within):
        if not placed:
            return Outcome(why=Absence.ZERO_DENOMINATOR, beside=beside, seen=seen)
        inside = Fraction(sum(time <= length(take.limit) for time in times))
        under = Fraction(placed)
        return Outcome(inside / under, None, placed, inside, under, beside, seen=True)
    if not times:
        return Outcome(why=Absence.NO_ROWS, beside=beside, seen=seen)
    value = taken(take, [in_unit(time, unit) for time in times])
    return Outcome(value, n=len(times), beside=beside, seen=True)


def cohort(lens: Lens, measure: Cohort, window: Window, unit: Unit) -> Outcome:
    """Return the share of the window's records that reached the event in time."""
    lacking = lens.lacking(measure.entity, measure.on)
    if lacking:
        return Outcome(why=lacking)
    rows = [
        row
        for row in lens.rows(measure.entity, measure.where)
        if lens.placed(measure.entity, row, measure.on, window.days)
    ]
    if not rows:
        return Outcome(why=Absence.NO_ROWS)
    over = Fraction(sum(_reached(lens, measure, row) for row in rows))
    under = Fraction(len(rows))
    ripe = measure.within is None or (
        window.period.end <= window.today
        and all(_window_passed(lens, measure, row, window) for row in rows)
    )
    value = over / under if ripe else None
    return Outcome(value, None if ripe else Absence.IMMATURE, len(rows), over, under, seen=True)


def _reached(lens: Lens, measure: Cohort, row: Row) -> bool:
    on = lens.value(measure.entity, row, measure.on)
    reached = lens.value(measure.entity, row, measure.reaches)
    if reached is None or measure.within is None:
        return reached is not None
    window = length(measure.within)
    if hasattr(on, "hour") and hasattr(reached, "hour"):
        return reached <= on + window
    return lens.day(reached) <= lens.day(on) + window


def _window_passed(lens: Lens, measure: Cohort, row: Row, window: Window) -> bool:
    on = lens.value(measure.entity, row, measure.on)
    reaches_date = any(
        value is not None and not hasattr(value, "hour")
        for record in lens.world.now(measure.entity)
        for value in (lens.value(measure.entity, record, measure.reaches),)
    )
    if hasattr(on, "hour") and not reaches_date:
        return on + length(measure.within) <= lens.moment(window.today)
    return lens.day(on) + length(measure.within) <= window.today


def first(lens: Lens, measure: First, window: Window, unit: Unit) -> Outcome:
    """Return how many keys had their first moment in the window."""
    lacking = lens.lacking(measure.entity, measure.on)
    if lacking:
        return Outcome(why=lacking)
    earliest: dict[Any, tuple[Any, Row]] = {}
    for row in lens.of_any_group().rows(measure.entity, measure.where):
        key = lens.world.identity(measure.entity, row, measure.per)
        on = lens.value(measure.entity, row, measure.on)
        if key is not None and on is not None:
            rank = (lens.moment(on), row["source"], row["id"])
            if key not in earliest or rank < earliest[key][0]:
                earliest[key] = (rank, row)
    kept = {(row["source"], row["id"]) for _, row in earliest.values()}
    count = sum(
        (row["source"], row["id"]) in kept
        and lens.placed(measure.entity, row, measure.on, window.days)
        for row in lens.rows(measure.entity, measure.where)
    )
    if not count:
        return Outcome(why=Absence.NO_ROWS, zero_when_empty=True)
    return Outcome(Fraction(count), n=count, seen=True, zero_when_empty=True)


def rank_accuracy(lens: Lens, measure: RankAccuracy, window: Window, unit: Unit) -> Outcome:
    """Return how often a record with the event outranks one without; a tie counts half."""
    lacking = lens.lacking(measure.entity, measure.on)
    if lacking:
        return Outcome(why=lacking)
    ranked = [
        (
            Fraction(lens.value(measure.entity, row, measure.score)),
            lens.value(measure.entity, row, measure.event) is True,
        )
        for row in lens.rows(measure.entity, measure.where)
        if lens.placed(measure.entity, row, measure.on, window.days)
        and lens.value(measure.entity, row, measure.score) is not None
    ]
    n = len(ranked)
    if not n:
        return Outcome(why=Absence.NO_ROWS)
    with_it = [score for score, event in ranked if event]
    without = [score for score, event in ranked if not event]
    if n < measure.least or not with_it or not without:
        return Outcome(why=Absence.TOO_FEW, n=n, seen=n > 0)
    won = sum(Fraction((a > b) * 2 + (a == b), 2) for a in with_it for b in without)
    return Outcome(won / (len(with_it) * len(without)), n=n, seen=True)
