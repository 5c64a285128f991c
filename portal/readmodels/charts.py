"""What charts show: finished text beside plain numbers, so that drawing has nothing to work out."""

from dataclasses import dataclass

from portal.readmodels.cards import Tone


@dataclass(frozen=True, slots=True)
class Level:
    """A level across a chart with the label at its right: 27.1, 'Mean 27.1'."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Axes:
    """Where the ticks stand and what they say; the y axis ends at its outermost ticks."""

    x: tuple[tuple[float, str], ...]
    """Positions of points and their words; a line feed makes two lines: 'Jan<newline>2026'."""
    y: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class XmrChart:
    """A series against its natural limits. Points stand at 0, 1, 2 and so on."""

    axes: Axes
    names: tuple[str, ...]
    """'October 2026', for the hover."""
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    """The values as they are read; for None the reason why there is none."""
    mean: Level | None = None
    lower: Level | None = None
    upper: Level | None = None
    target: Level | None = None
    """The target; of one that is a range its upper end."""
    floor: Level | None = None
    """The lower end of a target that is a range."""
    signals: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()
    """Those of the signals that are one only by the long run that they are in."""
    notes: tuple[tuple[int, str], ...] = ()
    open_end: bool = False
    """Whether the last point is of a period that has not ended."""
    links: tuple[str, ...] = ()
    """Where each point leads when it is chosen; none leads nowhere."""
    along: tuple[tuple[float, float] | None, ...] = ()
    """The lower and upper limit of each point, where they move along; the levels then tell those
    of the last."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line among others."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    dashed: bool = False
    main: bool = True


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over the same points, with levels across and their labels at the right."""

    axes: Axes
    names: tuple[str, ...]
    series: tuple[Series, ...]
    levels: tuple[Level, ...] = ()
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of ranked bars. Parts of the scale are 0 to 1."""

    name: str
    filled: float
    value: str
    count: str = ""
    sides: tuple[str, ...] = ()
    whisker: tuple[float, float] | None = None
    """A 95 % Wilson interval, or None."""
    tick: float | None = None
    tone: Tone = Tone.NEUTRAL
    hatched: bool = False
    """Too few to tell: the bar is hatched and `value` says so in words."""
    href: str = ""
    strong: bool = False
    words: bool = False
    """Whether `value` is the reason that there is none."""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Ranked bars with what their columns are called."""

    summary: str
    bars: tuple[Bar, ...]
    heads: tuple[str, ...] = ()
    """Of name, count, bar, value and each side; empty draws none."""
    reference: float | None = None
    """A dashed line through all bars: the whole's value."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A step of a waterfall. A level stands on the axis; the others add to what came before."""

    name: str
    amount: float
    text: str
    level: bool = False
    tone: Tone = Tone.NEUTRAL
    side: str = ""
    """The usual movement, in its own column."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From one level to another by what moved it. `floor` is where the axis starts."""

    summary: str
    falls: tuple[Fall, ...]
    side_head: str = ""
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a funnel, and how many moved on from it."""

    name: str
    count: float
    text: str
    moved: str = ""
    """'56 % (55)': moved on to the next stage, the normal in brackets."""
    moved_tone: Tone = Tone.NEUTRAL
    days: str = ""
    days_tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Funnel:
    """Stages from the widest to the last."""

    summary: str
    stages: tuple[Stage, ...]
    heads: tuple[str, str, str] = ("deals", "moved on", "median days in stage")
