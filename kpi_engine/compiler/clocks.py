"""SQL of calendars: which period a local day belongs to, and how long between two moments."""

from datetime import date, datetime, time, timedelta

from kpi_engine.compiler.dialect import Dialect, day
from kpi_engine.compiler.jobs import Timeline, Window
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.takes import Clock, Span, SpanUnit
from kpi_engine.errors import BadDefinitionError
from kpi_engine.periods import Calendar, Grain, Period

_MICROSECOND = 1_000_000
_DAY = 86_400 * _MICROSECOND
_UNITS = {
    SpanUnit.MINUTE: 60 * _MICROSECOND,
    SpanUnit.HOUR: 3_600 * _MICROSECOND,
    SpanUnit.DAY: _DAY,
    SpanUnit.WEEK: 7 * _DAY,
}
_GRAIN_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
Moment = tuple[str, ColumnType]
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def span_microseconds(span: Span) -> int:
    """Return the length of a span of fixed length.

    Raises:
        BadDefinitionError: if its unit has no fixed length (a month).
    """
    if span.unit not in _UNITS:
        raise BadDefinitionError(
            f"A window of {span.count:g} {span.unit.value}s has no fixed length. Use days."
        )
    return round(span.count * _UNITS[span.unit])


def window_start(calendar: Calendar, period: Period, window: Window) -> date:
    """Return the first day that `period` looks at through `window`."""
    if window.over is not None:
        return calendar.shift(period.end, Grain(window.over.unit.value), -int(window.over.count))
    if window.within is not None:
        return calendar.holding(period.start, Grain(window.within.value)).start
    return period.start


def period_calendar(world: World, timelines: dict[Grain, Timeline], *, before: bool) -> str:
    """Return a relation day → `p_<grain>` over the timelines' days, one row a day.

    With `before` it also holds the day before, as period -1: what was there already.
    """
    first = min(line.start for line in timelines.values())
    last = max(line.end for line in timelines.values())
    cells = []
    for grain, line in timelines.items():
        number = period_number(world, line)
        cells.append(
            f"CASE WHEN day >= {day(line.start)} AND day < {day(line.end)} THEN {number} END"
            f" AS p_{grain.value}"
            if not before
            else f"CASE WHEN day < {day(line.start)} THEN -1 ELSE {number} END AS p_{grain.value}"
        )
    start = first - timedelta(days=1) if before else first
    days = world.dialect.days(start, last - timedelta(days=1))
    return f"SELECT day, {', '.join(cells)} FROM {days} AS d"


def window_calendar(world: World, line: Timeline, window: Window) -> str:
    """Return a relation day → `p_<grain>` where a day is in every period that looks at it."""
    bounds = [
        (number, window_start(world.calendar, period, window), period.end)
        for number, period in enumerate(line.periods)
    ]
    cells = ", ".join(f"({number}, {day(start)}, {day(end)})" for number, start, end in bounds)
    days = world.dialect.days(min(start for _, start, _ in bounds), line.end - timedelta(days=1))
    looks = world.dialect.values(cells, "p, first, last")
    return (
        f"SELECT d.day, w.p AS p_{line.grain.value} FROM {days} AS d"
        f" JOIN {looks} AS w ON d.day >= w.first AND d.day < w.last"
    )


def period_number(world: World, line: Timeline, of: str = "day") -> str:
    """Return the number of the period of a timeline that holds the day `of`, by arithmetic."""
    first, grain = line.start, line.grain
    if not line.even:
        cases = " ".join(
            f"WHEN {of} < {day(period.end)} THEN {place}"
            for place, period in enumerate(line.periods)
        )
        return f"CASE {cases} END"
    if grain in _GRAIN_MONTHS:
        length = _GRAIN_MONTHS[grain]
        passed = f"(year({of}) * 12 + month({of}) - {first.year * 12 + first.month})"
    else:
        length = {Grain.DAY: 1, Grain.WEEK: 7}[grain]
        passed = world.dialect.days_between(day(first), of)
    return passed if length == 1 else f"CAST(floor({passed} / {length}) AS INT)"


def local_day(origin: Origin, moment: Expression) -> str:
    """Return the local day of a moment that an expression over the origin tells."""
    return origin.world.local.day(origin.expression(moment), moment.type)


def eve_of(world: World, moment: str, line: Timeline) -> str:
    """Return the local day of the instant just before a moment, kept near the periods.

    What holds from a moment on holds at the end of that day, as what is opened then does not yet.
    """
    low = world.local.stamp(world.calendar.instant(line.start - timedelta(days=1)))
    high = world.local.stamp(world.calendar.instant(line.end + timedelta(days=1)))
    bound = f"least(greatest({moment}, {low}), {high})"
    return world.local.day(f"({bound} - INTERVAL '0.000001' SECOND)", ColumnType.TIME)


def elapsed(origin: Origin, start: Expression, end: Expression, clock: Clock) -> str:
    """Return the microseconds from one moment of a record to another; dates by whole days."""
    begun = (origin.expression(start), start.type)
    return moments_elapsed(origin, begun, (origin.expression(end), end.type), clock)


def moments_elapsed(origin: Origin, start: Moment, end: Moment, clock: Clock) -> str:
    """Return the microseconds between two moments, each SQL and its type."""
    world = origin.world
    if clock is Clock.BUSINESS:
        calendar = origin.once(moments_elapsed(origin, start, end, Clock.CALENDAR))
        # An end before the start is a fault of the data, also where no working hour lies between.
        worked = f"{_worked(origin, *end)} - {_worked(origin, *start)}"
        return f"CASE WHEN {calendar} < 0 THEN {calendar} ELSE {worked} END"
    if start[1] is end[1] is ColumnType.DATE:
        days = world.dialect.days_between(start[0], end[0])
        return f"(CAST({days} AS BIGINT) * {_DAY})"
    return world.dialect.microseconds(world.wide.midnight(*start), world.wide.midnight(*end))


def raw_bounds(origin: Origin, on: Expression, first: date, last: date) -> list[str]:
    """Return conditions that `on` lies in the days from `first` to before `last`."""
    sql = origin.expression(on)
    if on.type is ColumnType.DATE:
        return [f"{sql} >= {day(first)}", f"{sql} < {day(last)}"]
    stamp, calendar = origin.world.local.stamp, origin.world.calendar
    return [
        f"{sql} >= {stamp(calendar.instant(first))}",
        f"{sql} < {stamp(calendar.instant(last))}",
    ]


def _worked(origin: Origin, sql: str, kind: ColumnType) -> str:
    """Return the business microseconds from a fixed Monday to a moment, by local wall clock.

    Weeks are counted whole, then the days of the running week, then the hours of the day; the
    holidays up to the moment are taken off. No calendar table is joined, so no row is multiplied.
    """
    wide = origin.world.wide
    local = origin.once(wide.local(wide.midnight(sql, kind)))
    return _BusinessHours(origin.world).until(local)


class _BusinessHours:
    """Arithmetic of the tenant's working week."""

    def __init__(self, world: World) -> None:
        self._dialect = world.dialect
        told = world.settings["business_hours"]
        holidays = world.settings["holidays"]
        hours = told if isinstance(told, dict) else {}
        self._open = _of_day(str(hours.get("open", "09:00")))
        self._length = _of_day(str(hours.get("close", "17:00"))) - self._open
        days = hours.get("days", _WEEKDAYS[:5])
        self._working = [name in days for name in _WEEKDAYS]
        self._holidays = sorted(
            found
            for found in (_as_date(holiday) for holiday in _items(holidays))
            if self._working[found.weekday()]
        )

    def until(self, local: str) -> str:
        """Return the working microseconds from Monday 1970-01-05 to a local wall-clock time."""
        the_day = f"CAST({local} AS DATE)"
        passed = self._dialect.days_between("DATE '1970-01-05'", the_day)
        weeks = f"floor({passed} / 7)"
        weekday = f"({passed} - 7 * {weeks})"
        before = [sum(self._working[:number]) for number in range(7)]
        cases = " ".join(f"WHEN {number} THEN {count}" for number, count in enumerate(before))
        days = f"({weeks} * {sum(self._working)} + CASE {weekday} {cases} END)"
        today = [str(number) for number, works in enumerate(self._working) if works]
        works = f"{weekday} IN ({', '.join(today)})" if today else "FALSE"
        into = f"least(greatest({self._of_day(local, the_day)} - {self._open}, 0), {self._length})"
        if self._holidays:
            named = ", ".join(day(found) for found in self._holidays)
            taken = " + ".join(
                f"CASE WHEN {the_day} > {day(found)} THEN 1 ELSE 0 END" for found in self._holidays
            )
            days, works = f"({days} - ({taken}))", f"({works} AND {the_day} NOT IN ({named}))"
        whole = f"CAST({days} AS BIGINT) * {self._length}"
        return f"({whole} + CASE WHEN {works} THEN {into} ELSE 0 END)"

    def _of_day(self, local: str, the_day: str) -> str:
        stamp = "TIMESTAMP" if self._dialect is Dialect.DUCKDB else "TIMESTAMP_NTZ"
        return self._dialect.microseconds(f"CAST({the_day} AS {stamp})", local)


def _of_day(text: str) -> int:
    told = datetime.combine(date.min, time.fromisoformat(text))
    return int((told - datetime.combine(date.min, time())).total_seconds()) * _MICROSECOND


def _as_date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _items(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()
