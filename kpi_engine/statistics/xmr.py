"""XmR charts: which points of a series are a signal, and which are only the usual up and down.

Limits lie 2.66 mean moving ranges around the mean (Wheeler, Understanding Variation). They come
from a fixed baseline, so that what happens later is judged by them and does not move them.

What carries over from period to period and grows with them, as recurring revenue does, has no usual
level: it is charted by its moves, and its limits lie around the point before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import exp, log, sqrt
from operator import itemgetter
from statistics import fmean, variance

WIDTH = 2.66
"""Three standard deviations in mean moving ranges of two: 3 / 1.128."""
RANGE_WIDTH = 3.268
"""The upper limit of the moving ranges, in mean moving ranges."""
RUN = 8
"""So many points in a row on one side of the mean are a signal."""
LEAST = 6
"""With fewer points, or with gaps that leave fewer neighbours than so many have, there are no
limits."""
_RARELY = 2.326
"""So many standard deviations are exceeded to one side by chance in one of a hundred."""
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
class Limits:
    """What is usual at one point."""

    lower: float
    mean: float
    upper: float


@dataclass(frozen=True, slots=True)
class Xmr:
    """The mean and the limits of a series, and its signals in order.

    Where they move along, these are those of the last point, and the ranges those of the moves.
    """

    mean: float
    lower: float
    upper: float
    range_mean: float
    """The mean moving range of the baseline."""
    range_upper: float
    signals: tuple[Signal, ...]
    baseline: int
    """How many points the limits were made of."""
    along: tuple[Limits | None, ...] = ()
    """The limits of each point, where they lie around the one before it; else empty."""

    @property
    def moving(self) -> bool:
        """Whether what is usual is told of the moves and not of the level."""
        return bool(self.along)

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
    if len(ranges) < LEAST - 1:
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


def carried(
    points: Sequence[float | None],
    *,
    baseline: int = BASELINE,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Xmr | None:
    """Return the limits of a number that carries over from period to period, as a stock does.

    They are those of `chart` where it keeps to a level. Where neighbours are more alike than chance
    makes them, that calls most of it a signal: the moves are charted in its place, by their amount
    or by their rate, whichever stayed more the same. None too where the last point has no neighbour
    to move from.
    """
    level = chart(points, baseline=baseline, floor=floor, ceiling=ceiling)
    told = [value for value in points if value is not None]
    if level is None or not _wanders(told[:baseline]):
        return level
    ways = [_Way(lambda at: at, lambda at: at)]
    if all(value > 0 for value in points if value is not None):
        ways.append(_Way(log, exp))
    charts = [charted for way in ways if (charted := way.charted(points, baseline)) is not None]
    if not charts:
        return level
    _, way, moves = min(charts, key=itemgetter(0))
    along = tuple(way.around(points, at, moves, floor, ceiling) for at in range(len(points)))
    last = along[-1]
    if last is None:
        return None
    return replace(moves, mean=last.mean, lower=last.lower, upper=last.upper, along=along)


@dataclass(frozen=True, slots=True)
class _Way:
    """How moves are measured: on the scale that `to` leads to, and `back` from."""

    to: Callable[[float], float]
    back: Callable[[float], float]

    def charted(
        self, points: Sequence[float | None], baseline: int
    ) -> tuple[float, "_Way", Xmr] | None:
        """Return the chart of the moves, after how far they drifted while its limits were made."""
        moves: list[float | None] = [None]
        for before, now in pairwise(points):
            if before is None or now is None:
                moves.append(None)
            else:
                moves.append(self.to(now) - self.to(before))
        told = [index for index, value in enumerate(points) if value is not None][:baseline]
        base = sum(move is not None for move in moves[: told[-1] + 1])
        found = chart(moves, baseline=base)
        if found is None:
            return None
        return _drift([move for move in moves if move is not None][:base], found), self, found

    def around(
        self,
        points: Sequence[float | None],
        at: int,
        moves: Xmr,
        floor: float | None,
        ceiling: float | None,
    ) -> Limits | None:
        """Return the limits of a point, around the one before it."""
        before = points[at - 1] if at else None
        if before is None:
            return None
        start = self.to(before)
        lower, mean, upper = (
            self.back(start + move) for move in (moves.lower, moves.mean, moves.upper)
        )
        return Limits(
            lower if floor is None else max(lower, floor),
            mean,
            upper if ceiling is None else min(upper, ceiling),
        )


def _drift(moves: Sequence[float], found: Xmr) -> float:
    """Return how far the later half of the moves lies off the earlier, in mean moving ranges."""
    half = len(moves) // 2
    apart = abs(fmean(moves[half:]) - fmean(moves[:half]))
    return apart / found.range_mean if found.range_mean else apart


def _wanders(base: Sequence[float]) -> bool:
    """Say whether neighbours are more alike than chance makes them in one series of a hundred.

    By the ratio of von Neumann: the mean square of the moves over the variance, 2 where each point
    is drawn anew (von Neumann 1941; its spread after Bartels 1982).
    """
    count = len(base)
    spread = variance(base)
    if not spread:
        return False
    moves = fmean((later - earlier) ** 2 for earlier, later in pairwise(base))
    return moves / spread < 2 - _RARELY * 2 * sqrt((count - 2) / (count**2 - 1))


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
