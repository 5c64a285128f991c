"""Made series: autocorrelated chance, a trend, a season, and an effect that was planted."""

from dataclasses import dataclass, replace

import numpy as np

from kpi_engine.statistics.effect import Course, Effect, Way, effect


@dataclass(frozen=True)
class World:
    """How the made numbers behave. Chance has a standard deviation of 1."""

    before: int = 24
    after: int = 3
    between: int = 1
    rho: float = 0.3
    trend: float = 0.05
    season: float = 0.0
    shared: float = 0.0
    """A shock to everybody from the change on."""
    effect: float = 0.0
    controls: int = 0

    def course(self, draw):
        """Return one such series."""
        count = self.before + self.between + self.after
        common = self._common(count)
        values = common + self._chance(draw, count)
        values[self.before + self.between :] += self.effect
        controls = [list(common + self._chance(draw, count)) for _ in range(self.controls)]
        return Course(list(values), self.before, self.before + self.between, controls)

    def _common(self, count):
        at = np.arange(count)
        told = 10 + self.trend * at + self.season * np.sin(2 * np.pi * at / 12)
        return told + self.shared * (at >= self.before)

    def _chance(self, draw, count):
        steps = draw.normal(size=count + 60)
        values = np.zeros(count + 60)
        for at in range(1, count + 60):
            values[at] = self.rho * values[at - 1] + steps[at]
        return values[60:] * np.sqrt(1 - self.rho**2)


def judged(world: World, times: int, seed: int) -> list[Effect]:
    """Return what is said of so many series of a world."""
    draw = np.random.default_rng(seed)
    return [effect(world.course(draw), Way.UP) for _ in range(times)]


def without(world: World) -> World:
    """Return the same world where nothing was done."""
    return replace(world, effect=0.0)
