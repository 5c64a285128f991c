"""What is worth telling of a series, and what is only its up and down. Nothing here asks anything.

A status is told again when it crossed its threshold clearly, or when it held. A number that wavers
about a threshold is told at most once: after a change that was told because it held, the
way back has to hold for twice as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from kpi_engine.definitions.described import Better
from kpi_engine.statistics import intervals
from kpi_engine.statistics.xmr import RUN, Sign, Signal, Xmr
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.services.statuses import GOAL_SCORE, RED_SCORE

HOLD = 2
"""So many closed periods in a row on one side of what was told are told."""
HOLD_AGAIN = 4
"""So many after a change that was told for no other reason than that it held."""
CLEAR = 1.0
"""Points of the score of 0 to 10 beyond the threshold that make a crossing clear at once: three
tenths of the way from the goal to the red flag."""
SPREADS = 2.0
"""A count is off its target when it lies more than so many roots of the target away from it."""
SLACK = 0.02
"""Of the width of the usual range: a number has to lie so far beyond its limit."""
AT_RISK = 0.9
"""Of what should be reached; below it a target is at risk."""

_RANK = {Tone.BAD: 0, Tone.WATCH: 1, Tone.GOOD: 2}
_RUNS = {Sign.RUN_ABOVE, Sign.RUN_BELOW}
_EDGES = {
    # What a status was told for: the scores at which it begins and ends.
    Tone.GOOD: (GOAL_SCORE, None),
    Tone.WATCH: (RED_SCORE, GOAL_SCORE),
    Tone.BAD: (None, RED_SCORE),
}


@dataclass(frozen=True, slots=True)
class Rated:
    """How a closed period was judged: its status and its score."""

    tone: Tone
    score: float
    sure: bool = True
    """Whether chance alone hardly brings a number of so few records across its target."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A status that is told: at which place of the series, what it was before, and why now."""

    index: int
    before: Tone
    now: Tone
    held: int
    """For how many periods it has been so; 1 where the crossing was clear at once."""

    @property
    def better(self) -> bool:
        """Whether it is good news."""
        return _RANK[self.now] > _RANK[self.before]


def turns(series: Sequence[Rated | None]) -> tuple[Turn, ...]:
    """Return the changes of status that are told, in order; None is a period without a judgement.

    The first status is where the telling begins and is no change. A period without a judgement
    neither breaks nor lengthens what holds.
    """
    found: list[Turn] = []
    told: Tone | None = None
    away: list[Tone] = []
    needed = HOLD
    for index, one in enumerate(series):
        if one is None or told is None:
            told = told if one is None else one.tone
            continue
        away = _away(away, told, one.tone)
        if not away:
            continue
        clear = _is_clear(told, one)
        if clear or len(away) >= needed:
            found.append(Turn(index, told, one.tone, len(away)))
            told, away, needed = one.tone, [], HOLD if clear else HOLD_AGAIN
    return tuple(found)


def _away(before: list[Tone], told: Tone, now: Tone) -> list[Tone]:
    """Return the periods in a row, with this one, that lie on one side of what was told."""
    side = _RANK[now] - _RANK[told]
    if not side:
        return []
    same = before and (_RANK[before[-1]] - _RANK[told] > 0) == (side > 0)
    return [*before, now] if same else [now]


def _is_clear(told: Tone, one: Rated) -> bool:
    if not one.sure:
        return False
    lowest, highest = _EDGES[told]
    if lowest is not None and one.score <= lowest - CLEAR:
        return True
    return highest is not None and one.score >= highest + CLEAR


class Verdict(StrEnum):
    """Whether a signal is good news."""

    GOOD = "good"
    BAD = "bad"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Noticed:
    """A signal of the last period: which, and the limits it is told by."""

    sign: Sign
    mean: float
    lower: float
    upper: float

    @property
    def high(self) -> bool:
        """Whether it lies on the upper side."""
        return self.sign in {Sign.ABOVE, Sign.RUN_ABOVE}

    @property
    def run(self) -> bool:
        """Whether it is a run and no single point."""
        return self.sign in _RUNS

    def verdict(self, better: Better) -> Verdict:
        """Say whether it is good news for a KPI that is better that way."""
        if better is Better.RANGE:
            return Verdict.NEITHER
        return Verdict.GOOD if self.high is (better is Better.HIGHER) else Verdict.BAD


def noticed(values: Sequence[float | None], limits: Xmr | None) -> Noticed | None:
    """Return what the last point of a series newly signals; None for the usual up and down.

    `limits` come from the points before it. It is new when the point before did not lie beyond the
    same limit, and of a run when this point makes it one.
    """
    if not values or values[-1] is None or limits is None:
        return None
    last = len(values) - 1
    signs = {one.sign for one in limits.signals if one.index == last}
    slack = SLACK * (limits.upper - limits.lower)
    # What reads like the limit itself is no news; a run is, wherever it lies.
    beyond = not limits.lower - slack <= values[-1] <= limits.upper + slack
    fresh = [
        sign
        for sign in Sign
        if sign in signs and (beyond or sign in _RUNS) and _is_new(sign, values, limits.signals)
    ]
    if not fresh:
        return None
    return Noticed(fresh[0], limits.mean, limits.lower, limits.upper)


def _is_new(sign: Sign, values: Sequence[float | None], signals: Sequence[Signal]) -> bool:
    places = [index for index, value in enumerate(values) if value is not None]
    mine = {one.index for one in signals if one.sign is sign}
    if sign not in _RUNS:
        return len(places) < HOLD or places[-2] not in mine
    row = 0
    for index in reversed(places):
        if index not in mine:
            break
        row += 1
    return row == RUN


def is_sure(value: float, goal: float, unit: Unit, n: int) -> bool:
    """Say whether a number lies farther from a goal than chance alone hardly brings it.

    A count is held against the spread of counts of its size, a share of `n` records against the
    interval of shares of so many; of what is neither nothing can be told, and it passes.
    """
    if unit is Unit.COUNT:
        return abs(value - goal) > SPREADS * sqrt(max(goal, 1.0))
    if unit is Unit.RATIO and n > 0 and 0 <= value <= 1:
        interval = intervals.wilson(value * n, n)
        return interval is None or not interval.low <= goal <= interval.high
    return True


def stays_at_risk(so_far: float, needed: float, better: Better) -> bool:
    """Say whether a number that adds up is at risk, and was or will be for some days.

    Args:
        so_far: What is reached today.
        needed: For higher is better what should have been reached some days ago: whoever has less
            today had less then. For lower is better what may be reached in some days: whoever has
            more today will not have less then.
        better: Which way is good.
    """
    if better is Better.HIGHER:
        return needed > 0 and so_far < AT_RISK * needed
    return better is Better.LOWER and so_far > needed / AT_RISK
