"""A number, or the reason there is none."""

from dataclasses import dataclass
from enum import StrEnum


class Absence(StrEnum):
    """Why there is no number. Never 0, never NaN."""

    NO_ROWS = "no rows"
    ZERO_DENOMINATOR = "the denominator is 0"
    NEGATIVE_DENOMINATOR = "the denominator is below 0"
    IMMATURE = "the cohort's window has not passed"
    MISSING_PART = "a part is absent"
    NO_DATE = "no record has the date that would place it in a period"
    NOT_LOADED = "no record of this kind was ever loaded"
    TOO_FEW = "too few records to tell"
    NO_HISTORY = "no history was recorded to follow the date through"
    NOT_BEGUN = "the period has not begun"
    NOT_FINITE = "the result is not a finite number"
    WITHHELD = "an audit of the data holds it back"
    PROMISED_IN_PART = "at its start only a part of the period had been forecast"
    FORECAST_RUNS = "the period runs, and what was forecast is for all of it"
    OVER = "the period is over, and nothing of it is still to come"


class State(StrEnum):
    """How far a number can be relied on."""

    FINAL = "final"
    SO_FAR = "so_far"
    IMMATURE = "immature"
    ABSENT = "absent"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Reading:
    """One KPI in one period for one group.

    `value` is None exactly when `state` is immature, absent or withheld, and then `reason` says
    why. `over` and `under` are the parts of a ratio, else None. `n` counts the records behind the
    number: those of `under` for a ratio. `beside` tells what a single number hides (`open`: still
    waiting).
    """

    value: float | None
    state: State
    reason: str | None
    n: int
    over: float | None = None
    under: float | None = None
    beside: tuple[tuple[str, float], ...] = ()
