"""What the page of one KPI says: strip, trend, split, past, definition, records. Finished text."""

from dataclasses import dataclass

from portal.readmodels.actions import ActionsPanel
from portal.readmodels.bridges import BridgePanel
from portal.readmodels.cards import Bullet, Change, Choice, Finding, Head, RangeBar, Status
from portal.readmodels.charts import XmrChart
from portal.readmodels.confidence import Confidence
from portal.readmodels.moved import Guarded, Moved


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the strip: a title, a figure or why there is none, and what is said of it."""

    title: str
    value: str = ""
    absence: str = ""
    status: Status | None = None
    change: Change | None = None
    beside: str = ""
    """Small, at the right of the figure: '315 of 1,240'."""
    notes: tuple[str, ...] = ()
    target: str = ""
    attained: str = ""
    bullet: Bullet | None = None
    range: RangeBar | None = None
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One period of the trend, in words: what the table below the chart says."""

    period: str
    value: str
    """Or the reason that there is none."""
    target: str
    n: str
    said: str
    """'above the limits'; empty for the usual up and down."""
    href: str
    """Where its records are; to the same page in that period."""
    chosen: bool = False
    held: bool = True
    """Whether it is held against what is usual: not without a number, nor while it runs."""


@dataclass(frozen=True, slots=True)
class TrendNote:
    """A note at one point of the trend, with a letter that the key below explains."""

    letter: str
    text: str
    day: str
    author: str


@dataclass(frozen=True, slots=True)
class NoteForm:
    """What is needed to add a note; None of it where the reader may not."""

    key: str
    day: str
    longest: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The series with what is usual in it, and what is not."""

    sub: str
    chart: XmrChart | None
    rows: tuple[TrendRow, ...]
    """The newest first."""
    pill: Status | None
    summary: str
    notes: tuple[TrendNote, ...] = ()
    form: NoteForm | None = None
    absence: str = ""


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One group: its bar and whisker on a scale from 0 to 1, its figures as text."""

    name: str
    n: str
    filled: float | None
    whisker: tuple[float, float] | None
    value: str
    change: str
    part: str
    href: str = ""
    note: str = ""
    """Why it has no bar: 'n too small', or the reason that there is no number."""
    title: str = ""
    few: bool = False
    """Whether there are too few records to tell: the bar is hatched."""


@dataclass(frozen=True, slots=True)
class Split:
    """Groups of one dimension ranked by value, which add up to the whole."""

    title: str
    sub: str
    choices: tuple[Choice, ...]
    group: str
    """What a group is called: 'Lead source'."""
    counted: str
    measured: str
    change: str
    """The head of the column of changes: 'vs Sep, pp'; empty while the period runs."""
    part: str
    """The head of the column that adds up; empty where nothing can be added."""
    rows: tuple[SplitRow, ...]
    total: SplitRow | None
    tick: float | None
    foot: str
    empty: str = ""
    unit: str = ""
    """What its changes are counted in: '€K', 'pp'; empty for plain counts."""


@dataclass(frozen=True, slots=True)
class PastRow:
    """A period as first known and as now known."""

    period: str
    first: str
    now: str
    moved: str
    cause: str
    restated: bool
    unknown: tuple[bool, bool] = (False, False)
    """Whether `first` and `now` are reasons that there was no number."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was first known of the last periods and what has been restated since."""

    sub: str
    rows: tuple[PastRow, ...]
    moved: str
    foot: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A word that leads somewhere; nowhere if `href` is empty."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the definition: its name and what it is, in words or links."""

    name: str
    words: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the tenant's own definition."""

    name: str
    since: str
    author: str
    fingerprint: str
    state: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What the number means. What is not asked for by the tab is empty."""

    sub: str
    tabs: tuple[Choice, ...]
    tab: str
    words: str
    facts: tuple[Fact, ...]
    sql: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    needs: tuple[Fact, ...] = ()
    foot: str = ""
    links: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record: a cell for every column, and its address in the CRM if the source gave one."""

    cells: tuple[str, ...]
    key: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """The records behind the number of one period, a page of them."""

    title: str
    sub: str
    sides: tuple[Choice, ...]
    parts: tuple[Choice, ...]
    columns: tuple[str, ...]
    numbers: frozenset[int]
    """Which columns are figures."""
    rows: tuple[RecordRow, ...]
    counted: str
    """'1-50 of 1,240'."""
    before: str = ""
    after: str = ""
    exports: tuple[Choice, ...] = ()
    note: str = ""
    """What the list is where it is not the number's own records."""
    empty: str = ""
    denied: str = ""
    opens: str = ""
    """The address that lists them, where they were not asked for yet."""
    opens_first: str = ""
    """The address of the first page, where the one asked for lies beyond the last."""


@dataclass(frozen=True, slots=True)
class KpiPage:
    """The page of one KPI."""

    head: Head
    notice: str
    """Whose numbers these are, where they are fewer than the address asked for."""
    finding: Finding | None
    cells: tuple[Cell, ...]
    trend: Trend
    moved: Moved
    guarded: tuple[Guarded, ...]
    split: Split
    past: Past
    definition: Definition
    records: Records
    confidence: Confidence
    actions: ActionsPanel | None = None
    """None where the reader may see no actions."""
    ahead: Choice | None = None
    """What awaits its day to become the definition, for who may see the definition's history."""
    bridges: tuple[BridgePanel, ...] = ()
    """What it read beside the KPI that it replaced, or that replaced it."""
    behind: str = ""
    """That the numbers are still those of the definition before; empty where they are not."""
    life: str = ""
    """That it is retired or under review, and why; empty for one that is simply in use."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of the palette."""

    text: str
    sub: str
    href: str
    icon: str
