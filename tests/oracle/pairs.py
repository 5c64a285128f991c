"""Measures that bring two kinds of record together: first touches, and actual with forecast."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.definitions.kinds import FirstTouch, Paired
from kpi_engine.definitions.takes import PairTake
from kpi_engine.reading import Absence
from kpi_engine.units import Unit
from tests.oracle.dimensions import owner_of
from tests.oracle.lens import Lens, Outcome, Window
from tests.oracle.records import Row, identity_of
from tests.oracle.simple import spread
from tests.oracle.spans import elapsed


def first_touch(lens: Lens, measure: FirstTouch, window: Window, unit: Unit) -> Outcome:
    """Return how long the window's records waited for their first touch."""
    lacking = lens.lacking(measure.of, measure.after) or lens.lacking(measure.first, measure.at)
    if lacking:
        return Outcome(why=lacking)
    waiting = [
        row
        for row in lens.rows(measure.of, measure.of_where)
        if lens.placed(measure.of, row, measure.after, window.days)
    ]
    touches = lens.everyones().rows(measure.first, measure.where)
    times: list[timedelta] = []
    for row in waiting:
        after = lens.value(measure.of, row, measure.after)
        moments = [
            at
            for touch in touches
            if _meets(lens, measure, touch, row)
            and (at := lens.value(measure.first, touch, measure.at)) is not None
            and _not_before(lens, at, after)
        ]
        if moments:
            # A date counts from its midnight: an answer of the same day took no time.
            passed = elapsed(lens, after, min(moments), measure.clock)
            times.append(max(passed, timedelta()))
    beside = (("open", Fraction(len(waiting) - len(times))),)
    return spread(measure.take, times, len(waiting), unit, beside)


def _meets(lens: Lens, measure: FirstTouch, touch: Row, row: Row) -> bool:
    """Whether the touch names the waiting record, or the same record that the waiting one names."""
    named = lens.world.identity(measure.first, touch, measure.by)
    if named is None:
        return False
    if measure.key == "id":
        return named == identity_of(row)
    if QUERYABLE[measure.of].column(measure.key).refers:
        return named == lens.world.identity(measure.of, row, measure.key)
    return touch[measure.by] == row.get(measure.key) and touch["source"] == row["source"]


def _not_before(lens: Lens, at: date | datetime, after: date | datetime) -> bool:
    if isinstance(at, datetime) and isinstance(after, datetime):
        return at >= after
    return lens.day(at) >= lens.day(after)


def paired(lens: Lens, measure: Paired, window: Window, unit: Unit, evaluate: Any) -> Outcome:
    """Return how near the forecasts came, owner by owner."""
    owners = {
        owner
        for row in lens.world.now("forecast")
        if (owner := owner_of(lens.world, "forecast", row)) is not None
    }
    pairs: list[tuple[Fraction, Fraction]] = []
    whole = [evaluate(lens, part, window, unit) for part in (measure.actual, measure.forecast)]
    for outcome in whole:
        if outcome.why in (Absence.NOT_LOADED, Absence.NO_DATE):
            return Outcome(why=outcome.why)
    for owner in owners:
        forecast = evaluate(lens.of_owner(owner), measure.forecast, window, unit)
        actual = evaluate(lens.of_owner(owner), measure.actual, window, unit)
        if forecast.n > 0:
            pairs.append((actual.as_part or Fraction(0), forecast.as_part or Fraction(0)))
    seen = any(outcome.seen for outcome in whole)
    if not pairs:
        return Outcome(why=Absence.NO_ROWS, seen=seen)
    total = sum(actual for actual, _ in pairs)
    if measure.take is PairTake.ACCURACY:
        over = sum((abs(actual - forecast) for actual, forecast in pairs), Fraction(0))
    else:
        over = sum((forecast - actual for actual, forecast in pairs), Fraction(0))
    if total <= 0:
        why = Absence.ZERO_DENOMINATOR
        return Outcome(None, why, len(pairs), over, total, seen=True)
    value = (
        max(Fraction(0), 1 - over / total) if measure.take is PairTake.ACCURACY else over / total
    )
    return Outcome(value, None, len(pairs), over, total, seen=True)
