"""A time zone as a table of days: local times to UTC and UTC to local days, alike on every row.

The engine's own time zone functions take the later of two instants when a clock is turned back and
move a time that never was. Here the first of the two is taken, and a time that never was is null.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

_FROM, _TO = datetime(1970, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=14)
_DAY = 86_400_000_000
_DAYS = (_TO - _FROM).days
_FAR = 10**17


@dataclass(frozen=True, slots=True)
class _Turn:
    """A change of the clock: at the instant `start` it goes from `before` to `after` UTC."""

    start: datetime
    before: timedelta
    after: timedelta


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """A table by which one zone's times are moved; where the clock never turns there is none."""

    name: str
    fixed: timedelta | None
    """How far the clock is ahead of UTC, where it never turns."""
    statement: str | None
    """Makes the table."""

    def join(self, alias: str, moment: str) -> tuple[str, ...]:
        """Return the join by which a layer gets the row for `moment`, a timestamp column."""
        if self.fixed is not None:
            return ()
        day = f"least(greatest(epoch_us({moment}) // {_DAY}, 0), {_DAYS - 1})"
        on = f"{alias}.day = {day}"
        return (f"LEFT JOIN {self.name} AS {alias} ON {on}",)

    def utc(self, alias: str, local: str) -> str:
        """Return SQL for the UTC instant of a `local` time; null where it never was."""
        if self.fixed is not None:
            return _moved(local, -self.fixed)
        return (
            f"CASE WHEN epoch_us({local}) < {alias}.closed"
            f" THEN {local} - to_seconds({alias}.before)"
            f" WHEN epoch_us({local}) >= {alias}.opens"
            f" THEN {local} - to_seconds({alias}.after) END"
        )

    def local(self, alias: str, instant: str) -> str:
        """Return SQL for the local time at a UTC `instant`."""
        if self.fixed is not None:
            return _moved(instant, self.fixed)
        return (
            f"{instant} + to_seconds(CASE WHEN epoch_us({instant}) < {alias}.start"
            f" THEN {alias}.before ELSE {alias}.after END)"
        )


def local_table(name: str, zone: str) -> ZoneTable:
    """Return the table that takes local times of `zone` to UTC."""
    return _table(name, zone, "least(closed, opens)")


def instant_table(name: str, zone: str) -> ZoneTable:
    """Return the table that takes UTC instants to local times of `zone`."""
    return _table(name, zone, "start")


def first_instant_sql(zone: str, midnight: str) -> str:
    """Return SQL for the first instant of a day whose `midnight` the clock skips; null for others.

    Few zones turn their clocks at midnight, so for most this is a plain null.
    """
    whens = []
    for turn in _turns(zone):
        opens, closed = turn.start + turn.after, turn.start + turn.before
        day = datetime.combine(opens.date(), time())
        if closed <= day < opens:
            whens.append(f"WHEN {midnight} = TIMESTAMP '{day}' THEN TIMESTAMP '{turn.start}'")
    return f"CASE {' '.join(whens)} END" if whens else "NULL::TIMESTAMP"


def _table(name: str, zone: str, comes: str) -> ZoneTable:
    """Return a table with, for each day, the last turn that comes before the day ends."""
    turns = _turns(zone)
    first = int(_offset(ZoneInfo(zone), _FROM).total_seconds())
    if not turns:
        return ZoneTable(name, timedelta(seconds=first), None)
    rows = [f"(-{_FAR}, -{_FAR}, -{_FAR}, {first}, {first})", *map(_row, turns)]
    return ZoneTable(
        name,
        None,
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT day, start, closed, opens, before, after"
        f" FROM range(0, {_DAYS}) days(day) ASOF JOIN"
        f" (VALUES {', '.join(rows)}) turns(start, closed, opens, before, after)"
        f" ON (day + 1) * {_DAY} > {comes}",
    )


def _row(turn: _Turn) -> str:
    moments = (turn.start, turn.start + turn.before, turn.start + turn.after)
    since = [
        (moment - _FROM.replace(tzinfo=None)) // timedelta(microseconds=1) for moment in moments
    ]
    offsets = [int(offset.total_seconds()) for offset in (turn.before, turn.after)]
    return "(" + ", ".join(str(number) for number in (*since, *offsets)) + ")"


@lru_cache(maxsize=64)
def _turns(zone: str) -> tuple[_Turn, ...]:
    """Return the zone's turns from 1970 to 2050; before and after, the nearest offset goes on."""
    return tuple(_walk(ZoneInfo(zone)))


def _walk(info: ZoneInfo) -> Iterator[_Turn]:
    at, offset = _FROM, _offset(info, _FROM)
    while at < _TO:
        ahead = at + _STEP
        if _offset(info, ahead) == offset:
            at = ahead
            continue
        at = _bisect(at, ahead, partial(_moves, info, offset))
        yield _Turn(at.replace(tzinfo=None), offset, _offset(info, at))
        offset = _offset(info, at)


def _offset(info: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(info).utcoffset() or timedelta(0)


def _moves(info: ZoneInfo, offset: timedelta, instant: datetime) -> bool:
    return _offset(info, instant) != offset


def _bisect(low: datetime, high: datetime, moved: Callable[[datetime], bool]) -> datetime:
    """Return the first second after `low` at which the clock has moved."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (low, middle) if moved(middle) else (middle, high)
    return high


def _moved(column: str, by: timedelta) -> str:
    seconds = int(by.total_seconds())
    return f"({column} + to_seconds({seconds}))" if seconds else column
