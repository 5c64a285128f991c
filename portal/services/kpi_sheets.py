"""What stands on a KPI's page as sheets: its trend, its split, the records behind its number."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.units import Unit
from portal.errors import BadInputError, DeniedError
from portal.security.permissions import Denied, Permission, may
from portal.services import kpi_records, kpi_split, kpi_trend, record_tables
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight, sight_of
from portal.services.kpi_strip import goal_of
from portal.services.records import MOST_EXPORTED
from portal.services.sheets import Cell, Figure, Sheet

_FORMS = {Unit.RATIO: "0.0%", Unit.COUNT: "#,##0.##", Unit.MONEY: "#,##0.00", Unit.SCORE: "0.00"}


def sheet(workshop: Workshop, desk: Desk, key: str, what: str, query: Mapping[str, str]) -> Sheet:
    """Return a part of the page that the address shows, for the same person and reach.

    Raises:
        BadInputError: if there is no such part, or the address names what cannot be shown.
        UnknownKpiError: if there is no such KPI.
        DeniedError: if the person may not list records.
    """
    if what not in _PARTS:
        raise BadInputError(f"There is no export called '{what[:40]}'.")
    return _PARTS[what](workshop, sight_of(desk, key, query))


def _about(sight: Sight, *more: str) -> list[str]:
    desk = sight.desk
    period = desk.formats.period(sight.period)
    return [f"{desk.card.name}. {sight.kpi.name}, {period}, {sight.view.name}.", *more]


def _trend(_: Workshop, sight: Sight) -> Sheet:
    points = kpi_trend.points_of(sight)
    limits, goals = kpi_trend.limits_of(sight, points), kpi_trend.goals_of(sight, points)
    told = kpi_trend.trend(sight, points, limits, goals)
    form = _FORMS.get(sight.kpi.unit, "0.0")
    rows: list[list[Cell]] = []
    for point, row in zip(points[-len(told.rows) :], reversed(told.rows), strict=True):
        goal = goal_of(goals.get((sight.kpi.key, point.period.start)))
        reading = point.reading
        rows.append(
            [
                point.period.label,
                _figure(reading.value, form) or row.value,
                _figure(goal, form),
                _figure(reading.over, "General"),
                _figure(reading.under, "General"),
                Figure(float(reading.n)),
                reading.state.value,
                row.said,
            ]
        )
    columns = ["Period", "Value", "Target", "Over", "Under", "n", "State", "Signal"]
    return Sheet(f"{sight.kpi.name}, trend", _about(sight, told.sub), columns, rows)


def _split(workshop: Workshop, sight: Sight) -> Sheet:
    fingerprint = fingerprints(sight.desk.catalogue)[sight.kpi.key]
    told = kpi_split.split(workshop, sight, fingerprint)
    columns = [told.group or "Group", told.counted or "n", told.measured or "Value", told.change]
    columns += [told.part] if told.part else []
    rows: list[list[Cell]] = []
    for row in [*told.rows, *([told.total] if told.total else [])]:
        cells: list[Cell] = [row.name, row.n, row.value or row.note, row.change]
        rows.append([*cells, row.part] if told.part else cells)
    return Sheet(f"{sight.kpi.name}, {told.title.lower()}", _about(sight, told.sub), columns, rows)


def _records(workshop: Workshop, sight: Sight) -> Sheet:
    denied = may(sight.desk.actor, Permission.RECORDS_READ)
    if isinstance(denied, Denied):
        raise DeniedError(denied.reason)
    found = kpi_records.found_for(workshop, sight, 0, MOST_EXPORTED)
    heads, rows = record_tables.table_of(sight, found)
    cut = ""
    if found.n > len(rows):
        cut = f"The first {len(rows):,} of {found.n:,} records; narrow the page to get the rest."
    about = _about(sight, *([cut] if cut else []))
    cells = [[_cell(cell) for cell in row] for row in rows]
    return Sheet(f"{sight.kpi.name}, records", about, heads, cells)


def _figure(value: float | None, form: str) -> Figure | None:
    return None if value is None else Figure(value, form)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever a record holds
    if value is None or value == "":
        return None
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Figure(float(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


_PARTS: Mapping[str, Callable[[Workshop, Sight], Sheet]] = {
    "records": _records,
    "split": _split,
    "trend": _trend,
}
