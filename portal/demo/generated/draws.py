"""Chance with a frozen seed: each part of the model draws from a stream of its own."""

import zlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Moments: TypeAlias = npt.NDArray[np.datetime64]

_SEED = 20_261


class Draws:
    """One stream of chance. Another name is another stream, so parts change on their own."""

    def __init__(self, name: str) -> None:
        self._rng = np.random.default_rng([_SEED, zlib.crc32(name.encode())])

    def spread(self, median: float | Floats, sigma: float, n: int) -> Floats:
        """Return positive numbers around a median, some of them much larger."""
        found: Floats = median * np.exp(sigma * self._rng.standard_normal(n))
        return found

    def normal(self, n: int) -> Floats:
        """Return normal deviates."""
        return self._rng.standard_normal(n)

    def between(self, low: float | Floats, high: float | Floats, n: int) -> Floats:
        """Return numbers that are equally likely everywhere from `low` to `high`."""
        found: Floats = low + (high - low) * self._rng.random(n)
        return found

    def chance(self, share: float | Floats, n: int) -> Flags:
        """Return for each of `n` whether it happened."""
        found: Flags = self._rng.random(n) < share
        return found

    def pick(self, weights: Sequence[float] | Floats, n: int) -> Ints:
        """Return `n` places, each as likely as its weight."""
        told = np.asarray(weights, dtype=np.float64)
        return self._rng.choice(len(told), size=n, p=told / told.sum()).astype(np.int64)

    def any_of(self, count: int, n: int) -> Ints:
        """Return `n` places below `count`, all equally likely."""
        return self._rng.integers(0, count, n).astype(np.int64)

    def counts(self, mean: float | npt.NDArray[np.floating[Any]], n: int) -> Ints:
        """Return how often something happened that happens `mean` times."""
        return self._rng.poisson(mean, n).astype(np.int64)

    def shares(self, weights: Sequence[float], n: int) -> Floats:
        """Return `n` rows of shares that add up to 1."""
        return self._rng.dirichlet(list(weights), n)

    def order(self, n: int) -> Ints:
        """Return the places below `n` in any order."""
        return self._rng.permutation(n).astype(np.int64)

    def some_of(self, among: Ints, n: int) -> Ints:
        """Return up to `n` of them, each once."""
        return self._rng.permutation(among)[:n]


def in_turn(shares: Floats, group: Ints, when: Floats, start: Floats) -> Flags:
    """Say which of a group happen so that their number follows their shares closely.

    Those of a group are gone through in the order of time, and one happens whenever the shares so
    far have added up to another whole. A rate is then what was planned and not a matter of luck.
    """
    order = np.lexsort((when, group))
    happens = np.zeros(len(shares), dtype=np.bool_)
    for each in np.unique(group):
        rows = order[group[order] == each]
        steps = np.floor(np.cumsum(shares[rows]) + start[each])
        happens[rows] = np.diff(np.concatenate(([np.floor(start[each])], steps))) >= 1
    return happens
