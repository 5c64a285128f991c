"""Records as rows of cells: as text for a page, as plain values for a file."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kpi_engine.compiler.relations import key_alone
from kpi_engine.crm.entities import ColumnType
from kpi_engine.language import mark, tr
from kpi_engine.units import MICROSECONDS, Unit
from portal.readmodels.kpi_page import RecordRow
from portal.services import record_words, records
from portal.services.kpi_sights import Sight
from portal.services.records import Found

NUMBERS = {ColumnType.NUMBER, ColumnType.MONEY, ColumnType.INTEGER}
PARTS = {
    "at_risk": mark("At risk"),
    "came": mark("New since the start"),
    "counted": mark("Counted"),
    "healthy": mark("Not at risk"),
    "inside": mark("Within the limit"),
    "left": mark("Gone by the end"),
    "not_reached": mark("Did not reach it"),
    "open": mark("Still waiting"),
    "outside": mark("Outside the limit"),
    "reached": mark("Reached it"),
    "stayed": mark("Stayed"),
}


def table_of(sight: Sight, found: Found) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Return the records as a table of plain cells, as the page shows them: for an export."""
    heads = (*heads_of(sight, found), tr("Record"))
    marked = is_marked(found)
    rows = [
        [*cells_of(sight, found, row, plain=True, marked=marked), key_of(row)] for row in found.rows
    ]
    return heads, rows


def rows_of(sight: Sight, found: Found) -> tuple[RecordRow, ...]:
    """Return the records as the rows of a page, each with the way to it in the CRM."""
    marked = is_marked(found)
    return tuple(
        RecordRow(
            tuple(str(cell) for cell in cells_of(sight, found, row, plain=False, marked=marked)),
            key_of(row),
            records.address_of(row),
        )
        for row in found.rows
    )


def is_marked(found: Found) -> bool:
    """Say whether each row has to tell how it counted."""
    return found.chosen is not None and len(found.chosen.parts) > 1 and not found.part


def _has_value(found: Found) -> bool:
    """Say whether a value is told that stands in no other column."""
    measure = found.chosen.side.leaf.measure if found.chosen is not None else None
    told = getattr(getattr(measure, "value", None), "text", "")
    if told in {column.name for column in found.columns}:
        return False
    return any(row["value"] is not None for row in found.rows)


def _has_earlier(found: Found) -> bool:
    return any(row["earlier"] is not None for row in found.rows)


def heads_of(sight: Sight, found: Found) -> tuple[str, ...]:
    """Return the heads of the columns."""
    heads = [record_words.head(column.name) for column in found.columns]
    if _has_earlier(found):
        heads.append(tr("At the start"))
    if _has_value(found):
        heads.append(_value_head(sight, found))
    return (*heads, tr("Counted as")) if is_marked(found) else tuple(heads)


def _value_head(sight: Sight, found: Found) -> str:
    if found.chosen is not None and found.chosen.timed:
        return tr(_TIMES[_time_unit(sight)])
    return tr("Value")


_TIMES = {
    Unit.DAYS: mark("Time, days"),
    Unit.HOURS: mark("Time, hours"),
    Unit.MINUTES: mark("Time, minutes"),
}


def numeric(found: Found) -> list[int]:
    """Return which columns are figures."""
    own = [place for place, one in enumerate(found.columns) if one.type in NUMBERS]
    more = int(_has_earlier(found)) + int(_has_value(found))
    return [*own, *range(len(found.columns), len(found.columns) + more)]


def cells_of(
    sight: Sight, found: Found, row: Mapping[str, Any], *, plain: bool, marked: bool
) -> list[Any]:
    """Return the cells of a record: text in the reader's language, or plain values."""
    timed = found.chosen is not None and found.chosen.timed
    cells = [
        _cell(sight, row[f"c{place}"], column.type, plain=plain, timed=timed)
        for place, column in enumerate(found.columns)
    ]
    if _has_earlier(found):
        cells.append(_figure(sight, found, row["earlier"], plain=plain))
    if _has_value(found):
        cells.append(_figure(sight, found, row["value"], plain=plain))
    if marked:
        cells.append(tr(PARTS.get(row["part"], row["part"])))
    return cells


def _figure(sight: Sight, found: Found, value: float | None, *, plain: bool) -> Any:  # noqa: ANN401
    if value is None:
        return "" if not plain else None
    if found.chosen is not None and found.chosen.timed:
        value = value / MICROSECONDS[_time_unit(sight)]
    return round(value, 4) if plain else sight.desk.formats.number(value, _places(value))


def _time_unit(sight: Sight) -> Unit:
    return sight.kpi.unit if sight.kpi.unit in MICROSECONDS else Unit.HOURS


def _places(value: float) -> int:
    return 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 2


def _cell(sight: Sight, value: Any, kind: ColumnType, *, plain: bool, timed: bool) -> Any:  # noqa: ANN401
    if value is None:
        return None if plain else ""
    if kind in NUMBERS:
        number = float(value)
        return number if plain else sight.desk.formats.number(number, _places(number))
    if isinstance(value, date):
        return _moment(sight, value, timed=timed) if not plain else _local(sight, value)
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return str(value)


def _moment(sight: Sight, value: date, *, timed: bool) -> str:
    """Return a day; with its time where the number is about time that passed."""
    local, formats = _local(sight, value), sight.desk.formats
    if not isinstance(local, datetime):
        return formats.day(local)
    return formats.moment(local) if timed else formats.day(local.date())


def _local(sight: Sight, value: date) -> date:
    """Return an instant as the company's clock told it; a day is itself."""
    if not isinstance(value, datetime):
        return value
    zone = ZoneInfo(sight.desk.card.timezone)
    return value.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def key_of(row: Mapping[str, Any]) -> str:
    """Return the id of a record in its CRM."""
    return key_alone(str(row["key"]))
