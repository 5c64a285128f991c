"""What people did: counts by kind over spans of days, for some people at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import mean

from kpi_engine.compiler.dialect import instant
from kpi_engine.engine.engine import Engine
from kpi_engine.periods import Calendar, Grain
from portal.services.deal_book import Whose, owner_key

_WEEKS = 8
_FEW_WEEKS = 4


class Doing(StrEnum):
    """What is counted, each as the KPI of that name counts it."""

    CALLS = "calls"
    CONNECTED = "connected"
    """Calls that reached somebody."""
    EMAILS = "emails"
    MEETINGS = "meetings"
    FOLLOW_UPS = "follow_ups"


_DONE = "coalesce(a.completed_at, a.created_at)"
_RULES: Mapping[Doing, tuple[str, str]] = {
    Doing.CALLS: ("a.kind = 'call'", _DONE),
    Doing.CONNECTED: ("a.kind = 'call' AND a.outcome = 'connected'", _DONE),
    Doing.EMAILS: ("a.kind = 'email' AND a.direction = 'outbound'", _DONE),
    Doing.MEETINGS: ("a.kind = 'meeting'", "a.created_at"),
    Doing.FOLLOW_UPS: ("a.kind IN ('follow_up', 'task')", "a.completed_at"),
}

SHOWN = (Doing.CALLS, Doing.EMAILS, Doing.MEETINGS, Doing.FOLLOW_UPS)
"""What a person is shown of their week."""

Span = tuple[date, date]
"""Days, half-open."""


@dataclass(frozen=True, slots=True)
class Mix:
    """What one person did this week so far, and usually by the same weekday."""

    doing: Doing
    count: int
    usual: float | None
    """The mean of the eight weeks before; None where fewer than four had anything at all."""


def counted(
    engine: Engine, whose: Whose, calendar: Calendar, spans: Sequence[Span]
) -> Mapping[tuple[str, Doing], tuple[int, ...]]:
    """Return for each person and doing the count in each span."""
    if "activity" not in engine.facts or not spans:
        return {}
    told = ("kind", "direction", "outcome", "created_at", "completed_at", "owner_id")
    records = engine.runner.now(engine.facts["activity"], ["id", "source", *told])
    key, joins = owner_key(engine, "a")
    bounds = [(calendar.instant(start), calendar.instant(end)) for start, end in spans]
    cells = ", ".join(
        f"({place}, {instant(start)}, {instant(end)})" for place, (start, end) in enumerate(bounds)
    )
    first, last = min(start for start, _ in bounds), max(end for _, end in bounds)
    kinds = " UNION ALL ".join(
        f"SELECT '{doing}' AS doing, {key} AS owner, {moment} AS moment FROM {records} AS a{joins}"
        f" WHERE {rule} AND {whose.condition(engine.runner.dialect, key)}"
        f" AND {moment} >= {instant(first)} AND {moment} < {instant(last)}"
        for doing, (rule, moment) in _RULES.items()
    )
    spanned = engine.runner.dialect.values(cells, "place, begins, ends")
    table = engine.runner.run(
        f"SELECT d.owner, d.doing, s.place, count(*) AS n FROM ({kinds}) AS d JOIN {spanned} AS s"
        " ON d.moment >= s.begins AND d.moment < s.ends GROUP BY d.owner, d.doing, s.place"
    )
    found: dict[tuple[str, Doing], list[int]] = defaultdict(lambda: [0] * len(spans))
    for row in table.to_pylist():
        found[row["owner"], Doing(row["doing"])][row["place"]] = row["n"]
    return {which: tuple(counts) for which, counts in found.items()}


def tells_last(calendar: Calendar, today: date) -> bool:
    """Say whether it is last week that is told: on the first day of a week."""
    return calendar.holding(today, Grain.WEEK).start == today


def weeks(calendar: Calendar, today: date) -> list[Span]:
    """Return this week so far, then the same part of each of the eight weeks before.

    On a week's first day it has nothing to tell yet: then it is the week before, whole, and eight
    whole weeks before that.
    """
    this = calendar.holding(today, Grain.WEEK)
    if tells_last(calendar, today):
        this, today = calendar.previous(this), this.start - timedelta(days=1)
    elapsed = today + timedelta(days=1) - this.start
    starts = [this.start - timedelta(weeks=back) for back in range(_WEEKS + 1)]
    return [(start, start + elapsed) for start in starts]


def mix(counts: Mapping[tuple[str, Doing], tuple[int, ...]], owner: str) -> tuple[Mix, ...]:
    """Return what a person did this week against the usual, from counts over `weeks`."""
    mine = {doing: counts.get((owner, doing), (0,) * (_WEEKS + 1)) for doing in SHOWN}
    busy = sum(any(one[week] for one in mine.values()) for week in range(1, _WEEKS + 1))
    return tuple(
        Mix(doing, one[0], mean(one[1:]) if busy >= _FEW_WEEKS else None)
        for doing, one in mine.items()
    )
