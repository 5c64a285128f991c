"""What stands on a KPI's page as sheets: its trend, its split, the records behind its number."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal

from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.language import mark, tr, trc
from kpi_engine.reading import State
from kpi_engine.units import Unit
from portal.errors import BadInputError, DeniedError
from portal.readmodels.figures import scale_of
from portal.readmodels.formats import Formats
from portal.readmodels.tongues import locale_of
from portal.security.permissions import Denied, Permission, may
from portal.services import kpi_records, kpi_split, kpi_trend, record_tables
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight, sight_of
from portal.services.kpi_strip import target_text
from portal.services.records import MOST_EXPORTED
from portal.services.sheets import Cell, Figure, Sheet
from portal.services.targets import Target

_FORMS = {
    Unit.RATIO: "0.0",
    Unit.TIMES: "0.0",
    Unit.COUNT: "#,##0.##",
    Unit.MONEY: "#,##0.00",
    Unit.SCORE: "0.00",
}
_STATES = {
    State.FINAL: mark("final"),
    State.SO_FAR: mark("so_far"),
    State.IMMATURE: mark("immature"),
    State.ABSENT: mark("absent"),
    State.WITHHELD: mark("withheld"),
}


def sheet(workshop: Workshop, desk: Desk, key: str, what: str, query: Mapping[str, str]) -> Sheet:
    """Return a part of the page that the address shows, for the same person and reach.

    Raises:
        BadInputError: if there is no such part, or the address names what cannot be shown.
        UnknownKpiError: if there is no such KPI.
        DeniedError: if the person may not list records.
    """
    if what not in _PARTS:
        raise BadInputError(tr("There is no export called '{name}'.", name=what[:40]))
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
    scale = scale_of((1.0,), sight.kpi.unit, sight.desk.formats)
    rows: list[list[Cell]] = []
    for point, row in zip(points[-len(told.rows) :], reversed(told.rows), strict=True):
        target = goals.get((sight.kpi.key, point.period.start))
        reading = point.reading
        rows.append(
            [
                point.period.label,
                _figure(reading.value, form, scale.factor) or row.value,
                _target(sight, target, form, scale.factor),
                _figure(reading.over),
                _figure(reading.under),
                Figure(float(reading.n)),
                tr(_STATES[reading.state]),
                row.said,
            ]
        )
    columns = [
        tr("Period"),
        kpi_split.measured(scale.unit),
        tr("Target"),
        trc("upper part of a ratio", "Over"),
        trc("lower part of a ratio", "Under"),
        "n",
        tr("State"),
        tr("Signal"),
    ]
    return Sheet(tr("{kpi}, trend", kpi=sight.kpi.name), _about(sight, told.sub), columns, rows)


def _split(workshop: Workshop, sight: Sight) -> Sheet:
    fingerprint = fingerprints(sight.desk.catalogue)[sight.kpi.key]
    told = kpi_split.split(workshop, sight, fingerprint)
    columns = [
        told.group or tr("Group"),
        told.counted or "n",
        told.measured or tr("Value"),
    ]
    changes = [head for head in (told.change, told.part) if head]
    columns += changes
    rows: list[list[Cell]] = []
    for row in [*told.rows, *([told.total] if told.total else [])]:
        shown = (row.n, row.value or row.note, *(row.change, row.part)[: len(changes)])
        rows.append([row.name, *(_read_back(text, sight.desk.formats) for text in shown)])
    return Sheet(kpi_split.sheet_title(sight), _about(sight, told.sub), columns, rows)


def _records(workshop: Workshop, sight: Sight) -> Sheet:
    denied = may(sight.desk.actor, Permission.RECORDS_READ)
    if isinstance(denied, Denied):
        raise DeniedError(tr(denied.reason))
    found = kpi_records.found_for(workshop, sight, 0, MOST_EXPORTED)
    heads, rows = record_tables.table_of(sight, found)
    cut = ""
    if found.n > len(rows):
        number = sight.desk.formats.number
        cut = tr(
            "The first {shown} of {count} records; narrow the page to get the rest.",
            shown=number(len(rows)),
            count=number(found.n),
        )
    about = _about(sight, *([cut] if cut else []))
    cells = [[_cell(cell) for cell in row] for row in rows]
    return Sheet(tr("{kpi}, records", kpi=sight.kpi.name), about, heads, cells)


def _target(sight: Sight, target: Target | None, form: str, times: float) -> Cell:
    """Return a target as a number; a range in words, for its middle is nobody's target."""
    if target is not None and target.value is None:
        return target_text(sight.kpi, target, sight.desk.formats)
    return _figure(None if target is None else target.value, form, times)


def _figure(value: float | None, form: str = "General", times: float = 1.0) -> Figure | None:
    return None if value is None else Figure(value * times, form)


def _read_back(text: str, formats: Formats) -> Cell:
    """Return a figure of the page as a number with as many places; other words as they are."""
    plain = text.replace("\u2212", "-").removeprefix("+")
    try:
        number = parse_decimal(plain, locale=locale_of(formats.locale))
    except NumberFormatError:
        return text
    if not number.is_finite():
        return text
    places = max(0, -int(number.as_tuple().exponent))
    return Figure(float(number), f"#,##0.{'0' * places}" if places else "#,##0")


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
