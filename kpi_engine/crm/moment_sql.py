"""Dates and times in text as SQL: a fast way for usual forms, a careful way for all others.

The engine's own casts are too kind: they drop an offset, take 'epoch' for a day and read words
after a time as zones. So the fast way looks at the form before it casts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.layers import Layer, Layers, literal
from kpi_engine.crm.serials import is_serial_sql, serial_sql
from kpi_engine.crm.zones import ZoneTable, first_instant_sql, instant_table, local_table

FIRST, LAST = "1900-01-01", "9999-12-31"
"""No fact of a CRM lies before or after these days."""


class DateOrder(StrEnum):
    """Which part of a date stands where."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    """With a year of two digits; four digits in front need no order."""


@dataclass(frozen=True, slots=True)
class MomentStyle:
    """How one column writes dates and times.

    `order` is None while nothing tells. `dates` is a `strptime` form that the source file gives.
    `serials` is '1900' or '1904' where a plain number counts days from there.
    """

    order: DateOrder | None = None
    dates: str | None = None
    serials: str | None = None


_DAYS: Mapping[DateOrder, tuple[str, ...]] = {
    DateOrder.DMY: ("%d/%m/%Y", "%d/%m/%y"),
    DateOrder.MDY: ("%m/%d/%Y", "%m/%d/%y"),
    DateOrder.YMD: ("%y/%m/%d",),
}
_CLOCKS = (" %H:%M:%S", " %H:%M")
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?,? )?"
_SHORT = "['jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec']"
_ZONE = r"(?: ?([Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
_PARTS = (
    r"^(.+?)(?:(?:[Tt]|,? )(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    rf"(?: ?([AaPp])\.?[Mm]\.?)?{_ZONE})?$"
)
_MACROS = {
    "crm_year(y)": "CASE WHEN length(y) = 4 THEN y WHEN y < '69' THEN '20' || y ELSE '19' || y END",
    "crm_ymd(y, m, d)": "TRY_CAST(y || '-' || m || '-' || d AS DATE)",
    "crm_named(m)": (
        "CASE WHEN m.m <> '' THEN crm_ymd(crm_year(m.y),"
        f" list_position({_SHORT}, lower(left(m.m, 3)))::VARCHAR, m.d) END"
    ),
    "crm_plain_day(d)": (
        r"CASE WHEN regexp_full_match(d, '\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}')"
        " THEN TRY_CAST(translate(d, '/. ', '---') AS DATE)"
        r" WHEN regexp_full_match(d, '\d{8}') THEN crm_ymd(d[1:4], d[5:6], d[7:8])"
        " WHEN regexp_matches(d, '[A-Za-z]') THEN coalesce("
        f"crm_named(regexp_extract(d, '(?i)^{_WEEKDAY}(\\d{{1,2}})[-/. ]+({_MONTHS})\\.?[-/., ]+"
        r"(\d{4}|\d{2})$', ['d', 'm', 'y'])),"
        f" crm_named(regexp_extract(d, '(?i)^{_WEEKDAY}({_MONTHS})\\.?[-/. ]+(\\d{{1,2}})(?:, ?| )"
        r"(\d{4})$', ['m', 'd', 'y']))) END"
    ),
    "crm_seconds(h, i, s)": (
        "CASE WHEN i < 60 AND s < 60 AND (h < 24 OR (h = 24 AND i + s = 0))"
        " THEN h * 3600 + i * 60 + s END"
    ),
    "crm_hour(h, p)": (
        "CASE WHEN p = '' THEN h WHEN h BETWEEN 1 AND 12"
        " THEN h % 12 + CASE WHEN lower(p) = 'p' THEN 12 ELSE 0 END END"
    ),
    "crm_clock(m)": (
        "CASE WHEN m.h = '' THEN to_seconds(0) ELSE to_microseconds("
        "crm_seconds(crm_hour(TRY_CAST(m.h AS BIGINT), m.p), TRY_CAST(m.i AS BIGINT),"
        " coalesce(TRY_CAST(m.s AS BIGINT), 0))"
        " * 1000000 + TRY_CAST(rpad(m.f, 6, '0')[1:6] AS BIGINT)) END"
    ),
    "crm_ahead(z)": (
        "CASE WHEN upper(z) IN ('Z', 'UTC', 'GMT') THEN to_seconds(0)"
        " WHEN TRY_CAST(z[2:3] AS INT) <= 14 AND coalesce(TRY_CAST(right(z[4:], 2) AS INT), 0) < 60"
        " THEN to_seconds((CASE WHEN z[1] = '-' THEN -1 ELSE 1 END)"
        " * (TRY_CAST(z[2:3] AS INT) * 3600"
        " + coalesce(TRY_CAST(right(z[4:], 2) AS INT), 0) * 60)) END"
    ),
}


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone of a source's times, and the zone in which the tenant counts days."""

    source: str
    tenant: str

    @property
    def of_source(self) -> ZoneTable:
        """The table that takes a source's local times to UTC."""
        return local_table("crm_zone_of_source", self.source)

    @property
    def of_tenant(self) -> ZoneTable:
        """The table that takes instants to the tenant's local times."""
        return instant_table("crm_zone_of_tenant", self.tenant)


def macros(zones: Zones) -> Iterable[str]:
    """Yield the statements that make the functions used by careful readings and `moment_votes`."""
    first = f"crm_first_instant(t) AS {first_instant_sql(zones.source, 't')}"
    for macro in (*(f"{head} AS {body}" for head, body in _MACROS.items()), first):
        yield f"CREATE OR REPLACE TEMP MACRO {macro}"


def zone_tables(zones: Zones) -> Iterable[str]:
    """Yield the statements that make the tables by which every reading moves times."""
    for table in (zones.of_source, zones.of_tenant):
        if table.statement:
            yield table.statement


def parts_sql(text: str) -> str:
    """Return SQL of the day, clock and offset in `text`, as a struct of texts."""
    return f"regexp_extract({text}, '{_PARTS}', ['d', 'h', 'i', 's', 'f', 'p', 'z'])"


def ordered_day_sql(day: str, order: DateOrder) -> str:
    """Return SQL of a day whose parts are numbers in `order`; null where it is none."""
    plain = f"translate({day}, '-. ', '///')"
    branches = ""
    for form in _DAYS[order]:
        years = "____" if form.endswith("%Y") else "_%"
        branches += (
            f" WHEN {plain} LIKE '%/%/{years}' THEN TRY_STRPTIME({plain}, {literal(form)})::DATE"
        )
    return f"CASE{branches} END"


def moment_layers(
    kind: ColumnType, text: str, out: str, style: MomentStyle, zones: Zones, *, careful: bool
) -> Layers:
    """Return the layers that make `out`, the UTC instant or the tenant's day in `text`.

    A time that the zone's clock skips, and a day outside `FIRST` to `LAST`, is null; where a clock
    is turned back the first of both instants is taken. A date with a midnight and no offset is that
    day in every zone.

    Args:
        kind: A time or a date.
        text: The column with the tidied text.
        out: The name of the result; names that begin with it are made on the way.
        style: How the column writes them.
        zones: The zones of times without an offset, and of days.
        careful: Whether to read every form that is known, or only the usual one: the others cost
            time even where no value has them.
    """
    if not careful:
        return _quick_layers(kind, text, out, style, zones)
    left = f"{text} IS NOT NULL AND {out}_o IS NULL AND {out}_f IS NULL"
    clocked = f"{out}_d + crm_clock({out}_p)"
    whole_day = f"({out}_p.h = '' OR ({out}_p IS NULL AND length({text}) <= 10))"
    skipped = f"CASE WHEN {whole_day} THEN crm_first_instant({out}_l) END"
    instant = f"coalesce({out}_u, {zones.of_source.utc(f'{out}_z', f'{out}_l')}, {skipped})"
    return (
        Layer({f"{out}_o": _fast_offset(text, style)}),
        Layer({f"{out}_f": f"CASE WHEN {out}_o IS NULL THEN {_fast_local(text, style)} END"}),
        Layer({f"{out}_p": f"CASE WHEN {left} THEN {parts_sql(text)} END"}),
        Layer({f"{out}_d": f"CASE WHEN {out}_p IS NOT NULL THEN {_day(f'{out}_p.d', style)} END"}),
        Layer(
            {
                f"{out}_l": f"coalesce({out}_f, CASE WHEN {out}_p.z = '' THEN {clocked} END)",
                f"{out}_u": f"coalesce({out}_o,"
                f" CASE WHEN {out}_p.z <> '' THEN {clocked} - crm_ahead({out}_p.z) END)",
            }
        ),
        Layer({f"{out}_i": instant}, zones.of_source.join(f"{out}_z", f"r.{out}_l")),
        *_within(kind, out, zones.of_tenant),
    )


def _quick_layers(
    kind: ColumnType, text: str, out: str, style: MomentStyle, zones: Zones
) -> Layers:
    """Return the layers that read the usual form only, and give null for all others."""
    if kind is ColumnType.DATE and not style.dates:
        day = f"CASE WHEN {text} LIKE '____-__-__' THEN TRY_CAST({text} AS DATE) END"
        return (
            Layer({f"{out}_f": day}),
            Layer({out: f"CASE WHEN {out}_f BETWEEN '{FIRST}' AND '{LAST}' THEN {out}_f END"}),
        )
    source = zones.of_source
    return (
        Layer({f"{out}_l": _fast_local(text, style)}),
        Layer(
            {f"{out}_i": source.utc(f"{out}_z", f"{out}_l")}, source.join(f"{out}_z", f"r.{out}_l")
        ),
        *_within(kind, out, zones.of_tenant),
    )


def _day(text: str, style: MomentStyle) -> str:
    ways = []
    if style.order:
        ways.append(ordered_day_sql(text, style.order))
    if style.dates and not _has_clock(style.dates):
        ways.append(f"{_strptime(text, style.dates)}::DATE")
    return f"coalesce({', '.join([*ways, f'crm_plain_day({text})'])})"


def _fast_offset(text: str, style: MomentStyle) -> str:
    if style.dates and style.dates.startswith("%Y"):
        return "NULL::TIMESTAMP"
    return (
        f"CASE WHEN {text} LIKE '____-__-_____:__:___%'"
        f" AND regexp_matches({text}, '(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)$')"
        f" THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP) END"
    )


def _fast_local(text: str, style: MomentStyle) -> str:
    iso = (
        f"WHEN {text} LIKE '____-__-_____:__:__' OR {text} LIKE '____-__-__'"
        f" THEN TRY_CAST({text} AS TIMESTAMP)"
    )
    if style.dates:
        given = _strptime(text, style.dates)
        if not _has_clock(style.dates):
            seconds, minutes = (_strptime(text, style.dates + clock) for clock in _CLOCKS)
            given = f"CASE {_by_colons(text, (given, seconds, minutes))} END"
        return given if style.dates.startswith("%Y") else f"coalesce({given}, CASE {iso} END)"
    if style.serials:
        iso += f" WHEN {is_serial_sql(text)} THEN {serial_sql(text, style.serials)}"
    if style.order:
        iso += _by_shape(text, style.order)
    return f"CASE {iso} END"


def _by_shape(text: str, order: DateOrder) -> str:
    """Return CASE branches that try the one form which the shape of `text` allows.

    A try that fails costs ten times one that works, so the shape is looked at first.
    """
    plain = f"translate({text}, '-.', '//')"
    branches = ""
    for form in _DAYS[order]:
        day = f"TRY_STRPTIME({plain}, {literal(form)})"
        seconds, minutes = (f"TRY_STRPTIME({plain}, {literal(form + clock)})" for clock in _CLOCKS)
        years = "____" if form.endswith("%Y") else "_%"
        shape = f"({plain} LIKE '%/%/{years}' OR {plain} LIKE '%/%/{years} %')"
        branches += f" WHEN {shape} THEN CASE {_by_colons(text, (day, seconds, minutes))} END"
    return branches


def _by_colons(text: str, ways: tuple[str, str, str]) -> str:
    """Return CASE branches: without a clock, with seconds, with minutes only."""
    return (
        f"WHEN NOT contains({text}, ':') THEN {ways[0]}"
        f" WHEN {text} LIKE '%:%:%' THEN {ways[1]} ELSE {ways[2]}"
    )


def _within(kind: ColumnType, out: str, tenant: ZoneTable) -> Layers:
    """Return the layers that turn the instant into `out`, within the days that are allowed."""
    latest = f"TIMESTAMP '{LAST} 23:59:59.999999'"
    if kind is ColumnType.TIME:
        within = f"{out}_i BETWEEN TIMESTAMP '{FIRST}' AND {latest}"
        return (Layer({out: f"CASE WHEN {within} THEN {out}_i END"}),)
    local = tenant.local(f"{out}_t", f"{out}_i")
    # Before its instant is asked for: a clock that skips midnight leaves the day what it is.
    whole = f"WHEN {out}_l = date_trunc('day', {out}_l) THEN {out}_l::DATE"
    told = f"CASE {whole} WHEN {out}_i IS NOT NULL THEN ({local})::DATE END"
    within = f"{out}_y BETWEEN DATE '{FIRST}' AND DATE '{LAST}'"
    return (
        Layer({f"{out}_y": told}, tenant.join(f"{out}_t", f"r.{out}_i")),
        Layer({out: f"CASE WHEN {within} THEN {out}_y END"}),
    )


def _strptime(text: str, form: str) -> str:
    # The engine reads these words as moments under any form.
    return (
        f"CASE WHEN lower({text}) NOT IN ('epoch', 'infinity', '-infinity')"
        f" THEN TRY_STRPTIME({text}, {literal(form)}) END"
    )


def _has_clock(form: str) -> bool:
    return "%H" in form or "%I" in form
