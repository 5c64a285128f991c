"""The score of a goal from the scores of its KPIs, by their weights, and what it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi_engine.language import tr
from portal.services import statuses


@dataclass(frozen=True, slots=True)
class Weighed:
    """The score of one KPI, None where it has none, and its weight."""

    score: float | None
    weight: int


@dataclass(frozen=True, slots=True)
class GoalScore:
    """A goal's score, 0-10. None where none of its KPIs has one."""

    score: float | None
    scored: int
    """How many of its KPIs the score stands on."""
    of: int
    weight: int
    """How much of the whole weight, in per cent, those carry."""

    @property
    def standing(self) -> str:
        """What the score stands on, in words."""
        if not self.scored:
            return tr("None of {count} KPIs has a score", count=self.of)
        if self.scored == self.of:
            return tr("All {count} KPIs", count=self.of)
        return tr(
            "{scored} of {count} KPIs, {share} of the weight",
            scored=self.scored,
            count=self.of,
            share=f"{self.weight}\u00a0%",
        )


def roll_up(parts: Iterable[Weighed]) -> GoalScore:
    """Return the mean of the scores by weight; a KPI without a score is left out, and told."""
    told = tuple(parts)
    scored = [one for one in told if one.score is not None and one.weight > 0]
    whole = sum(one.weight for one in told)
    score = statuses.roll_up((one.score, float(one.weight)) for one in told)
    weight = sum(one.weight for one in scored)
    return GoalScore(score, len(scored), len(told), round(100 * weight / whole) if whole else 0)
