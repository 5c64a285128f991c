"""How good a number is against its target: a status, a score of 0 to 10, a step of heat.

Value and target are rounded once, to what a person reads, and all that follows is made of these two
rounded numbers: 3.5 against a target of 3.5 is on target whatever lies behind the comma.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import mark, tr
from kpi_engine.reading import Absence, Reading, State
from kpi_engine.units import MEANS, Unit, half_up
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import places
from portal.services.quotients import of_nothing, of_plan
from portal.services.targets import Target

ON_TARGET = Status(Tone.GOOD, mark("On target"))
WATCH = Status(Tone.WATCH, mark("Watch"))
OFF_TARGET = Status(Tone.BAD, mark("Off target"))
NO_TARGET = Status(Tone.NEUTRAL, mark("No target"))
NO_DATA = Status(Tone.NEUTRAL, mark("No data"))
IMMATURE = Status(Tone.NEUTRAL, mark("Immature"))
SO_FAR = Status(Tone.NEUTRAL, mark("So far"))
WITHHELD = Status(Tone.NEUTRAL, mark("Withheld"))
TOO_FEW = Status(Tone.NEUTRAL, mark("Too few"))
NOTHING_SPENT = Status(Tone.NEUTRAL, mark("Nothing spent"))
PERIOD_OVER = Status(Tone.NEUTRAL, mark("Period over"))
_WITHIN = {
    ON_TARGET: mark("on target"),
    WATCH: mark("watch"),
    OFF_TARGET: mark("off target"),
    NO_TARGET: mark("no target"),
    NO_DATA: mark("no data"),
    IMMATURE: mark("immature"),
    SO_FAR: mark("so far"),
    WITHHELD: mark("withheld"),
    TOO_FEW: mark("too few"),
    NOTHING_SPENT: mark("nothing spent"),
    PERIOD_OVER: mark("period over"),
}

LEAST_RECORDS = 10
"""A rate or a typical time of fewer records tells more of chance than of work."""
MARGIN = 0.1
"""How far beyond the target red begins where nobody said otherwise: a tenth of it."""
GOAL_SCORE, RED_SCORE, BEST_SCORE = 20 / 3, 10 / 3, 10.0
"""The score at the goal and at the red flag; linear between and beyond, cut at 0 and 10."""

_STEPS = (0.90, 0.95, 1.00, 1.05)
"""Where the steps of heat begin; more than the last is the best."""
_MILLIONS = ((1e9, 2), (1e6, 2))
"""Money of so much is written in billions or millions, with so many places."""
_THOUSANDS_FROM = 10_000
_HUNDRED = 100
OF_FEW = MEANS - {Unit.TIMES}
"""Units of what has a typical value, and adds up to nothing."""
_UNJUDGED = {
    State.ABSENT: NO_DATA,
    State.IMMATURE: IMMATURE,
    State.WITHHELD: WITHHELD,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a number. Without a target, or while it may still change, it has no score."""

    status: Status
    score: float | None
    """0 to 10: 6.67 at the goal, 3.33 at the red flag."""
    attained: float | None
    """The share of the target that is reached, 1 for all of it; lower-is-better turned round."""
    level: int | None
    """0 for under 90 % of the target to 4 for over 105 %."""


def said(status: Status) -> Status:
    """Return a status in the reader's language, as a page shows it."""
    return replace(status, word=tr(status.word))


def within(status: Status) -> str:
    """Return a status, said or not, as it stands within a sentence."""
    found = (word for one, word in _WITHIN.items() if status in (one, said(one)))
    return tr(next(found, status.word.lower()))


def rounded(amount: float, unit: Unit) -> float:
    """Return an amount as precisely as a card writes it: the one rounding of value and target."""
    if unit in {Unit.MONEY, Unit.MONEY_PER_DAY}:
        return _money(amount)
    scale = _HUNDRED if unit is Unit.RATIO else 1
    return half_up(amount * scale, places(amount, unit)) / scale + 0.0


def _money(amount: float) -> float:
    for size, after in _MILLIONS:
        if half_up(abs(amount) / (size / 10**after)) >= 10**after:
            figure = amount / size
            kept = after if abs(figure) < _HUNDRED else 1
            return half_up(figure, kept) * size
    if abs(amount) >= _THOUSANDS_FROM:
        return half_up(amount / 1e3) * 1e3
    whole = float(amount).is_integer() or abs(amount) >= _HUNDRED
    return half_up(amount, 0 if whole else 2)


def judge(kpi: Kpi, reading: Reading, target: Target | None) -> Judged:
    """Say how good a reading is. A period that has not ended gets no status, only its share."""
    if reading.value is None:
        over = reading.reason == Absence.OVER
        status = PERIOD_OVER if over else _UNJUDGED.get(reading.state, NO_DATA)
        return Judged(status, None, None, None)
    if reading.state is not State.SO_FAR and of_nothing(kpi, reading):
        return Judged(NOTHING_SPENT, None, None, None)
    goal = None if target is None or of_nothing(kpi, reading) else _goal(kpi, target)
    value = rounded(reading.value, kpi.unit)
    attained = None if goal is None else goal.attained(value)
    if reading.state is State.SO_FAR:
        return Judged(SO_FAR, None, attained, None)
    if goal is None:
        return Judged(NO_TARGET, None, None, None)
    if too_few(kpi, reading):
        return Judged(TOO_FEW, None, attained, None)
    score = goal.score(value)
    return Judged(goal.status(value), score, attained, goal.level(value, attained))


def too_few(kpi: Kpi, reading: Reading) -> bool:
    """Say whether a reading has so few records behind it that it should not be judged."""
    few = kpi.unit in OF_FEW and reading.value is not None and reading.n < LEAST_RECORDS
    return few and not of_plan(kpi)


def level_of(attained: float) -> int:
    """Return the step of heat of a share of a target, 0 to 4."""
    # The share is a quotient of rounded numbers; its own last digits must not move a step.
    share = round(attained, 9)
    return sum(share >= step for step in _STEPS[:3]) + (share > _STEPS[3])


def roll_up(scores: Iterable[tuple[float | None, float]]) -> float | None:
    """Return the weighted mean of scores; what is missing weighs nothing. None without any."""
    told = [(score, weight) for score, weight in scores if score is not None and weight > 0]
    total = sum(weight for _, weight in told)
    return sum(score * weight for score, weight in told) / total if total else None


def status_of_score(score: float | None) -> Status:
    """Return the status of a rolled-up score."""
    if score is None:
        return NO_DATA
    told = round(score, 2)
    if told >= round(GOAL_SCORE, 2):
        return ON_TARGET
    return WATCH if told >= round(RED_SCORE, 2) else OFF_TARGET


@dataclass(frozen=True, slots=True)
class _Goal:
    """A target made ready: `distance` is above 0 where a value is worse than the goal."""

    better: Better
    low: float
    high: float
    """Both the goal itself unless it is a range."""
    amber: float
    """Up to so far beyond the goal it is still good."""
    red: float
    """From farther than this it is bad."""

    def distance(self, value: float) -> float:
        if self.better is Better.HIGHER:
            return self.low - value
        if self.better is Better.LOWER:
            return value - self.high
        return max(self.low - value, value - self.high)

    def status(self, value: float) -> Status:
        away = self.distance(value)
        if away <= self.amber + _CLOSE:
            return ON_TARGET
        return WATCH if away <= self.red + _CLOSE else OFF_TARGET

    def score(self, value: float) -> float:
        away, width = self.distance(value), self.red - self.amber
        if width <= 0:
            return GOAL_SCORE if away <= self.amber + _CLOSE else 0.0
        # A step of a third of the scale is as wide as the way from goal to red flag.
        found = GOAL_SCORE - (away - self.amber) / width * (GOAL_SCORE - RED_SCORE)
        return min(max(found, 0.0), BEST_SCORE)

    def attained(self, value: float) -> float | None:
        if self.better is Better.RANGE and self.distance(value) <= 0:
            return 1.0
        below = self.better is Better.HIGHER or (self.better is Better.RANGE and value < self.low)
        over, under = (value, self.low) if below else (self.high, value)
        if self.better is Better.RANGE and below and self.low <= 0:
            # A bias as far below its range as another is above it reaches as much of it.
            over, under = -self.low, -value
        return over / under if under > 0 and over >= 0 else None

    def level(self, value: float, attained: float | None) -> int:
        if attained is not None:
            return level_of(attained)
        # No share can be told of a goal of 0 or less: met or missed is all there is. None at all
        # of what should be little is the best there can be: 0.8 must not look better than 0.
        if self.better is Better.LOWER and value <= 0 < self.high:
            return len(_STEPS)
        return 3 if self.distance(value) <= 0 else 0


_CLOSE = 1e-9


def _goal(kpi: Kpi, target: Target) -> _Goal | None:
    """Return the target in the KPI's own rounding; None where it says nothing for its direction."""
    if kpi.better is Better.RANGE:
        if target.low is None or target.high is None:
            return None
        low, high = rounded(target.low, kpi.unit), rounded(target.high, kpi.unit)
        red = target.red if target.red is not None else MARGIN * max(abs(low), abs(high))
        return _Goal(kpi.better, low, high, target.amber or 0.0, max(red, target.amber or 0.0))
    if target.value is None:
        return None
    goal = rounded(target.value, kpi.unit)
    sign = 1 if kpi.better is Better.HIGHER else -1
    amber = _away(target.amber, goal, sign, kpi.unit, 0.0)
    red = _away(target.red, goal, sign, kpi.unit, MARGIN * abs(goal))
    return _Goal(kpi.better, goal, goal, amber, max(red, amber))


def _away(bound: float | None, goal: float, sign: int, unit: Unit, otherwise: float) -> float:
    """Return how far beyond the goal a bound lies; a bound on its good side counts as the goal."""
    return otherwise if bound is None else max((goal - rounded(bound, unit)) * sign, 0.0)
