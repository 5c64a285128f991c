"""When customers were last in touch: the component of health that looks at most records."""

from datetime import date, timedelta
from math import ceil

from kpi_engine.compiler.clocks import period_calendar, period_number
from kpi_engine.compiler.dialect import day
from kpi_engine.compiler.jobs import Timeline
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.stretches import Asked
from kpi_engine.compiler.world import World
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.takes import HealthComponent
from kpi_engine.periods import Grain

_ONLY = "0"
"""The number of the one stretch."""


def contact(world: World, component: HealthComponent, asked: Asked) -> str:
    """Return SQL of (holder, p, raw): days from the last activity to the period's end."""
    raw = world.dialect.days_between("y.day", "b.until") + " - 1 AS raw"
    one = len(asked.line.periods) == 1
    last = _latest_contacts(world, component, asked) if one else _last_contacts(world, asked)
    return (
        f"SELECT y.holder, y.p, {raw} FROM ({last}) AS y"
        f" JOIN {ends(world, asked)} AS b ON b.p = y.p"
    )


def ends(world: World, asked: Asked) -> str:
    """Return a relation (p, until): the day after the last that is looked at of each period."""
    cells = ", ".join(
        f"({number}, {day(min(period.end, asked.today + timedelta(days=1)))})"
        for number, period in enumerate(asked.line.periods)
    )
    return world.dialect.values(cells, "p, until")


def _latest_contacts(world: World, component: HealthComponent, asked: Asked) -> str:
    """The last activity of each customer up to the end of the one period.

    Longer ago than both ends of the score all days count alike, so those who were in touch since
    are looked for among the rows of that time, and only the others among the older ones.
    """
    far = ceil(max(component.best, component.worst, 0.0))
    until = asked.last + timedelta(days=1)
    since = max(until - timedelta(days=far + 1), date.min + timedelta(days=2))
    lately = _touched(world, asked, (_ONLY, ""), since)
    origin = Origin(world, "activity")
    holder, moment = origin.reference((), "account_id"), origin.column((), "created_at")
    before = world.local.stamp(world.calendar.instant(since))
    return (
        f"SELECT holder, p, day FROM ({lately}) AS r UNION ALL SELECT DISTINCT {holder} AS holder,"
        f" {_ONLY} AS p, {day(since - timedelta(days=1))} AS day {origin.sql()}"
        f" SEMI JOIN (SELECT c.holder FROM customer AS c ANTI JOIN ({lately}) AS r"
        f" ON r.holder = c.holder) AS w ON w.holder = {holder} WHERE {moment} < {before}"
    )


def _last_contacts(world: World, asked: Asked) -> str:
    """The last activity of each customer up to the end of each period."""
    touched = _touched(world, asked, _stretch(world, asked))
    return (
        "SELECT holder, p, day FROM (SELECT holder, p, asks, max(day) OVER (PARTITION BY holder"
        " ORDER BY p, asks ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS day FROM"
        f" (SELECT g.holder, g.p, 0 AS asks, g.day FROM ({touched}) AS g"
        # Only then: the touches of those who are no customers cost less to group than to look up.
        " JOIN (SELECT DISTINCT holder FROM customer) AS k ON k.holder = g.holder"
        " UNION ALL SELECT holder, p, 1, NULL FROM customer) AS z) AS w"
        " WHERE w.asks = 1 AND w.day IS NOT NULL"
    )


def _touched(
    world: World, asked: Asked, stretch: tuple[str, str], since: date | None = None
) -> str:
    """The last activity of each account in each stretch: its number for a row `x`, and a join."""
    origin = Origin(world, "activity")
    holder, moment = origin.reference((), "account_id"), origin.column((), "created_at")
    until = world.local.stamp(world.calendar.instant(asked.last + timedelta(days=1)))
    bounds = f"{moment} < {until}"
    if since is not None:
        bounds += f" AND {moment} >= {world.local.stamp(world.calendar.instant(since))}"
    placed = world.wide.day(moment, ColumnType.TIME)
    last = world.wide.day("t.moment", ColumnType.TIME)
    number, join = stretch
    grouped = "" if number == _ONLY else f", {number}"
    return (
        f"SELECT t.holder, t.p, {last} AS day FROM (SELECT x.holder, {number} AS p,"
        f" max(x.moment) AS moment FROM (SELECT {holder} AS holder, {moment} AS moment,"
        f" {placed} AS day {origin.sql()} WHERE {holder} IS NOT NULL AND {bounds})"
        f" AS x{join} GROUP BY x.holder{grouped}) AS t"
    )


def _stretch(world: World, asked: Asked) -> tuple[str, str]:
    """SQL of the number of the stretch that holds `x.day`, 0 or less up to the first's end; a join.

    Where the periods end with the months it is arithmetic, and no table of days is joined.
    """
    line = asked.line
    months = world.calendar.periods(Grain.MONTH, line.periods[0].end, line.end)
    if [month.start for month in months] == [period.end for period in line.periods[:-1]]:
        passed = period_number(world, Timeline(Grain.MONTH, months), "x.day")
        return f"greatest({passed} + 1, 0)", ""
    calendar = period_calendar(world, {line.grain: line}, before=True)
    before = day(line.start - timedelta(days=1))
    join = f" JOIN ({calendar}) AS c ON c.day = greatest(x.day, {before})"
    return f"c.p_{line.grain.value}", join
