"""Whether something that was done moved a number: an interrupted time series.

The time before says what would have been; what came after is held against it. Bernal, Cummins and
Gasparrini, Interrupted time series regression, Int. J. Epidemiology 46 (2017); docs/actions.md has
what is taken from it, what is not, and how often it errs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kpi_engine.statistics import student
from kpi_engine.statistics.autocorrelated import Array, Fit, fit

LEAST_BEFORE = 6
"""Under so many periods before, nothing is said."""
TREND_FROM = 10
"""From so many on, the time before has a slope; under it, a level only."""
SEASON_FROM = 24
"""From so many on, the same month of the year before may be what is expected."""
MOST_PERIODS = 12
"""An effect that takes longer is told to be too small to be seen."""
SURE, POWER = 0.975, 0.8
"""95 % on both sides; and an effect counts as to be seen where 4 of 5 such would be."""


class Way(StrEnum):
    """Where a number is to move."""

    UP = "up"
    DOWN = "down"


class Verdict(StrEnum):
    """What the numbers say."""

    AS_EXPECTED = "as_expected"
    NOT_SHOWN = "not_shown"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"


class Why(StrEnum):
    """Why it cannot be told."""

    FEW_BEFORE = "few_before"
    FEW_AFTER = "few_after"
    FLAT = "flat"
    """The number never varied, so nothing says how much of a change is chance."""
    OTHER_ACTIONS = "other_actions"
    DEFINITION = "definition"
    IMMATURE = "immature"


class Form(StrEnum):
    """What the time before led to expect."""

    LEVEL = "level"
    TREND = "trend"
    SEASON = "season"
    """The same month of the year before, and by how much it was usually above it."""


@dataclass(frozen=True, slots=True)
class Course:
    """A number over periods in a row, and when something was done.

    `values[:before]` is before, `values[after:]` is when it should show; between is left out.
    """

    values: Sequence[float | None]
    before: int
    after: int
    controls: Sequence[Sequence[float | None]] = ()
    """The same number, in the same periods, of groups where it was not done."""
    year: int = 12


@dataclass(frozen=True, slots=True)
class Expected:
    """What one period was expected to be, and between which limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How far the number moved beyond what was expected, with 95 % limits, and what that says."""

    verdict: Verdict
    n_before: int
    n_after: int
    why: Why | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    form: Form | None = None
    controls: int = 0
    """How many groups it was compared with."""
    path: tuple[Expected | None, ...] = ()
    """For every period what was expected; None where nothing can be."""


@dataclass(frozen=True, slots=True)
class Detectable:
    """What the data can show: how large an effect, and in how many periods."""

    shown: tuple[float, ...]
    """The least effect that one period shows, two show, and so on up to a year."""
    periods: int | None
    """How many periods the size asked for takes; None where it takes more than a year."""

    @property
    def one(self) -> float:
        """The least effect that a single period shows."""
        return self.shown[0]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A course made ready: what is taken off each value, and what is left of it."""

    form: Form
    off: Array
    left: Array
    """NaN where there is no value."""
    controls: int


def effect(course: Course, way: Way) -> Effect:
    """Say whether the number moved the expected way after something was done."""
    taken = _taken(course)
    known = ~np.isnan(taken.left)
    n_before, n_after = int(known[: course.before].sum()), int(known[course.after :].sum())
    if n_before < LEAST_BEFORE or not n_after:
        why = Why.FEW_BEFORE if n_before < LEAST_BEFORE else Why.FEW_AFTER
        return Effect(Verdict.CANNOT_TELL, n_before, n_after, why)
    known[course.before : course.after] = False
    times = np.arange(len(taken.left), dtype=float)[known]
    columns = _columns(taken.form, times, course.after)
    found = fit(times - times[0], taken.left[known], columns)
    if found is None:
        return Effect(Verdict.CANNOT_TELL, n_before, n_after, Why.FLAT)
    step = np.zeros(columns.shape[1])
    step[-1] = 1.0
    size = found.along(step)
    low, high = size.quantile(1 - SURE), size.quantile(SURE)
    verdict = _verdict(low, high, way)
    return Effect(
        verdict,
        n_before,
        n_after,
        None,
        size.mean,
        low,
        high,
        taken.form,
        taken.controls,
        _path(taken, found, course.after),
    )


def detectable(size: float | None, before: Course) -> Detectable | None:
    """Say how large an effect one period shows, and how many periods one of `size` takes.

    Args:
        size: In the number's unit; None asks for the first only.
        before: The time before alone; what comes after its `before` is not read.

    Returns:
        None where there are too few points before, or they do not vary.
    """
    taken = _taken(before)
    left = taken.left[: before.before]
    known = ~np.isnan(left)
    if int(known.sum()) < LEAST_BEFORE:
        return None
    times = np.arange(len(left), dtype=float)[known]
    found = fit(times, left[known], _columns(taken.form, times, len(left))[:, :-1])
    if found is None:
        return None
    shown = tuple(
        _shown(taken.form, times, len(left), many, found) for many in range(1, MOST_PERIODS + 1)
    )
    periods = next((at for at, one in enumerate(shown, 1) if size and one <= abs(size)), None)
    return Detectable(shown, periods)


def _shown(form: Form, times: Array, end: int, many: int, found: Fit) -> float:
    """Return the least effect that so many periods after `end` show in 4 of 5 cases."""
    every = np.concatenate([times, np.arange(end, end + many, dtype=float)])
    columns = _columns(form, every, end)
    gaps = np.abs(every[:, None] - every[None, :])
    variance = 0.0
    for weight, rho, residual in zip(
        found.weights, found.correlations, found.residual, strict=True
    ):
        precise = np.linalg.inv(columns.T @ np.linalg.solve(rho**gaps, columns))
        variance += float(weight * residual * precise[-1, -1])
    far = student.quantile(SURE, found.df) + student.quantile(POWER, found.df)
    return far * float(np.sqrt(variance))


def _verdict(low: float, high: float, way: Way) -> Verdict:
    if low <= 0 <= high:
        return Verdict.NOT_SHOWN
    return Verdict.AS_EXPECTED if (low > 0) == (way is Way.UP) else Verdict.WORSE


def _columns(form: Form, times: Array, after: int) -> Array:
    """Return what the points are explained by; the last column is the step."""
    level = np.ones_like(times)
    step = (times >= after).astype(float)
    if form is Form.TREND:
        # Counted from the step, so that the numbers stay small.
        return np.column_stack([level, times - after, step])
    return np.column_stack([level, step])


def _path(taken: _Taken, found: Fit, after: int) -> tuple[Expected | None, ...]:
    """Return what each period was expected to be had nothing been done."""
    times = np.arange(len(taken.left), dtype=float)
    lines = _columns(taken.form, times, after)
    # The step is left at nought: nothing had been done.
    lines[:, -1] = 0.0
    return tuple(
        None if np.isnan(off) else _around(float(off), *found.expected(line, SURE))
        for off, line in zip(taken.off, lines, strict=True)
    )


def _around(off: float, centre: float, far: float) -> Expected:
    return Expected(off + centre, off + centre - far, off + centre + far)


def _taken(course: Course) -> _Taken:
    """Choose the form by the time before alone, and take off what it says."""
    values = _array(course.values)
    controls = _controls(course, values)
    if len(controls):
        off = controls.mean(axis=0)
    else:
        off = _season(values, course)
        if _steadier(values - off, values, course.before):
            return _Taken(Form.SEASON, off, values - off, 0)
        off = np.zeros_like(values)
    left = values - off
    many = int((~np.isnan(left[: course.before])).sum())
    form = Form.TREND if many >= TREND_FROM else Form.LEVEL
    return _Taken(form, off, left, len(controls))


def _controls(course: Course, values: Array) -> Array:
    """Return the groups that have a number wherever the series has one that is used."""
    used = ~np.isnan(values)
    used[course.before : course.after] = False
    rows = [_array(one) for one in course.controls]
    whole = [one for one in rows if not np.isnan(one[used]).any()]
    return np.array(whole) if whole else np.empty((0, len(values)))


def _season(values: Array, course: Course) -> Array:
    """Return each period's value of a year before; NaN where there was none."""
    off = np.full_like(values, np.nan)
    if len(values) > course.year:
        off[course.year :] = values[: -course.year]
    # A year after the change, the year before is no longer what would have been.
    off[course.before + course.year :] = np.nan
    return off


def _steadier(seasonal: Array, values: Array, before: int) -> bool:
    """Say whether, before the change, the year before told more than the straight line does."""
    told = ~np.isnan(values[:before])
    if int(told.sum()) < SEASON_FROM:
        return False
    yearly = seasonal[:before][~np.isnan(seasonal[:before])]
    if len(yearly) < TREND_FROM:
        return False
    times = np.arange(before, dtype=float)[told]
    line = np.polyfit(times, values[:before][told], 1)
    around = values[:before][told] - np.polyval(line, times)
    return float(yearly.var(ddof=1)) < float(around @ around) / (len(around) - 2)


def _array(values: Sequence[float | None]) -> Array:
    return np.array([np.nan if one is None else one for one in values], dtype=np.float64)
