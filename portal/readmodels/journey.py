"""What the journey says: stages as columns, classes as rows, the way between, the weak stage."""

from dataclasses import dataclass

from portal.readmodels.cards import Change, Finding, Head, Spark, Status
from portal.readmodels.framework_check import FrameworkCheck
from portal.readmodels.scorecard import Empty


@dataclass(frozen=True, slots=True)
class Tile:
    """One KPI on the map, or with an empty `name` the gap where none is."""

    kind: str
    """'Activity', 'Quality', 'Outcome'."""
    name: str = ""
    href: str = ""
    value: str = ""
    absence: str = ""
    target: str = ""
    status: Status | None = None
    spark: Spark | None = None
    gap: str = ""
    """Why the cell is empty."""
    fix: str = ""
    fix_href: str = ""
    waived: str = ""
    """Until when the gap is let stand."""


@dataclass(frozen=True, slots=True)
class Column:
    """A stage: its chevron's heat by mean attainment, how many are in it, a tile for each class."""

    key: str
    name: str
    volume: str
    attained: str
    level: int | None
    """0 to 4 by mean attainment; None where no KPI of the stage has a target."""
    weakest: bool
    tiles: tuple[Tile, ...]
    more: str
    more_href: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What share goes on to the next stage."""

    value: str
    words: str
    change: Change | None
    href: str
    title: str
    weak: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A KPI of the weak stage, before and now."""

    name: str
    before: str
    now: str
    href: str


@dataclass(frozen=True, slots=True)
class Weakest:
    """The weak stage in words, and the KPIs that make it weak."""

    title: str
    text: str
    href: str
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """Service, which carries onboarding and retention."""

    name: str
    sub: str
    attained: str
    level: int | None
    tiles: tuple[Tile, ...]
    hidden: bool = False
    """Whether there are no tiles because none of its KPIs is the reader's to see."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The whole page."""

    head: Head
    finding: Finding | None
    sub: str
    columns: tuple[Column, ...]
    passages: tuple[Passage, ...]
    lane: Lane
    weakest: Weakest | None
    hint: str = ""
    """What is said where no stage can be told to be weak."""
    hint_href: str = ""
    empty: Empty | None = None
    check: FrameworkCheck | None = None
    """Whether the set of KPIs is sound, for who sees the company's numbers."""
