"""The kinds of measure, each with only its own fields.

A union closed by `assert_never` makes a new kind a type error in each place that must learn it.
What each kind means is told in docs/kpis.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from kpi_engine.definitions.expressions import Expression
from kpi_engine.periods import Grain
from kpi_engine.units import Unit

KpiKey = NewType("KpiKey", str)


class Take(StrEnum):
    """How many values become one."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    P90 = "p90"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"


class Clock(StrEnum):
    """Which time a duration counts: every hour, or the tenant's business hours."""

    CALENDAR = "calendar"
    BUSINESS = "business"


class SpanUnit(StrEnum):
    """Units of a span of time. Days and longer are calendar-aligned in the tenant's zone."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, as `4h`, `30d` or `3 months` in YAML."""

    count: float
    unit: SpanUnit


@dataclass(frozen=True, slots=True)
class Within:
    """The share of durations inside a limit. A late or missing end is outside, never dropped."""

    limit: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One value from the records of a period, placed by `on`.

    `value` is None for a count of records. A record whose `on` is missing is in no period.
    `on` None: the entity has no date to place it; asked by period, it is absent.
    """

    entity: str
    take: Take
    value: Expression | None = None
    where: Expression | None = None
    on: Expression | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """Time from one moment of a record to another, in the KPI's unit.

    A record whose `end` has not come is counted as open: outside a limit, and beside a median.
    """

    entity: str
    start: Expression
    end: Expression
    take: Take | Within
    on: Expression
    where: Expression | None = None
    clock: Clock = Clock.CALENDAR


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measure over another, from its parts at every grain and scope, never averaged."""

    over: "Part"
    under: "Part"


@dataclass(frozen=True, slots=True)
class Cohort:
    """The share of a period's records that reach an event within a window of their start.

    Immature until the window of the period's last record has passed. `within` None counts the
    event whenever it came, up to now, and is never immature.
    """

    entity: str
    on: Expression
    reaches: Expression
    within: Span | None = None
    where: Expression | None = None


class At(StrEnum):
    """When a stock is read within its period."""

    START = "start"
    END = "end"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Stock:
    """What stood open at a moment: opened before it, and not closed, or closed at or after it.

    Adds over people, not over time. `value` is read from the record as it was known at the moment,
    where the store has its versions.
    """

    entity: str
    take: Take
    opened: Expression
    closed: Expression
    value: Expression | None = None
    where: Expression | None = None
    at: At = At.END


class BalanceTake(StrEnum):
    """What a balance tells of the accounts between a period's start and its end.

    Money (`start` … `gained`) and numbers of accounts (`accounts_…`). An account is in the balance
    at a moment when its stock is above zero then.
    """

    START = "start"
    """Stock at the start."""
    END = "end"
    """Stock at the end."""
    RETAINED = "retained"
    """Stock at the end of the accounts that were in it at the start."""
    KEPT = "kept"
    """The same, each account capped at its stock at the start."""
    LOST = "lost"
    """Start less kept: what left or shrank."""
    GAINED = "gained"
    """Rises of the accounts that were in it at the start."""
    ACCOUNTS_START = "accounts_start"
    ACCOUNTS_END = "accounts_end"
    ACCOUNTS_LOST = "accounts_lost"
    """In it at the start, not at the end."""
    ACCOUNTS_GAINED = "accounts_gained"
    """In it at the start with a rise by the end."""


@dataclass(frozen=True, slots=True)
class Balance:
    """A stock compared per account between the start and the end of a period (MRR and churn)."""

    entity: str
    value: Expression
    opened: Expression
    closed: Expression
    per: str
    take: BalanceTake
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The first moment of each key: how many keys had theirs in the period (new customers)."""

    entity: str
    per: str
    on: Expression
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class FirstTouch:
    """Time from a record to the first related record at or after it, in the KPI's unit.

    `first` is the entity of the touches, placed by `at`; `of` the entity that waits, placed by
    `after`; `by` the touch's column that holds the waiting record's `key`.
    """

    first: str
    at: Expression
    of: str
    key: str
    by: str
    after: Expression
    take: Take | Within
    where: Expression | None = None
    of_where: Expression | None = None
    clock: Clock = Clock.CALENDAR


class PairTake(StrEnum):
    """What the pairs of actual and forecast tell."""

    ACCURACY = "accuracy"
    """1 - Σ|actual - forecast| / Σ actual, at least 0."""
    BIAS = "bias"
    """Σ(forecast - actual) / Σ actual."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Actual against forecast, paired by owner before they are added up."""

    actual: "Part"
    forecast: "Part"
    take: PairTake


@dataclass(frozen=True, slots=True)
class RankAccuracy:
    """How well a score ranks those with the event above those without (area under the ROC curve).

    Absent under `least` records, or when all or none have the event.
    """

    entity: str
    score: Expression
    event: Expression
    on: Expression
    where: Expression | None = None
    least: int = 100


@dataclass(frozen=True, slots=True)
class Slipped:
    """Open records whose expected date moved out of the period while it ran.

    The date is followed through the recorded versions and the `history` entity.
    """

    entity: str
    expected: str
    opened: Expression
    closed: Expression
    where: Expression | None = None


class HealthTake(StrEnum):
    """What the health of the customers tells."""

    MEAN = "mean"
    """Mean score of the customers, 0-100."""
    AT_RISK = "at_risk"
    """MRR of the customers under the tenant's threshold."""


class HealthPart(StrEnum):
    """A component of a customer's health, 0-100."""

    USAGE = "usage"
    TICKETS = "tickets"
    SATISFACTION = "satisfaction"
    RENEWAL = "renewal"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class HealthComponent:
    """A raw figure of an account made a score: 0 at `worst`, 100 at `best`, linear, clamped."""

    part: HealthPart
    weight: float
    worst: float
    best: float
    days: int
    """Trailing days that are looked at, up to the period's end."""


@dataclass(frozen=True, slots=True)
class Health:
    """The weighted health of customers at a period's end (docs/kpis.md tells its components)."""

    take: HealthTake
    components: tuple[HealthComponent, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic on parts of the same period and scope. An absent part makes it absent, named.

    A count or sum of no rows is 0 as a part; a mean, median or ratio of none is absent.
    """

    text: Expression
    of: tuple[tuple[str, "Part"], ...]


@dataclass(frozen=True, slots=True)
class Rolling:
    """A measure over the trailing window that ends with the period."""

    measure: "Part"
    over: Span


@dataclass(frozen=True, slots=True)
class ToDate:
    """A measure from the start of the enclosing period to this period's end."""

    measure: "Part"
    within: SpanUnit


@dataclass(frozen=True, slots=True)
class KpiRef:
    """Another KPI by its key, as a part."""

    key: KpiKey


Measure = (
    Aggregate
    | Duration
    | Ratio
    | Cohort
    | Stock
    | Balance
    | First
    | FirstTouch
    | Paired
    | RankAccuracy
    | Slipped
    | Health
    | Formula
    | Rolling
    | ToDate
)
Part = Measure | KpiRef


class KpiClass(StrEnum):
    """Effort, the value of the effort, or its result."""

    ACTIVITY = "activity"
    QUALITY = "quality"
    OUTCOME = "outcome"


class Stage(StrEnum):
    """Stages of the customer journey, and the two rooms beside it."""

    AWARENESS = "awareness"
    LEAD_GENERATION = "lead_generation"
    QUALIFICATION = "qualification"
    SALES = "sales"
    ONBOARDING = "onboarding"
    RETENTION = "retention"
    SERVICE = "service"
    DATA_QUALITY = "data_quality"


class Department(StrEnum):
    """Who works on it."""

    SALES = "sales"
    MARKETING = "marketing"
    SERVICE = "service"
    SUCCESS = "success"
    OPERATIONS = "operations"


class Timing(StrEnum):
    """Whether it tells before or after the result."""

    LEADING = "leading"
    LAGGING = "lagging"


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI as it is defined: what it means (`measure`) and what is said about it.

    Only the measure and the unit make the number; a reworded description keeps the fingerprint.
    """

    key: KpiKey
    name: str
    question: str
    description: str
    kpi_class: KpiClass
    stage: Stage
    department: Department
    timing: Timing
    unit: Unit
    better: Better
    cadence: Grain
    measure: Measure
    source: str
    guardrails: tuple[KpiKey, ...] = ()
    drives: tuple[KpiKey, ...] = ()
