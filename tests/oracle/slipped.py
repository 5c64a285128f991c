"""Open records whose expected date moved out of the period while it ran."""

from datetime import date, datetime
from fractions import Fraction

from kpi_engine.definitions.kinds import Slipped
from kpi_engine.reading import Absence
from kpi_engine.units import Unit
from tests.oracle.days import midnight
from tests.oracle.lens import Lens, Outcome, Window
from tests.oracle.records import Row, identity_of

BEGINNING, NEVER = datetime(1, 1, 1), datetime(9999, 1, 1)
State = tuple[datetime, date | None]
"""From when on, and which date was expected then."""


def timeline(lens: Lens, measure: Slipped, row: Row) -> list[State]:
    """Return the dates that were expected of a record, each from when on.

    Every version tells a date from when it became known, the first from the beginning. A recorded
    change tells it from its moment on, and stands in for the first version.
    """
    versions = lens.world.versions(measure.entity, row)
    told = [(version["loaded_at"], 0, version.get(measure.expected)) for version in versions]
    changes = [
        (change["changed_at"], 1, change["expected_close_on"])
        for change in lens.world.now("stage_change")
        if change.get("expected_close_on") is not None
        and lens.world.identity("stage_change", change, "opportunity_id") == identity_of(row)
    ]
    if changes:
        told = told[1:] + changes
    else:
        told[0] = (BEGINNING, 0, told[0][2])
    return [(at, day) for at, _, day in sorted(told, key=lambda each: each[:2])]


def slipped(lens: Lens, measure: Slipped, window: Window, unit: Unit) -> Outcome:
    """Return how many records were expected in the window, are open, and expected after it."""
    if not lens.world.loaded(measure.entity):
        return Outcome(why=Absence.NOT_LOADED)
    records = lens.world.now(measure.entity)
    if not any(len(timeline(lens, measure, row)) > 1 for row in records):
        return Outcome(why=Absence.NO_HISTORY)
    rows = lens.rows(measure.entity, measure.where)
    expected = [row for row in rows if _was_expected(lens, measure, row, window)]
    count = sum(_moved_out(lens, measure, row, window) for row in expected)
    if not count:
        return Outcome(why=Absence.NO_ROWS, seen=bool(expected), zero_when_empty=True)
    return Outcome(Fraction(count), n=count, seen=True, zero_when_empty=True)


def _was_expected(lens: Lens, measure: Slipped, row: Row, window: Window) -> bool:
    start = midnight(window.days.start, lens.zone)
    end = midnight(window.edge(window.days.end), lens.zone)
    states = timeline(lens, measure, row)
    until = [at for at, _ in states[1:]] + [NEVER]
    return any(
        day is not None and day in window.days and at < end and over > start
        for (at, day), over in zip(states, until, strict=True)
    )


def _moved_out(lens: Lens, measure: Slipped, row: Row, window: Window) -> bool:
    edge = window.edge(window.days.end)
    opened = lens.value(measure.entity, row, measure.opened)
    closed = lens.value(measure.entity, row, measure.closed)
    if opened is None or not lens.before(opened, edge):
        return False
    if closed is not None and lens.before(closed, edge):
        return False
    end = midnight(edge, lens.zone)
    told = [day for at, day in timeline(lens, measure, row) if at < end]
    return bool(told) and told[-1] is not None and told[-1] >= window.days.end
