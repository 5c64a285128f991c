"""What a sales leader's home says: pipeline, stages, forecast and team, in finished text."""

from dataclasses import dataclass

from portal.readmodels.cards import Finding, Head, HeatCell, KpiCard, Spark, Status, Tone
from portal.readmodels.charts import Funnel, Waterfall
from portal.readmodels.tables import Column, Kind


@dataclass(frozen=True, slots=True)
class FallPanel:
    """What became of the pipeline since the period began."""

    title: str
    sub: str
    chart: Waterfall | None
    table: tuple[tuple[str, str, str, str], ...]
    """Movement, deals, amount, usual."""
    fact: str
    rest: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class FunnelPanel:
    """The open stages, and what was won."""

    sub: str
    chart: Funnel | None
    table: tuple[tuple[str, ...], ...]
    """Stage, entered, moved on, usual, days, usual, now in it."""
    fact: str
    rest: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Words at the right end of a line: at which height, 0 (bottom) to 1, and in which ink."""

    text: str
    at: float
    kind: str


@dataclass(frozen=True, slots=True)
class ForecastChart:
    """What was won and promised since the period began; places are parts of width and height."""

    won: tuple[tuple[float, float], ...]
    said: tuple[tuple[float, float], ...]
    now: float
    fan: tuple[float, float, float] | None
    """Low, middle and high at the period's end."""
    target: float | None
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    labels: tuple[Label, ...]
    today: str
    summary: str


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """How good forecasts were, so many days before the end."""

    before: str
    accuracy: str
    width: float
    tick: float | None
    model: str
    bias: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ForecastPanel:
    """The forecast of the period, and what earlier ones were worth."""

    title: str
    sub: str
    pill: Status | None
    chart: ForecastChart | None
    rows: tuple[JudgedRow, ...]
    judged: str
    """'Last 4 quarters.'"""
    plain: str
    fact: str
    rest: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A person, a territory or the team over the KPIs."""

    name: str
    sub: str
    cells: tuple[HeatCell, ...]
    spark: Spark | None
    flag: Status | None
    kind: Kind = Kind.PLAIN
    person: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class TeamPanel:
    """Everybody of the team against the targets."""

    sub: str
    columns: tuple[Column, ...]
    rows: tuple[TeamRow, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class LeaderHome:
    """The whole page. `empty` says why there is none for this person; then nothing else counts."""

    head: Head
    finding: Finding | None = None
    cards: tuple[KpiCard, ...] = ()
    fall: FallPanel | None = None
    funnel: FunnelPanel | None = None
    forecast: ForecastPanel | None = None
    team: TeamPanel | None = None
    empty: str = ""
