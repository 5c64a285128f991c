"""What a rep's home says: today's tasks, targets, activities and open deals, in finished text."""

from dataclasses import dataclass

from portal.readmodels.cards import Bullet, Finding, Head, KpiCard, Status


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task. `token` is what a browser calls it by."""

    token: str
    title: str
    when: Status | None
    """'6 d overdue' with its tone, or None where `at` says the time."""
    at: str = ""
    done: str = ""
    """'Done 08:02'; empty while it is open."""


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The tasks at one account."""

    account: str
    about: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class TaskPanel:
    """What is to be done today, the most urgent first."""

    sub: str
    pills: tuple[Status, ...]
    groups: tuple[TaskGroup, ...]
    empty: str
    """Why there is nothing; empty where there is."""
    more: str = ""
    """'12 more are overdue.'"""


@dataclass(frozen=True, slots=True)
class TargetBar:
    """One quota against its pace."""

    name: str
    won: str
    of: str
    share: str
    bar: Bullet
    pace: str
    verdict: Status
    rest: str
    """'Needs 2 average deals (€24K) in 13 days.'"""


@dataclass(frozen=True, slots=True)
class TargetPanel:
    """The quotas of the month and the quarter."""

    sub: str
    bars: tuple[TargetBar, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class MixRow:
    """One kind of activity this week against the usual."""

    name: str
    bar: Bullet
    count: str
    usual: str


@dataclass(frozen=True, slots=True)
class MixPanel:
    """This week's activities."""

    sub: str
    rows: tuple[MixRow, ...]
    fact: str
    rest: str
    empty: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: its name and its share of the width, in per cent."""

    name: str
    width: float


@dataclass(frozen=True, slots=True)
class GapBox:
    """Which deals would close the gap."""

    text: str
    parts: tuple[Part, ...]
    tick: float
    tick_says: str


@dataclass(frozen=True, slots=True)
class DealRow:
    """One open deal."""

    account: str
    name: str
    step: int
    steps: int
    stage: str
    amount: str
    weighted: str
    due: str
    late: bool
    age: str
    age_bar: Bullet | None
    next_step: str
    flag: Status | None


@dataclass(frozen=True, slots=True)
class DealPanel:
    """All open deals, those that need attention first."""

    sub: str
    pills: tuple[Status, ...]
    gap: GapBox | None
    rows: tuple[DealRow, ...]
    total: tuple[str, str, str]
    """'9 open', their amount, their weighted amount."""
    foot: str
    empty: str


@dataclass(frozen=True, slots=True)
class RepHome:
    """The whole page. `empty` says why there is none for this person; then nothing else counts."""

    head: Head
    finding: Finding | None = None
    cards: tuple[KpiCard, ...] = ()
    tasks: TaskPanel | None = None
    targets: TargetPanel | None = None
    mix: MixPanel | None = None
    deals: DealPanel | None = None
    empty: str = ""
