"""How well each stage of the journey meets its targets: the mean attainment of its KPIs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from kpi_engine.definitions.described import Stage
from portal.services import statuses
from portal.services.standings import Standing

_MOST = 1.5
"""A KPI far beyond its target does not make up for others without end."""
_FULL = 1.0


@dataclass(frozen=True, slots=True)
class Attainment:
    """The mean share of their targets that a stage's KPIs reach; None without any target."""

    share: float | None
    kpis: int
    """How many KPIs with a target the mean is of."""

    @property
    def level(self) -> int | None:
        """The step of heat, 0 to 4."""
        return None if self.share is None else statuses.level_of(round(self.share, 2))


def of_stage(found: Iterable[Standing], stage: Stage, back: int = 0) -> Attainment:
    """Return a stage's attainment in the last period, or some periods before it."""
    shares = [
        min(share, _MOST)
        for one in found
        if one.kpi.stage is stage and (share := _share(one, back)) is not None
    ]
    return Attainment(fmean(shares) if shares else None, len(shares))


def _share(standing: Standing, back: int) -> float | None:
    at = len(standing.judged) - 1 - back
    # Without a score there are too few records, or it may still change: it says nothing.
    return (
        standing.judged[at].attained if at >= 0 and standing.judged[at].score is not None else None
    )


def weakest(attained: Mapping[Stage, Attainment]) -> Stage | None:
    """Return the stage that meets its targets least; None where all meet them or none has any."""
    told = {stage: one.share for stage, one in attained.items() if one.share is not None}
    if not told:
        return None
    lowest = min(told, key=lambda stage: told[stage])
    return lowest if round(told[lowest], 2) < _FULL else None


def run(found: Iterable[Standing], stages: Iterable[Stage], lowest: Stage, most: int) -> int:
    """Return for how many periods in a row a stage has been the weakest, the last one included."""
    known, every = tuple(found), tuple(stages)
    count = 0
    while count < most:
        then = {stage: of_stage(known, stage, count) for stage in every}
        if weakest(then) is not lowest:
            break
        count += 1
    return count
