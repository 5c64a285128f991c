"""The parts that most pages are made of: a status, a change, a KPI's card, a cell of heat.

All text is formatted already, in the reader's locale; all series are plain numbers for drawing.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Tone(StrEnum):
    """How good what is shown is. Never told by colour alone: `word` goes with it."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Status:
    """A pill: 'On target', 'Watch', 'Off target', 'No data', 'Immature', 'So far', 'Withheld'."""

    tone: Tone
    word: str
    icon: str = ""
    """The name of a Bootstrap icon without its prefix; empty takes the tone's own."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change against another period: '+12.2 %' 'vs Sep'. Tone is its goodness, not its sign."""

    text: str
    against: str
    tone: Tone
    up: bool | None
    """Whether the number rose; None where it did not move."""


@dataclass(frozen=True, slots=True)
class Spark:
    """The points of a small line, oldest first; None is a gap. Unit as the card's value."""

    points: tuple[float | None, ...]
    band: tuple[float, float] | None = None
    """The usual range, drawn as a band."""
    dashed: float | None = None
    """A level to compare with: the team's median."""
    summary: str = ""
    """One sentence for who cannot see the line."""
    open_end: bool = False
    """Whether the last point is of a period that has not ended."""


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bar from 0 to 1 of its scale with a tick at the target (or pace). Long reads good."""

    filled: float
    tick: float | None
    tone: Tone
    summary: str = ""


@dataclass(frozen=True, slots=True)
class RangeBar:
    """A range on a scale from 0 to 1, where the value stands, and a tick: a middle or target."""

    low: float
    high: float
    tick: float | None
    at: float | None
    tone: Tone
    summary: str


@dataclass(frozen=True, slots=True)
class OwnerShare:
    """Who answers for a KPI, and with which share in per cent."""

    name: str
    initials: str
    share: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class KpiCard:
    """One KPI in the anatomy of the design: title, value, change, line, target, foot."""

    key: str
    title: str
    href: str
    value: str
    """Empty where there is no number; then `absence` says why."""
    absence: str = ""
    status: Status | None = None
    change: Change | None = None
    spark: Spark | None = None
    target: str = ""
    """'Target ≤ 66 days', 'Pace 46 % today'; empty where none was set."""
    attained: str = ""
    bullet: Bullet | None = None
    owners: tuple[OwnerShare, ...] | None = None
    """Who answers for it; empty where nobody does, None where the card does not tell."""
    confidence: tuple[int, str] | None = None
    """Bars 1-3 and their word; no bar where it cannot be told."""
    doubt: str = ""
    """The worst that speaks against the number, in a sentence."""
    foot: tuple[tuple[str, str], ...] = ()
    """Pairs in place of the owners: ('Your usual', '24-31 %')."""
    note: str = ""
    """'so far, to 16 Nov', 'n 7, too small'."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of a heat map. `level` is 0 (worst) to 4 (best) of the five steps; None is no heat."""

    text: str
    level: int | None = None
    title: str = ""
    """What is said on hover and to a screen reader; an absence's reason stands here."""
    href: str = ""
    open: bool = False
    """Of a period that has not ended: hatched."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands first on a page: a bold fact, its cause, one link."""

    fact: str
    cause: str = ""
    link: str = ""
    href: str = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu that changes the address: a period, a team, a split."""

    text: str
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A button with choices below it. `label` is what it says closed."""

    name: str
    label: str
    icon: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a page: title, one line under it, crumbs, pills, menus."""

    title: str
    sub: str = ""
    crumbs: tuple[Choice, ...] = ()
    tags: tuple[str, ...] = ()
    menus: tuple[Menu, ...] = ()
    actions: tuple[Choice, ...] = ()
    """Links as buttons: print, export, share."""
