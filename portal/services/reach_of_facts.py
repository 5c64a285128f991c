"""Which days the facts of a tenant tell of: its data may have begun late, or ended long ago."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpi_engine.crm.entities import ENTITIES, ColumnType, Entity
from kpi_engine.periods import Calendar
from portal.services.engines import Opened

_PLANS = {"forecast", "quota"}
"""What is written ahead of its time, and tells nothing of what happened."""
_AHEAD = ("due", "expected")
"""A column with such a word in its name says what should happen, not what did."""


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day on which something happened; None without any dated fact."""

    first: date | None = None
    last: date | None = None


def days_of(opened: Opened, today: date) -> Days:
    """Return the days of a tenant's facts, none of them after today.

    Plans count only where there is nothing else.
    """
    facts = opened.engine.facts
    dated = [entity for entity in ENTITIES.values() if entity.placed_by and entity.name in facts]
    happened = _span(opened, [one for one in dated if one.name not in _PLANS], today)
    return happened if happened.last is not None else _span(opened, dated, today)


def _span(opened: Opened, entities: Iterable[Entity], today: date) -> Days:
    days = [day for entity in entities for day in _bounds(opened, entity, today)]
    return Days(min(days, default=None), max(days, default=None))


def _bounds(opened: Opened, entity: Entity, today: date) -> list[date]:
    """Return the first and the last day in each column that says when something happened."""
    engine, calendar = opened.engine, opened.calendar
    columns = [
        one
        for one in entity.columns
        if one.type in {ColumnType.DATE, ColumnType.TIME}
        and not set(one.name.split("_")).intersection(_AHEAD)
    ]
    tomorrow = today + timedelta(days=1)
    ends = {
        ColumnType.DATE: f"DATE '{tomorrow}'",
        ColumnType.TIME: f"TIMESTAMP '{calendar.instant(tomorrow)}'",
    }
    past = {
        one.name: f"CASE WHEN r.{one.name} < {ends[one.type]} THEN r.{one.name} END"
        for one in columns
    }
    told = ", ".join(
        f"{take}({sql}) AS {take}_{name}" for name, sql in past.items() for take in ("min", "max")
    )
    records = engine.runner.now(engine.facts[entity.name], [one.name for one in columns])
    (row,) = engine.runner.run(f"SELECT {told} FROM {records} AS r").to_pylist()
    return [_day(calendar, moment) for moment in row.values() if moment is not None]


def _day(calendar: Calendar, moment: date | datetime) -> date:
    if isinstance(moment, datetime):
        return calendar.local_date(moment.replace(tzinfo=None))
    return moment
