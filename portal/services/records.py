"""The records behind a number, for one scope and group: counted and listed by the engine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from kpi_engine.compiler.listings import OPEN
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.listing import Column, Listing, Side, Wanted, simple
from kpi_engine.periods import Period
from kpi_engine.questions import Dimension, Question, Scope
from portal.services.engines import Opened, Workshop, open_engine
from portal.tenancy.keys import TenantKey

MOST_EXPORTED = 50_000
"""Rows of a file; more than that is for the CRM's own export."""


@dataclass(frozen=True, slots=True)
class RecordsAsked:
    """Which number's records, and which of them. `side` and `part` empty: the first, all."""

    kpi: KpiKey
    period: Period
    scope: Scope
    today: date
    group: Mapping[Dimension, str | None] = field(default_factory=dict)
    side: str = ""
    part: str = ""
    skip: int = 0
    most: int = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """One side of a measure: how many of its records counted in which way."""

    side: Side
    parts: Mapping[str, int]
    exact: bool
    timed: bool
    entity: str

    @property
    def total(self) -> int:
        """How many counted; those that still wait are told beside."""
        return sum(count for part, count in self.parts.items() if part != OPEN)


@dataclass(frozen=True, slots=True)
class Found:
    """The sides of a number, which one is listed, and some of its records."""

    sides: tuple[Counted, ...]
    chosen: Counted | None
    part: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    simple: bool
    """Whether the records are the number's own, and not those of parts of parts."""
    n: int
    """How many there are of the chosen side and part."""


def find(workshop: Workshop, tenant: TenantKey, asked: RecordsAsked) -> Found:
    """Return the records behind a number.

    The scope narrows them in the query itself, as it narrowed the number.

    Raises:
        BadQuestionError: if the records have no way to the group.
    """
    with open_engine(workshop, tenant) as opened:
        return find_in(opened, asked)


def find_in(opened: Opened, asked: RecordsAsked) -> Found:
    """Return the records behind a number of an engine that is open.

    Raises:
        BadQuestionError: if the records have no way to the group.
    """
    listing = Listing(opened.engine, _question(opened, asked), asked.group)
    sides = tuple(_counted(listing, side) for side in listing.sides)
    own = simple(opened.engine.catalogue[asked.kpi].measure, opened.engine.catalogue)
    chosen = next((one for one in sides if one.side.name == asked.side), None)
    chosen = chosen or next(iter(sides), None)
    if chosen is None:
        return Found(sides, None, "", (), (), own, 0)
    part = asked.part if asked.part in chosen.parts else ""
    page = listing.page(chosen.side, Wanted(part or None, asked.skip, asked.most))
    n = chosen.parts[part] if part else sum(chosen.parts.values())
    return Found(sides, chosen, part, page.columns, page.rows, own, n)


def _question(opened: Opened, asked: RecordsAsked) -> Question:
    return Question(
        (asked.kpi,),
        (asked.period.grain,),
        asked.period.start,
        asked.period.end,
        asked.today,
        opened.calendar,
        scope=asked.scope,
    )


def _counted(listing: Listing, side: Side) -> Counted:
    told = listing.describe(side)
    if told is None:
        return Counted(side, {}, exact=True, timed=False, entity="")
    return Counted(side, listing.counts(side), told.exact, told.timed, told.entity)


def address_of(row: Mapping[str, Any]) -> str:
    """Return a record's address in its CRM: the `url` of its attributes, if it is one."""
    try:
        told = json.loads(row.get("attributes") or "{}")
    except ValueError:
        return ""
    url = told.get("url") if isinstance(told, dict) else None
    if not isinstance(url, str) or len(url) > _LONGEST or any(one in url for one in _CONTROL):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"https", "http"} and parts.netloc else ""


_LONGEST = 2000
_CONTROL = "\r\n\t\0 \"'<>"
