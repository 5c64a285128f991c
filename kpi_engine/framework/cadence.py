"""How often a number can be read: the shortest grain whose counts bear it.

Advice is given where chance is known: shares of records (Wilson's interval) and counts of events
(the score interval of a Poisson rate). Of money, durations and stocks nothing is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import (
    Aggregate,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Kpi,
    KpiRef,
    Part,
    Ratio,
    Slipped,
)
from kpi_engine.definitions.takes import Take, Within
from kpi_engine.framework.described import Aim, Usual
from kpi_engine.periods import Grain
from kpi_engine.statistics.intervals import wilson
from kpi_engine.units import Unit

Z80 = 1.2815515655446004
"""Four times out of five: enough to look closer, and no proof."""
LEAST_SHARE, LEAST_PART = 0.05, 0.25
"""The gap to tell is never smaller than 5 points of a share, or a quarter of what it should be."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """How far chance moves a number at one grain, against the gap that it should tell."""

    usual: Usual
    spread: float
    """Half the width of the interval."""
    gap: float

    @property
    def bears(self) -> bool:
        """Whether the gap stands out of chance."""
        return self.spread <= self.gap


def is_share(kpi: Kpi, catalogue: Catalogue) -> bool:
    """Say whether a KPI is a share of records: so many of so many."""
    measure = kpi.measure
    if kpi.unit is not Unit.RATIO:
        return False
    if isinstance(measure, Duration | FirstTouch):
        return isinstance(measure.take, Within)
    if isinstance(measure, Ratio):
        return _counts(measure.over, catalogue) and _counts(measure.under, catalogue)
    return isinstance(measure, Cohort)


def is_count(kpi: Kpi) -> bool:
    """Say whether a KPI counts what happened in a period."""
    return kpi.unit is Unit.COUNT and _counts(kpi.measure, Catalogue(()))


def _counts(part: Part, catalogue: Catalogue) -> bool:
    if isinstance(part, KpiRef):
        return _counts(catalogue.kpi(part.key).measure, catalogue)
    if isinstance(part, Aggregate):
        return part.take in {Take.COUNT, Take.DISTINCT}
    return isinstance(part, First | Slipped)


def bearings(
    kpi: Kpi, usual: Sequence[Usual], aim: Aim | None, catalogue: Catalogue
) -> tuple[Bearing, ...]:
    """Return how each grain bears a KPI, the shortest first; none where chance is not known."""
    if is_share(kpi, catalogue):
        return tuple(one for each in usual if (one := _of_share(each, aim)) is not None)
    if is_count(kpi):
        return tuple(_of_count(each, aim) for each in usual if each.value > 0)
    return ()


def advised(found: Sequence[Bearing], cadence: Grain) -> Bearing | None:
    """Return the shortest grain, from the cadence on, that bears the KPI; None if none does."""
    order = list(Grain)
    ahead = [one for one in found if order.index(one.usual.grain) >= order.index(cadence)]
    return next((one for one in ahead if one.bears), None)


def _of_share(usual: Usual, aim: Aim | None) -> Bearing | None:
    share = wilson(usual.value * usual.n, usual.n, Z80)
    if share is None:
        return None
    wanted = usual.value if aim is None else aim.value
    least = min(LEAST_SHARE, LEAST_PART * abs(wanted))
    return Bearing(usual, share.width / 2, _gap(usual.value, aim, least))


def _of_count(usual: Usual, aim: Aim | None) -> Bearing:
    # A target of one month says nothing of a week's or a quarter's count.
    mine = aim if aim is not None and usual.grain is aim.grain else None
    wanted = usual.value if mine is None else mine.value
    spread = Z80 * sqrt(usual.value + Z80 * Z80 / 4)
    return Bearing(usual, spread, _gap(usual.value, mine, LEAST_PART * abs(wanted)))


def _gap(value: float, aim: Aim | None, least: float) -> float:
    if aim is None:
        return least
    red = 0.0 if aim.red is None else abs(aim.value - aim.red)
    return max(abs(value - aim.value), red, least)
