"""What the homes of the company say: cards, a few trends, tables, the goals' exceptions."""

from dataclasses import dataclass

from portal.readmodels.cards import Finding, Head, KpiCard, Status
from portal.readmodels.charts import LineChart
from portal.readmodels.moved import Guarded
from portal.readmodels.scorecard import Empty


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend panel: what is drawn, and one sentence that says what it shows."""

    key: str
    title: str
    sub: str
    chart: LineChart | None
    summary: str
    href: str
    absence: str = ""
    """Why there is nothing to draw."""


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A KPI off its target: what changed and why, in one sentence."""

    name: str
    href: str
    value: str
    target: str
    status: Status
    fact: str
    cause: str


@dataclass(frozen=True, slots=True)
class GoalPanel:
    """A goal with its score, what the score stands on, and its exceptions, the worst first."""

    name: str
    question: str
    score: str
    filled: float | None
    """The score as a share of 10."""
    status: Status | None
    standing: str
    href: str
    exceptions: tuple[Exceptional, ...]
    calm: str
    """What is said in place of exceptions."""
    nearest: Exceptional | None = None
    """What is on target and would be off it first, where nothing is off."""
    partial: bool = False
    """Whether the score stands on a part of the goal's weight only."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: text, and whether it is a number that stands on the right."""

    text: str
    number: bool = True
    note: str = ""
    """Said below or on hover: 'n 7, too small'."""
    href: str = ""
    share: float | None = None
    """Length of a bar behind it, as a share of the column's largest."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table panel: campaigns, lead sources, renewals due."""

    key: str
    title: str
    sub: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    absence: str = ""
    more: str = ""
    """'and 12 more', where not all rows are shown."""


@dataclass(frozen=True, slots=True)
class CompanyHome:
    """The home of the executive or of a department."""

    head: Head
    finding: Finding | None
    cards: tuple[KpiCard, ...]
    trends: tuple[Trend, ...] = ()
    goals: tuple[GoalPanel, ...] = ()
    goals_title: str = ""
    goals_sub: str = ""
    goals_href: str = ""
    listings: tuple[Listing, ...] = ()
    empty: Empty | None = None
    guarded: tuple[Guarded, ...] = ()
    """Guardrails that were hurt by what got better."""
