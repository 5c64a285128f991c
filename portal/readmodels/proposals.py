"""What the pages of proposals, of a definition's history and of needed data show."""

from dataclasses import dataclass

from portal.readmodels.builder import Impact, NeedRow, Note, Trial
from portal.readmodels.cards import Choice, Head, Status


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal in a list."""

    name: str
    href: str
    kind: str
    """'New KPI', 'Changes version 2'."""
    by: str
    when: str
    reason: str
    status: Status
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """The proposals that wait for a decision or their day, those decided last, own drafts."""

    head: Head
    waiting: tuple[ProposalRow, ...]
    ahead: tuple[ProposalRow, ...]
    """Activated for a day that has not come."""
    decided: tuple[ProposalRow, ...]
    drafts: tuple[tuple[str, str, str], ...]
    """Name, address, when it was changed."""
    proposes: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class WordRow:
    """One thing that is said of a KPI, before and after."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the two say something else."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Line:
    """One line of two texts side by side; `kind` is empty where they are the same."""

    before: str
    after: str
    gone: bool = False
    come: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two definitions side by side, in words and as YAML."""

    before: str
    after: str
    words: tuple[WordRow, ...]
    lines: tuple[Line, ...]
    sub: str


@dataclass(frozen=True, slots=True)
class Decide:
    """What the reader may do with a proposal; an empty address is not for them."""

    activate: str = ""
    decline: str = ""
    call_back: str = ""
    withdraw: str = ""
    mend: str = ""
    why_not: str = ""
    alone: str = ""
    today: str = ""
    """The company's day, as a day is typed."""


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One proposal: who, why, what it gives, what it changes, and the decision."""

    head: Head
    status: Status
    reason: str
    told: tuple[tuple[str, str], ...]
    comparison: Comparison
    trial: Trial | None
    trial_absence: str
    notes: tuple[Note, ...]
    needs: tuple[NeedRow, ...]
    impact: Impact | None
    decide: Decide
    yaml: str
    said: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version of a definition."""

    name: str
    since: str
    by: str
    why: str
    decided: str
    fingerprint: str
    changed: str
    href: str
    chosen: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Every version of a definition, and two of them side by side."""

    head: Head
    versions: tuple[VersionCard, ...]
    comparison: Comparison | None
    waiting: Choice | None
    ahead: Choice | None
    """What holds from a day that has not come."""
    said: str = ""
    behind: str = ""
    """That the numbers are still those of the definition before; empty where they are not."""


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One column that KPIs stand on: how it is to be filled in, how it is, and whom it holds up."""

    column: str
    name: str
    standard: str
    share: str
    filled: float | None
    status: Status
    kpis: tuple[Choice, ...]
    blocked: bool


@dataclass(frozen=True, slots=True)
class EntityNeeds:
    """The columns of one kind of records."""

    title: str
    sub: str
    rows: tuple[StandardRow, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class DataPage:
    """What data the chosen KPIs need, and which of them are held up for want of it."""

    head: Head
    finding: str
    cause: str
    blocked: tuple[tuple[Choice, str], ...]
    """A KPI and the columns that it waits for."""
    entities: tuple[EntityNeeds, ...]
