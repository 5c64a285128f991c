"""Small random CRMs, made where wrong numbers live.

Times crowd around the ends of periods, leap days and the days when clocks change; every optional
column may be null; references may lead nowhere; two sources use the same ids; records change and
vanish from load to load. Amounts are powers of ten, so that a leak names its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from kpi_engine.crm.entities import ENTITIES, Column, ColumnType
from kpi_engine.crm.stages import StageRule
from kpi_engine.periods import Calendar, Weekday
from tests.oracle.days import ONE_DAY, midnight
from tests.oracle.records import Crm, Row

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    # Where the clocks change at midnight, so that a day has no first hour.
    "America/Sao_Paulo",
)
FOCI = (
    date(2016, 2, 29),
    date(2017, 1, 1),
    date(2017, 3, 26),
    date(2017, 10, 15),
    date(2017, 11, 5),
    date(2017, 5, 31),
    date(2011, 12, 30),
)
"""Days around which a CRM is made: a leap day, a new year, clock changes, a day Apia skipped."""

_NEAR = (0, -1, 1, 2, 6, 7, -7, -8, 28, 31, -30, -31, 61, 90, -92, -366)
_OF_DAY = (
    timedelta(),
    timedelta(microseconds=-1),
    timedelta(microseconds=1),
    timedelta(minutes=30),
    timedelta(hours=1, minutes=30),
    timedelta(hours=2, minutes=30),
    timedelta(hours=9),
    timedelta(hours=13),
    timedelta(hours=23, minutes=59, seconds=59),
)
STAGES = {
    "Lead": StageRule("open", 1, 0.1, "pipeline"),
    "Proposal sent": StageRule("open", 2, 0.5, "best_case"),
    "Signed": StageRule("won", 3, 1.0, "closed"),
    "Dropped": StageRule("lost"),
}
UNMAPPED = "Odd"

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "stage": (*STAGES, UNMAPPED),
    "from_stage": (*STAGES, UNMAPPED),
    "to_stage": (*STAGES, UNMAPPED),
    "region": ("East", "West"),
    "segment": ("small", "large"),
    "industry": ("steel", "toys"),
    "lead_source": ("Web", "Fair", "web"),
    "priority": ("high", "low"),
    "direction": ("outbound", "inbound"),
    "outcome": ("connected", "replied", "held", "no_show"),
    "forecast_category": ("commit", "best_case"),
    "category": ("commit", "best_case"),
    "kpi": ("won_revenue", "won_deals"),
    "step": ("kickoff", "training"),
}
_OUTCOMES_OF_RENEWAL = ("renewed", "churned", "pending")
_NUMBERS: Mapping[str, tuple[float, ...]] = {
    "score": (0.0, 10.0, 50.0, 90.0),
    "probability": (0.0, 0.25, 1.0),
    "satisfaction": (1.0, 3.0, 4.0, 5.0),
}
_INTEGERS = (0, 1, 2, 5)
_AMOUNTS = tuple(Decimal(10) ** power for power in range(9))
_IDS = ("1", "2", "3")
_NOWHERE = "9"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a CRM plays: the tenant's calendar, the days of its records, its loads."""

    calendar: Calendar
    days: tuple[date, ...]
    sources: tuple[str, ...]
    loads: tuple[datetime, ...]
    """When each version became known, oldest first; the version is the place, from 1."""


@st.composite
def settings_of_place(draw: st.DrawFn) -> Setting:
    """Draw a tenant's calendar and the days around which things happen there."""
    zone = draw(st.sampled_from(ZONES))
    fiscal = draw(st.sampled_from((1, 1, 2, 4, 12)))
    week = draw(st.sampled_from((Weekday.MONDAY, Weekday.SUNDAY, Weekday.SATURDAY)))
    focus = draw(st.sampled_from(FOCI))
    days = tuple(focus + near * ONE_DAY for near in _NEAR)
    sources = draw(st.sampled_from((("a",), ("a", "b"))))
    count = draw(st.integers(1, 4))
    loads = sorted(draw(st.lists(times(zone, days), min_size=count, max_size=count)))
    return Setting(Calendar(zone, fiscal, week), days, sources, tuple(loads))


def times(zone: str, days: tuple[date, ...]) -> st.SearchStrategy[datetime]:
    """Times around the beginnings and other telling moments of the days."""
    return st.builds(
        lambda day, of_day: midnight(day, zone) + of_day,
        st.sampled_from(days),
        st.sampled_from(_OF_DAY),
    )


def values_of(entity: str, column: Column, place: Setting) -> st.SearchStrategy[Any]:
    """Values of one column; a column that is not required may be null."""
    found = _filled(entity, column, place)
    return found if column.required else st.one_of(found, found, found, st.none())


def _filled(entity: str, column: Column, place: Setting) -> st.SearchStrategy[Any]:
    if column.type is ColumnType.TIME:
        return times(place.calendar.timezone, place.days)
    if column.type is ColumnType.TEXT:
        return st.sampled_from(_texts(entity, column))
    if column.type is ColumnType.NUMBER:
        return st.sampled_from(_NUMBERS.get(column.name, (0.0, 60.0, 90.5)))
    return {
        ColumnType.DATE: st.sampled_from(place.days),
        ColumnType.MONEY: st.sampled_from(_AMOUNTS),
        ColumnType.INTEGER: st.sampled_from(_INTEGERS),
        ColumnType.BOOLEAN: st.booleans(),
    }[column.type]


def _texts(entity: str, column: Column) -> tuple[str, ...]:
    if column.refers:
        return (*_IDS, _NOWHERE)
    if column.choices:
        return column.choices
    if entity == "renewal" and column.name == "outcome":
        return _OUTCOMES_OF_RENEWAL
    if column.name == "name":
        return ("Ada", "Bo", "Cy")
    return _TEXTS.get(column.name, ("x", "y"))


@st.composite
def histories(draw: st.DrawFn, entity: str, place: Setting, least: int, size: int) -> list[Row]:
    """Draw the versions of the records of one entity over all loads."""
    columns = [column for column in ENTITIES[entity].columns if column.name != "id"]
    whole = st.fixed_dictionaries(
        {column.name: values_of(entity, column, place) for column in columns}
    )
    keys = st.lists(
        st.tuples(st.sampled_from(place.sources), st.sampled_from(_ids(entity, size))),
        unique=True,
        min_size=least,
        max_size=size,
    )
    rows: list[Row] = []
    for key in draw(keys):
        rows += draw(_versions(entity, place, key, whole))
    return rows


@st.composite
def _versions(
    draw: st.DrawFn,
    entity: str,
    place: Setting,
    key: tuple[str, str],
    whole: st.SearchStrategy[dict[str, Any]],
) -> list[Row]:
    """Draw the versions of one record: like a load, what says nothing new is no version."""
    columns = [column for column in ENTITIES[entity].columns if column.name != "id"]
    values = draw(whole)
    known: dict[str, Any] | None = None
    rows: list[Row] = []
    for seq, deleted in draw(_appearances(len(place.loads))):
        if rows:
            changed = draw(st.sampled_from(columns))
            values = {**values, changed.name: draw(values_of(entity, changed, place))}
        told = None if deleted else _sound(entity, values)
        if told != known:
            loaded = {"seq": seq, "loaded_at": place.loads[seq - 1], "deleted": deleted}
            # A deletion carries what was known last.
            rows.append({"source": key[0], "id": key[1], **loaded, **(told or known or {})})
        known = told
    return rows


def _ids(entity: str, size: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, max(size, len(_IDS)) + 1))


def _appearances(loads: int) -> st.SearchStrategy[list[tuple[int, bool]]]:
    """In which loads a record came anew, and whether it was deleted there (never at first)."""
    return st.lists(
        st.tuples(st.integers(1, loads), st.sampled_from((False, False, True))),
        min_size=1,
        max_size=min(loads, 3),
        unique_by=lambda each: each[0],
    ).map(_never_deleted_first)


def _never_deleted_first(found: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
    first, *rest = sorted(found)
    return [(first[0], False), *rest]


def _sound(entity: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return values that an import would let in: a quota has one holder."""
    if entity == "quota":
        if values["owner_id"] is None and values["team_id"] is None:
            return {**values, "owner_id": "1"}
        if values["owner_id"] is not None:
            return {**values, "team_id": None}
    return values


@st.composite
def crms(draw: st.DrawFn, entities: Mapping[str, int], place: Setting) -> Crm:
    """Draw a CRM with up to so many records of each entity; some may never have been loaded."""
    found: dict[str, list[Row]] = {}
    for entity, size in sorted(entities.items()):
        least = draw(st.sampled_from((size // 2, size, size // 2, 0)))
        found[entity] = draw(histories(entity, place, least, size))
    return found
