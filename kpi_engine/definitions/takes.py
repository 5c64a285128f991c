"""What a measure takes of its values: how many become one, within which span, at which moment."""

from dataclasses import dataclass
from enum import StrEnum


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


class At(StrEnum):
    """When a stock is read within its period."""

    START = "start"
    END = "end"
    MEAN = "mean"


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


class PairTake(StrEnum):
    """What the pairs of actual and forecast tell."""

    ACCURACY = "accuracy"
    """1 - Σ|actual - forecast| / Σ actual, at least 0."""
    BIAS = "bias"
    """Σ(forecast - actual) / Σ actual."""


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
