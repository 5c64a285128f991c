"""A straight line and a step through points of which each resembles the one before it.

Ordinary intervals are too narrow for such points, and correcting them by one estimated correlation
is too narrow for few points (Turner et al. 2021). So the correlation is not estimated but averaged
over: every value from -0.5 to 0.95 counts by how likely it makes the points (Zellner and Tiao
1964), and the interval is that of the mixture of t distributions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi_engine.statistics import student

Array = NDArray[np.float64]
_CORRELATIONS = np.round(np.arange(-0.50, 0.951, 0.05), 2)
_LIGHT = 1e-3
"""What weighs less of the whole changes no digit that is shown."""
_FLAT = 1e-12
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Mixture:
    """What is known of one coefficient: t distributions with weights, all of `df`."""

    weights: Array
    centres: Array
    spreads: Array
    df: int

    @property
    def mean(self) -> float:
        """The estimate."""
        return float(self.weights @ self.centres)

    @property
    def variance(self) -> float:
        """The square of the standard error, averaged over the correlations."""
        return float(self.weights @ self.spreads**2)

    def quantile(self, p: float) -> float:
        """Return the value under which lies the share `p`."""
        each = self.centres + student.quantile(p, self.df) * self.spreads
        low, high = float(each.min()), float(each.max())
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._cdf(middle) < p else (low, middle)
        return (low + high) / 2

    def _cdf(self, value: float) -> float:
        far = (value - self.centres) / self.spreads
        return float(self.weights @ np.interp(far, *student.table(self.df)))


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of points by some columns, for each correlation that is likely enough."""

    correlations: Array
    weights: Array
    coefficients: Array
    """One row a correlation."""
    covariances: Array
    """One matrix a correlation."""
    residual: Array
    """The variance of a single point around the line, one a correlation."""
    df: int

    def along(self, direction: Array) -> Mixture:
        """Return what is known of a combination of the coefficients."""
        centres = self.coefficients @ direction
        spreads = np.sqrt(np.einsum("i,kij,j->k", direction, self.covariances, direction))
        return Mixture(self.weights, centres, spreads, self.df)

    def expected(self, direction: Array, p: float) -> tuple[float, float]:
        """Return where the line leads, and how far a single point lies from it at most."""
        known = self.along(direction)
        spread = float(np.sqrt(known.variance + self.weights @ self.residual))
        return known.mean, student.quantile(p, self.df) * spread


def fit(times: Array, points: Array, columns: Array) -> Fit | None:
    """Return the fit; None where more is asked than the points tell, or they do not vary.

    Args:
        times: When each point was, in whole periods; there may be gaps.
        points: Their values.
        columns: What they are explained by: one row a point, one column a coefficient.
    """
    many, asked = columns.shape
    df = many - asked
    if df < 1:
        return None
    gaps = np.abs(times[:, None] - times[None, :])
    found = [_weighed(rho**gaps, points, columns, df) for rho in _CORRELATIONS]
    scale = float(np.mean(points**2)) or 1.0
    if any(one[3] <= _FLAT * scale for one in found):
        return None
    likely = np.array([one[0] for one in found])
    weights = np.exp(likely - likely.max())
    weights /= weights.sum()
    kept = weights > _LIGHT
    return Fit(
        _CORRELATIONS[kept],
        weights[kept] / weights[kept].sum(),
        np.array([one[1] for one in found])[kept],
        np.array([one[2] for one in found])[kept],
        np.array([one[3] for one in found])[kept],
        df,
    )


def _weighed(
    alike: Array, points: Array, columns: Array, df: int
) -> tuple[float, Array, Array, float]:
    """Return how likely a correlation is (a logarithm), and the fit by it."""
    root = np.linalg.cholesky(alike)
    white = np.linalg.solve(root, np.column_stack([columns, points]))
    design, target = white[:, :-1], white[:, -1]
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ target
    left = float(np.sum((target - design @ coefficients) ** 2))
    residual = left / df
    likely = (
        -float(np.sum(np.log(np.diag(root))))
        + 0.5 * float(np.linalg.slogdet(inverse)[1])
        - df / 2 * float(np.log(max(left, 1e-300)))
    )
    return likely, coefficients, residual * inverse, residual
