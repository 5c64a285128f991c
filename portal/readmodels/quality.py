"""What the page of data quality says: the levels, what is amiss, every KPI, the sources."""

from dataclasses import dataclass

from portal.readmodels.cards import Choice, Finding, Head, Status
from portal.readmodels.scorecard import Empty
from portal.readmodels.tables import Column


@dataclass(frozen=True, slots=True)
class LevelCell:
    """How many KPIs have a level; its link narrows the list of KPIs to them, or widens it again."""

    bars: int
    """0 (it cannot be told) to 3."""
    word: str
    count: str
    share: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One thing that is amiss: how much at its worst, what it holds back, what to do next."""

    status: Status
    title: str
    said: str
    """A sentence with its figure, as the page of the KPI that it holds back most tells it."""
    held: tuple[Choice, ...]
    """The KPIs that it holds back, the first few; empty where it is within the limit."""
    step: str
    link: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Causes:
    """What is amiss in the data, and what is uncertain in the numbers themselves; worst first."""

    data: tuple[CauseRow, ...]
    numbers: tuple[CauseRow, ...]
    nothing: str = ""
    """What was looked at, where nothing in the data is amiss."""


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One KPI with its level and the weakest reason for it."""

    name: str
    href: str
    period: str
    owner: str
    """Empty where nobody answers for it."""
    bars: int
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class KpiTable:
    """The KPIs, as the address sorts and narrows them."""

    sub: str
    columns: tuple[Column, ...]
    rows: tuple[KpiRow, ...]
    more: Choice | None = None
    """Where all of them are shown; None where they are."""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: how old it is, and what its last load could not use."""

    name: str
    age: str
    status: Status | None
    """Where it is stale or its last load failed."""
    unread: str
    nowhere: str
    stages: str
    foreign: str
    """Amounts in another currency than the company's, which count as if they were in it."""


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The page, from top to bottom."""

    head: Head
    notice: str = ""
    finding: Finding | None = None
    levels: tuple[LevelCell, ...] = ()
    causes: Causes | None = None
    kpis: KpiTable | None = None
    sources: tuple[SourceRow, ...] = ()
    sources_link: Choice | None = None
    empty: Empty | None = None
    """Why there is nothing to tell, and the next step."""
