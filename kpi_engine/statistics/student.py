"""Student's t distribution: what small samples are judged by."""

from functools import lru_cache
from math import exp, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_TINY = 1e-300
_CLOSE = 1e-15
_MOST_STEPS = 500
_HALF = 0.5
_MANY, _ALMOST = 4001, 1.57
"""Values of the table, and the angle of the farthest of them: 1,256."""


def cdf(t: float, df: float) -> float:
    """Return the probability of a value up to `t` with `df` degrees of freedom.

    By the regularised incomplete beta function (Abramowitz and Stegun 26.7.1).
    """
    tail = _HALF * _beta(df / (df + t * t), df / 2, _HALF)
    return tail if t < 0 else 1 - tail


@lru_cache(maxsize=1024)
def quantile(p: float, df: float) -> float:
    """Return the value under which lies the share `p`, 0 < p < 1, of the distribution."""
    if p < _HALF:
        return -quantile(1 - p, df)
    low, high = 0.0, 2.0
    while cdf(high, df) < p:
        low, high = high, high * 2
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(middle, df) < p else (low, middle)
    return (low + high) / 2


@lru_cache(maxsize=64)
def table(df: int) -> tuple[Array, Array]:
    """Return the distribution at many values, for `numpy.interp`: exact to six places between."""
    values = np.tan(np.linspace(-_ALMOST, _ALMOST, _MANY))
    return values, np.array([cdf(float(value), df) for value in values])


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function of x in [0, 1]."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        # The fraction converges fast on the other side only.
        return 1 - _beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front / a * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the beta function, by Lentz's method."""
    found = c = 1.0
    d = 1 / _far(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _MOST_STEPS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _far(1 + numerator * d)
            c = _far(1 + numerator / c)
            found *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return found


def _far(value: float) -> float:
    """Return the value, kept from being nought: it is divided by."""
    return value if abs(value) > _TINY else _TINY
