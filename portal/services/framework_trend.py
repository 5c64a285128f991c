"""The score of the framework over the last weeks: a small line and how far it moved."""

from collections.abc import Sequence
from datetime import date, timedelta

from kpi_engine.language import tr
from portal.readmodels.cards import Spark
from portal.services.desks import Desk
from portal.services.framework_scores import Score

_WEEKS = 13
_BACK = timedelta(days=120)


def spark_of(scores: Sequence[Score], now: int, today: date) -> Spark:
    """Return the score at the end of each of the last weeks; a gap before it was first kept."""
    days = [today - timedelta(weeks=back) for back in range(_WEEKS - 1, 0, -1)]
    points = [_on(scores, day) for day in days]
    told = [one for one in points if one is not None]
    if told:
        summary = tr(
            "From {first} to {last} in {count} weeks", first=told[0], last=now, count=len(told)
        )
    else:
        summary = tr("{score}, checked today", score=now)
    return Spark((*points, now), summary=summary)


def change_of(scores: Sequence[Score], now: int, desk: Desk) -> tuple[str, bool | None]:
    """Return how far the score moved since some months ago, and whether it rose."""
    first = next((one for one in scores if one.day >= desk.today - _BACK), None)
    if first is None or first.day == desk.today:
        return tr("first kept today"), None
    moved = now - first.score
    since = desk.formats.day(first.day)
    if not moved:
        return tr("as on {day}", day=since), None
    sign = "+" if moved > 0 else "\N{MINUS SIGN}"
    return tr("{change} since {day}", change=f"{sign}{abs(moved)}", day=since), moved > 0


def _on(scores: Sequence[Score], day: date) -> int | None:
    before = [one.score for one in scores if one.day <= day]
    return before[-1] if before else None
