"""XmR charts: which points of a series are a signal, and which are only the usual up and down.

Limits lie 2.66 mean moving ranges around the mean (Wheeler, Understanding Variation). They come
from a fixed baseline, so that what happens later is judged by them and does not move them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

WIDTH = 2.66
"""Three standard deviations in mean moving ranges of two: 3 / 1.128."""
RANGE_WIDTH = 3.268
"""The upper limit of the moving ranges, in mean moving ranges."""
RUN = 8
"""So many points in a row on one side of the mean are a signal."""
LEAST = 6
"""With fewer points no limits can be told."""
BASELINE = 24
"""So many points, the oldest, make the limits unless somebody says otherwise."""


class Sign(StrEnum):
    """What makes a point a signal."""

    ABOVE = "above"
    """Beyond the upper limit."""
    BELOW = "below"
    """Beyond the lower limit."""
    RUN_ABOVE = "run_above"
    """One of a long run over the mean."""
    RUN_BELOW = "run_below"
    """One of a long run under the mean."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A point that chance does not explain; `index` is its place in the series."""

    index: int
    sign: Sign


@dataclass(frozen=True, slots=True)
class Xmr:
    """The mean and the limits of a series, and its signals in order."""

    mean: float
    lower: float
    upper: float
    range_mean: float
    """The mean moving range of the baseline."""
    range_upper: float
    signals: tuple[Signal, ...]
    baseline: int
    """How many points the limits were made of."""

    def at(self, index: int) -> Sign | None:
        """Return what a point signals, a limit before a run; None for the usual up and down."""
        return next((one.sign for one in self.signals if one.index == index), None)


def chart(
    points: Sequence[float | None],
    *,
    baseline: int = BASELINE,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Xmr | None:
    """Return the limits of a series and its signals; None with too few points to tell.

    A gap is in no moving range and neither breaks nor lengthens a run.

    Args:
        points: The series, the oldest first; None is a gap.
        baseline: How many points, the oldest, the limits are made of.
        floor: What the number cannot be under: a count has no limit below 0.
        ceiling: What it cannot be over.
    """
    told = [(index, value) for index, value in enumerate(points) if value is not None]
    base = told[:baseline]
    if len(base) < LEAST:
        return None
    mean = sum(value for _, value in base) / len(base)
    ranges = [
        abs(later - earlier)
        for (before, earlier), (after, later) in pairwise(base)
        if after - before == 1
    ]
    if not ranges:
        return None
    moving = sum(ranges) / len(ranges)
    lower, upper = mean - WIDTH * moving, mean + WIDTH * moving
    lower = lower if floor is None else max(lower, floor)
    upper = upper if ceiling is None else min(upper, ceiling)
    signals = [*_beyond(told, lower, upper), *_runs(told, mean)]
    return Xmr(
        mean,
        lower,
        upper,
        moving,
        RANGE_WIDTH * moving,
        tuple(sorted(signals, key=lambda one: (one.index, one.sign.startswith("run")))),
        len(base),
    )


def _beyond(told: Sequence[tuple[int, float]], lower: float, upper: float) -> list[Signal]:
    slack = 1e-9 * max(1.0, abs(lower), abs(upper))
    high = [Signal(index, Sign.ABOVE) for index, value in told if value > upper + slack]
    low = [Signal(index, Sign.BELOW) for index, value in told if value < lower - slack]
    return high + low


def _runs(told: Sequence[tuple[int, float]], mean: float) -> list[Signal]:
    """Return every point of each run that is long enough; a point on the mean ends a run."""
    found: list[Signal] = []
    run: list[int] = []
    side = 0
    for index, value in told:
        # A mean of equal numbers may differ from them in its last digits.
        slack = 1e-9 * max(1.0, abs(mean))
        now = (value > mean + slack) - (value < mean - slack)
        if now != side:
            found += _long(run, side)
            run, side = [], now
        if now:
            run.append(index)
    return found + _long(run, side)


def _long(run: Sequence[int], side: int) -> list[Signal]:
    sign = Sign.RUN_ABOVE if side > 0 else Sign.RUN_BELOW
    return [Signal(index, sign) for index in run] if len(run) >= RUN else []
