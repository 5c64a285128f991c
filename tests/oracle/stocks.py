"""What stands open at a moment, and how it changed from one moment to another."""

from datetime import date
from fractions import Fraction
from math import ceil

from kpi_engine.definitions.kinds import Balance, Stock
from kpi_engine.definitions.takes import At, BalanceTake, Take
from kpi_engine.reading import Absence
from kpi_engine.units import Unit
from tests.oracle.days import ONE_DAY, Days, midnight
from tests.oracle.lens import Lens, Outcome, Window
from tests.oracle.records import Identity, Row
from tests.oracle.simple import ADDS_UP
from tests.oracle.spans import taken
from tests.oracle.stages import stands_on_stage, stood_then


def standing(lens: Lens, measure: Stock | Balance, day: date) -> list[Row]:
    """Return the records that had been opened before `day` began, and not closed by then."""
    found: list[Row] = []
    for row in lens.rows(measure.entity, measure.where):
        opened = lens.value(measure.entity, row, measure.opened)
        closed = lens.value(measure.entity, row, measure.closed)
        if opened is None or not lens.before(opened, day):
            continue
        if closed is None or not lens.before(closed, day):
            found.append(row)
    return found


def worth(lens: Lens, measure: Stock | Balance, row: Row, day: date) -> object:
    """Return the value of a standing record, from what was known of it when `day` began."""
    if measure.value is None:
        return Fraction(1)
    moment = midnight(day, lens.zone)
    if stands_on_stage(measure.entity, measure.value):
        then = stood_then(lens.world, row, moment)
    else:
        then = lens.world.known_then(measure.entity, row, moment)
    return lens.value(measure.entity, then, measure.value)


def stock(lens: Lens, measure: Stock, window: Window, unit: Unit) -> Outcome:
    """Return what stood open at the window's start or end, or on the mean day."""
    lacking = lens.lacking(measure.entity, measure.opened)
    if lacking:
        return Outcome(why=lacking)
    if measure.at is At.MEAN:
        return _mean_stock(lens, measure, window)
    day = window.days.start if measure.at is At.START else window.edge(window.days.end)
    return _stock_at(lens, measure, day)


def _stock_at(lens: Lens, measure: Stock, day: date) -> Outcome:
    zero = measure.take in ADDS_UP
    rows = standing(lens, measure, day)
    values = [each for row in rows if (each := worth(lens, measure, row, day)) is not None]
    if zero and not rows and _came(lens, measure, day):
        # What came has all gone: nothing is known to stand, which is 0.
        return Outcome(Fraction(0), seen=True, zero_when_empty=True)
    if not values:
        return Outcome(why=Absence.NO_ROWS, seen=bool(rows), zero_when_empty=zero)
    n = len(rows) if zero or measure.take is Take.MEAN else len(values)
    found = taken(measure.take, [Fraction(each) for each in values])
    return Outcome(found, n=n, seen=True, zero_when_empty=zero)


def _came(lens: Lens, measure: Stock | Balance, day: date) -> bool:
    """Whether anything had been opened before `day` began, whatever became of it."""
    return any(
        lens.before(opened, day)
        for row in lens.rows(measure.entity, measure.where)
        if (opened := lens.value(measure.entity, row, measure.opened)) is not None
    )


def _mean_stock(lens: Lens, measure: Stock, window: Window) -> Outcome:
    zero = measure.take in ADDS_UP
    days: list[date] = []
    day = window.days.start
    while day < window.edge(window.days.end):
        day += ONE_DAY
        days.append(day)
    ends = [_stock_at(lens, measure, day) for day in days]
    values = [end.as_part for end in ends if end.as_part is not None]
    seen = any(end.seen for end in ends)
    unknown = any(end.seen and end.value is None for end in ends)
    if not any(end.n if unknown else end.value is not None for end in ends):
        return Outcome(why=Absence.NO_ROWS, seen=seen, zero_when_empty=zero)
    mean = sum(values, Fraction(0)) / len(values)
    stood = sum(len(standing(lens, measure, day)) for day in days)
    return Outcome(mean, n=ceil(Fraction(stood, len(days))), seen=seen, zero_when_empty=zero)


Balances = dict[Identity, Fraction]
AT_END = (BalanceTake.END, BalanceTake.ACCOUNTS_END)


def balances(lens: Lens, measure: Balance, day: date) -> Balances:
    """Return what each key's standing records come to when `day` begins."""
    found: Balances = {}
    for row in standing(lens, measure, day):
        key = lens.world.identity(measure.entity, row, measure.per)
        value = worth(lens, measure, row, day)
        if key is not None:
            found[key] = found.get(key, Fraction(0)) + Fraction(value or 0)
    return {key: amount for key, amount in found.items() if amount > 0}


def balance(lens: Lens, measure: Balance, window: Window, unit: Unit) -> Outcome:
    """Return what the accounts' balances tell, added over the window's steps."""
    lacking = lens.lacking(measure.entity, measure.opened)
    if lacking:
        return Outcome(why=lacking)
    # A step of a trailing window that has not begun tells nothing yet.
    begun = [step for step in window.steps if step.start <= window.today]
    steps = [_balance_step(lens, measure, window, step) for step in begun]
    n = sum(count for _, count, _ in steps)
    seen = any(seen for _, _, seen in steps)
    left = measure.take in AT_END and _came(lens, measure, window.edge(window.days.end))
    if not n and not left:
        return Outcome(why=Absence.NO_ROWS, zero_when_empty=True, seen=seen)
    value = sum((value for value, _, _ in steps), Fraction(0))
    return Outcome(value, n=n, seen=True, zero_when_empty=True)


def _balance_step(
    lens: Lens, measure: Balance, window: Window, step: Days
) -> tuple[Fraction, int, bool]:
    before = balances(lens, measure, step.start)
    after = balances(lens, measure, window.edge(step.end))
    n = len(after) if measure.take in AT_END else len(before)
    return _taken(measure.take, before, after), n, bool(before or after)


def _taken(take: BalanceTake, before: Balances, after: Balances) -> Fraction:
    nothing = Fraction(0)
    kept = {key: min(was, after.get(key, nothing)) for key, was in before.items()}
    rises = {key: after[key] - was for key, was in before.items() if after.get(key, nothing) > was}
    found = {
        BalanceTake.START: sum(before.values()),
        BalanceTake.END: sum(after.values()),
        BalanceTake.RETAINED: sum(after.get(key, nothing) for key in before),
        BalanceTake.KEPT: sum(kept.values()),
        BalanceTake.LOST: sum(before.values()) - sum(kept.values()),
        BalanceTake.GAINED: sum(rises.values()),
        BalanceTake.ACCOUNTS_START: len(before),
        BalanceTake.ACCOUNTS_END: len(after),
        BalanceTake.ACCOUNTS_LOST: sum(key not in after for key in before),
        BalanceTake.ACCOUNTS_GAINED: len(rises),
    }
    return Fraction(found[take])
