"""The kinds of measure, each with only its own fields.

A union closed by `assert_never` makes a new kind a type error in each place that must learn it.
What each kind means is told in docs/kpis.md.
"""

from dataclasses import dataclass
from typing import NewType

from kpi_engine.definitions.described import Better, Department, KpiClass, Stage, Timing
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.takes import (
    At,
    BalanceTake,
    Clock,
    HealthComponent,
    HealthTake,
    PairTake,
    Span,
    SpanUnit,
    Take,
    Within,
)
from kpi_engine.periods import Grain
from kpi_engine.units import Unit

KpiKey = NewType("KpiKey", str)


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
