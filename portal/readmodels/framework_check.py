"""What the framework check says: score, balance, coverage, findings, waivers and all rules."""

from dataclasses import dataclass

from portal.readmodels.cards import Choice, Head, Spark, Tone


@dataclass(frozen=True, slots=True)
class ClassBar:
    """A class of KPIs: how many, and its share against the band."""

    name: str
    count: str
    share: str
    filled: float
    """0 to 1 of the whole framework."""
    outside: str
    """'above' or 'below' the band; empty inside it."""


@dataclass(frozen=True, slots=True)
class CoverCell:
    """How many KPIs of a class a stage has."""

    text: str
    level: int
    """0 for none, to 3 for many: how deep it is drawn."""
    gap: str
    """'asked' where a rule asks to fill it, 'waived' where it is let stand; empty with a KPI."""
    title: str


@dataclass(frozen=True, slots=True)
class CoverRow:
    """The cells of one class."""

    name: str
    cells: tuple[CoverCell, ...]


@dataclass(frozen=True, slots=True)
class WaiveForm:
    """The form that waives one finding."""

    rule: str
    place: str
    title: str
    sub: str
    days: tuple[tuple[str, str], ...]
    """The last days that may be chosen: as sent, and as told."""
    longest: int
    cancel: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One finding, or with `parts` several of one rule."""

    severity: str
    """'error', 'warning' or 'hint'."""
    tone: Tone
    title: str
    reason: str
    rule: str
    fix: str
    points: str
    button: str
    href: str
    waive: str = ""
    """Where the form of its waiver is; empty for who may not."""
    parts: tuple["CheckLine", ...] = ()


@dataclass(frozen=True, slots=True)
class WaivedLine:
    """A finding that is let stand."""

    title: str
    rule: str
    place: str
    reason: str
    until: str
    by: str
    costs: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule, and how many findings it has."""

    id: str
    severity: str
    title: str
    why: str
    points: str
    found: str


@dataclass(frozen=True, slots=True)
class FrameworkCheck:
    """The panel and the page."""

    head: Head
    tabs: tuple[Choice, ...]
    sub: str
    score: str
    change: str
    rose: bool | None
    """Whether the score rose since it is compared; None where it did not move or is new."""
    possible: str
    spark: Spark
    balance_title: str
    bars: tuple[ClassBar, ...]
    band: tuple[float, float]
    balance_note: str
    stages: tuple[str, ...]
    rows: tuple[CoverRow, ...]
    goals_note: str
    cover_note: str
    lines: tuple[CheckLine, ...]
    title: str
    """'5 findings'."""
    counts: str
    waived: tuple[WaivedLine, ...]
    waived_note: str
    rules: tuple[RuleLine, ...]
    may_waive: bool
    export: str
    """Where the findings can be had as a file; empty for who may not."""
    form: WaiveForm | None = None
    hidden: int = 0
    """How many lines the panel leaves to the page."""
