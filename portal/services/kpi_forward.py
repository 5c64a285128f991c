"""The page of a KPI that looks forward: the period that runs, beside others by their same day."""

from collections.abc import Callable, Sequence

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr
from kpi_engine.reading import Reading
from portal.readmodels.cards import Change, Finding
from portal.readmodels.formats import Formats
from portal.readmodels.kpi_page import Cell
from portal.services import coverage
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight
from portal.services.numbers import Point

Changed = Callable[[Kpi, Reading, Reading, Formats], Change | None]


def followed(
    workshop: Workshop, sight: Sight, points: tuple[Point, ...]
) -> tuple[tuple[Point, ...], bool]:
    """Return the points of a page, and whether those before the last are told by its same day."""
    found = coverage.by_day(sight.desk, workshop, sight.view.who, {sight.kpi.key: points[-1]}).get(
        sight.kpi.key, ()
    )
    return ((*found, points[-1]), True) if found else (points, False)


def each_by_day(sight: Sight, told: bool) -> str:  # noqa: FBT001 - whether it is so at all
    """Say that each period is told by the same day of it; empty where none is."""
    if not told:
        return ""
    day = coverage.day_of(sight.period, sight.desk.today)
    return tr("Each period as it stood by its day {day}.", day=day)


def finding(sight: Sight, points: Sequence[Point]) -> Finding:
    """Say what the period that runs reads, and what the one before read by the same day."""
    formats, kpi, other = sight.desk.formats, sight.kpi, points[-2]
    fact = tr(
        "{kpi} is {value} so far in {period}; by the same day of {other} it was {before}.",
        kpi=kpi.name,
        value=formats.short(points[-1].reading.value or 0.0, kpi.unit),
        period=formats.period(sight.period),
        other=formats.period(other.period),
        before=formats.short(other.reading.value or 0.0, kpi.unit),
    )
    href = sight.address(records="all") + "#records"
    return Finding(fact, "", tr("See the records"), href)


def against(sight: Sight, points: Sequence[Point], change: Changed) -> tuple[Cell, ...]:
    """Return the cells that hold the period that runs against the same day of earlier ones."""
    told = {point.period: point.reading for point in points[:-1]}
    periods = dict.fromkeys((sight.before, sight.last_year))
    now, formats = points[-1].reading, sight.desk.formats
    day = coverage.day_of(sight.period, sight.desk.today)
    found = []
    for period in periods:
        title = tr("Against {period}", period=formats.period(period))
        before = told.get(period)
        made = None if before is None else change(sight.kpi, now, before, formats)
        if before is None or before.value is None or made is None:
            found.append(Cell(title, absence=tr("nothing to compare")))
            continue
        value = formats.short(before.value, sight.kpi.unit)
        note = tr("{value} by day {day}", value=value, day=day)
        found.append(Cell(title, change=made, notes=(note,)))
    return tuple(found)
