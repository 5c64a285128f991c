"""What the scorecard says: goals or departments, their KPIs, a cell for each period."""

from dataclasses import dataclass

from portal.readmodels.cards import Change, Finding, Head, HeatCell, OwnerShare, Spark, Status
from portal.readmodels.moved import Guarded


@dataclass(frozen=True, slots=True)
class Empty:
    """A page or panel without numbers: why, and the next step."""

    title: str
    why: str
    link: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One period. `open` is one that has not ended, named 'so far'."""

    key: str
    label: str
    sub: str = ""
    """A second line: the year where it begins, or 'so far'."""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI: its cells are those of the columns, oldest first.

    `numbers` are the figures behind the cells' text, None where there is none: what an export
    writes as numbers. A ratio is 0-1.
    """

    key: str
    name: str
    unit: str
    """'%', 'days', '€': stands beside the name; the cells hold bare numbers."""
    measured: str
    """The unit by its word in the data: 'ratio', 'money'."""
    href: str
    owner: str
    target: str
    aimed: float | None
    """The target as a number; None where there is none, or it is a range."""
    cells: tuple[HeatCell, ...]
    numbers: tuple[float | None, ...]
    status: Status
    score: str
    scored: float | None
    weight: str
    change: Change | None
    spark: Spark
    fact: str
    """What changed, in a sentence."""
    cause: str
    """Why, in another; empty where the numbers do not tell."""
    owners: tuple[OwnerShare, ...] = ()
    """Whose rounds stand there; empty where nobody owns the KPI, and `owner` is its department."""
    restated: str = ""
    """What of the frozen numbers has been restated since; empty where nothing was."""
    goal: str = ""
    """The target with its unit, as a sentence says it: '€45K', '≤ 66 days', '20-45 %'."""
    counted: str = ""
    """The unit of `numbers` and `aimed`, which are never in thousands or millions: '€'."""

    @property
    def story(self) -> str:
        """What changed and why."""
        return f"{self.fact} {self.cause}".strip()


@dataclass(frozen=True, slots=True)
class Section:
    """A goal or department with its score, and its KPIs, exceptions first."""

    key: str
    name: str
    question: str
    score: str
    scored: float | None
    status: Status | None
    standing: str
    """What the score stands on: '4 of 6 KPIs, 85 % of the weight'."""
    lines: tuple[Line, ...]
    covered: str = ""
    """'on 55 % of the weight', to stand beside the score; empty where it stands on all of it."""
    folds: str = ""
    """What is said in place of the lines without a target until they are asked for: how many
    they are; empty where they stand among the others. Files tell all lines."""

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines that stand there at once."""
        return tuple(line for line in self.lines if line.target or not self.folds)

    @property
    def folded(self) -> tuple[Line, ...]:
        """The lines that are opened."""
        return tuple(line for line in self.lines if self.folds and not line.target)


@dataclass(frozen=True, slots=True)
class Downloads:
    """Where this very view can be had as a file; all empty for who may not export."""

    csv: str = ""
    xlsx: str = ""
    pdf: str = ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The whole page."""

    head: Head
    finding: Finding | None
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    missing: tuple[tuple[str, str], ...]
    """KPIs without any number in these periods: name and reason."""
    coarser: tuple[str, ...]
    """KPIs that are not told at so fine a grain."""
    notes: tuple[str, ...]
    downloads: Downloads
    scope: str
    told: str
    """What is on the page in one line, for the head of a file: tenant, periods, scope, numbers."""
    empty: Empty | None = None
    guarded: tuple[Guarded, ...] = ()
    """Guardrails that were hurt by what got better."""
