"""What the list of KPIs says, stage by stage. Finished text."""

from dataclasses import dataclass

from portal.readmodels.cards import Change, Choice, Head, Status


@dataclass(frozen=True, slots=True)
class ListRow:
    """One KPI in the list."""

    name: str
    question: str
    href: str
    value: str
    absence: str
    period: str
    status: Status | None
    change: Change | None
    kpi_class: str
    department: str
    cadence: str
    owner: str


@dataclass(frozen=True, slots=True)
class ListGroup:
    """The KPIs of one stage of the journey."""

    title: str
    rows: tuple[ListRow, ...]


@dataclass(frozen=True, slots=True)
class KpiList:
    """The list of KPIs, as far as it was asked for."""

    head: Head
    notice: str
    found: str
    filters: tuple[tuple[str, tuple[Choice, ...]], ...]
    search: str
    """What was searched for."""
    keep: tuple[tuple[str, str], ...]
    """What the search form carries along."""
    groups: tuple[ListGroup, ...]
    empty: str = ""
