"""Measures how often verdicts err: `python -m tests.statistics.rates [TIMES]`, a table to print."""

import sys

from kpi_engine.statistics.effect import Verdict
from tests.statistics.simulated import World, judged

_SAID = {Verdict.AS_EXPECTED, Verdict.WORSE}
WORLDS = (
    World(before=8, after=1, rho=0.0),
    World(before=8, after=1, rho=0.3, trend=0.2),
    World(before=12, after=1, rho=0.0),
    World(before=12, after=1, rho=0.3),
    World(before=12, after=3, rho=0.3),
    World(before=12, after=6, rho=0.6),
    World(before=24, after=1, rho=0.0),
    World(before=24, after=1, rho=0.3),
    World(before=24, after=3, rho=0.0),
    World(before=24, after=3, rho=0.3),
    World(before=24, after=3, rho=0.6),
    World(before=24, after=6, rho=0.3),
    World(before=24, after=6, rho=0.6),
    World(before=24, after=3, rho=0.3, season=2.0),
    World(before=24, after=3, rho=0.3, shared=4.0, controls=3),
)
_EFFECT = 3.0


def main(times: int) -> None:
    """Print a row a world: wrongly said, wrongly said to work, limits that hold, effects found."""
    for world in WORLDS:
        none = judged(world, times, 101)
        done = judged(World(**{**vars(world), "effect": _EFFECT}), times, 102)
        figures = (
            sum(one.verdict in _SAID for one in none),
            sum(one.verdict is Verdict.AS_EXPECTED for one in none),
            sum(one.low <= _EFFECT <= one.high for one in done),
            sum(one.verdict is Verdict.AS_EXPECTED for one in done),
        )
        told = " | ".join(f"{100 * one / times:.1f}" for one in figures)
        sys.stdout.write(f"{world}: {told}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
