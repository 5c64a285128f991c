"""What the pages of actions say: board, list, one action and its verdict, library."""

from dataclasses import dataclass

from portal.readmodels.cards import Choice, Finding, Head, Status
from portal.readmodels.charts import Axes
from portal.readmodels.tables import Column


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action beside others."""

    title: str
    href: str
    kpi: str
    kpi_href: str
    whose: str
    """Whose numbers it is about."""
    source: str
    """'From the October review'; empty where it came from none."""
    owner: str
    when: str
    """'Due 30 Nov' or 'Done 12 Jun'."""
    late: str
    """'16 days over'; empty where it is not."""
    state: Status
    expected: str
    measured: str
    """'+1.9 pp (0.6 to 3.2)', 'from 28 Dec', '2 other actions then'."""
    verdict: Status | None
    guard: Status | None = None
    """That its guardrail broke; None where it held or there is none."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The actions in one state."""

    name: str
    rows: tuple[ActionRow, ...]
    more: Choice | None = None
    """Where the rest is, if there are too many to show."""
    total: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """The page of all actions that somebody sees, as far as it was asked for."""

    head: Head
    finding: Finding | None
    views: tuple[Choice, ...]
    filters: tuple[Choice, ...]
    """Toggles: mine, overdue."""
    lanes: tuple[Lane, ...]
    """Empty where the list was asked for."""
    columns: tuple[Column, ...]
    rows: tuple[ActionRow, ...]
    counted: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class EditorForm:
    """What it takes to say what an action is; where it is sent, and what is carried along."""

    name: str
    """'Action 1', 'New action'."""
    sends: str
    csrf: str
    title: str
    longest: int
    owners: tuple[Option, ...]
    due: str
    kinds: tuple[Option, ...]
    directions: tuple[Option, ...]
    size: str
    unit: str
    """What the size is counted in: 'pp', 'hours'."""
    lags: tuple[Option, ...]
    guardrails: tuple[Option, ...]
    sides: tuple[Option, ...]
    limit: str
    shows: str
    """What the data can show, in a sentence or two."""
    kept: tuple[tuple[str, str], ...]
    """Names and values that go along unseen."""
    button: str
    cancel: str = ""
    error: str = ""
    theirs: tuple[tuple[str, str], ...] = ()
    """What somebody else wrote meanwhile, field by field."""


@dataclass(frozen=True, slots=True)
class ChooseKpi:
    """Which KPI a new action is to move."""

    head: Head
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]


@dataclass(frozen=True, slots=True)
class NewActionPage:
    """The page on which an action is asked for."""

    head: Head
    form: EditorForm
    sub: str


@dataclass(frozen=True, slots=True)
class MoveForm:
    """One move that may be made, as a form."""

    text: str
    sends: str
    kept: tuple[tuple[str, str], ...]
    primary: bool
    reason: bool
    """Whether a word of why is needed."""
    day: str = ""
    """The label of the day that goes with it; empty for none."""
    day_value: str = ""
    note: str = ""
    """What was typed of why before it was refused."""
    error: str = ""
    """Why it was refused."""


@dataclass(frozen=True, slots=True)
class EffectChart:
    """A number around an action, and what the time before led to expect."""

    axes: Axes
    names: tuple[str, ...]
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    expected: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    done: int
    """The place of the first point after the time before."""
    after: int
    """The place of the first point that shows the action."""
    summary: str


@dataclass(frozen=True, slots=True)
class VerdictPanel:
    """What the numbers say of an action."""

    sub: str
    pill: Status
    sentence: str
    chart: EffectChart | None
    facts: tuple[tuple[str, str], ...]
    points: tuple[tuple[str, str, str, str], ...]
    """Month, value, expected, which part of the time."""
    checks: tuple[tuple[str, str, str], ...]
    """Every look so far: when, verdict, measured."""
    foot: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to an action."""

    when: str
    who: str
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action."""

    head: Head
    state: Status
    notice: str
    facts: tuple[tuple[str, str, str], ...]
    """Name, text, and where it leads; '' for nowhere."""
    moves: tuple[MoveForm, ...]
    csrf: str
    edit: str
    """The address that opens the editor; empty where it may not be changed."""
    form: EditorForm | None
    verdict: VerdictPanel | None
    early: str
    """Why there is no verdict."""
    history: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something worked: a KPI, or a kind of action."""

    name: str
    href: str
    judged: int
    counts: tuple[tuple[Status, int], ...]
    """For each verdict, how many."""
    median: str
    """The middle of what those that worked moved; empty where none did."""


@dataclass(frozen=True, slots=True)
class Library:
    """What worked so far."""

    head: Head
    finding: Finding | None
    kinds: tuple[Tally, ...]
    kpis: tuple[Tally, ...]
    rows: tuple[ActionRow, ...]
    filters: tuple[tuple[str, tuple[Choice, ...]], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class ActionsPanel:
    """The actions on one KPI, for its page and for a review's."""

    sub: str
    rows: tuple[ActionRow, ...]
    foot: str
    all_href: str
    new_href: str
    """Empty where the reader may ask for none."""


@dataclass(frozen=True, slots=True)
class OverduePanel:
    """What should have been done by now, for a home."""

    sub: str
    rows: tuple[ActionRow, ...]
    all_href: str
