"""The score of a goal from the scores of its KPIs, by their weights, and what it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi_engine.language import tr, trn
from kpi_engine.units import half_up
from portal.services import statuses


@dataclass(frozen=True, slots=True)
class Weighed:
    """The score of one KPI, None where it has none, and its weight."""

    score: float | None
    weight: int


@dataclass(frozen=True, slots=True)
class GoalScore:
    """A goal's score, 0-10, and what it stands on."""

    score: float | None
    """None where half of the weight or more has no score: a goal of six KPIs of which two are
    scored would read 10.0 for what nobody has looked at."""
    scored: int
    """How many of its KPIs have a score."""
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
        told = {"scored": self.scored, "count": self.of, "share": self._share}
        if self.score is not None:
            return tr("{scored} of {count} KPIs, {share} of the weight", **told)
        return trn(
            "Only {scored} of {count} KPIs has a score, {share} of the weight: too little for a"
            " score of the whole",
            "Only {scored} of {count} KPIs have a score, {share} of the weight: too little for a"
            " score of the whole",
            self.scored,
            **told,
        )

    @property
    def covered(self) -> str:
        """On how much of the weight the score stands, said beside it; empty where on all."""
        if self.score is None or self.scored == self.of:
            return ""
        return tr("on {share} of the weight", share=self._share)

    @property
    def _share(self) -> str:
        return f"{self.weight}\u00a0%"


def roll_up(parts: Iterable[Weighed]) -> GoalScore:
    """Return the mean of the scores by weight, where they carry more than half of it.

    A KPI without a score is left out, and told.
    """
    told = tuple(parts)
    scored = [one for one in told if one.score is not None and one.weight > 0]
    whole = sum(one.weight for one in told)
    weight = sum(one.weight for one in scored)
    enough = 2 * weight > whole
    score = statuses.roll_up((one.score, float(one.weight)) for one in told) if enough else None
    return GoalScore(
        score, len(scored), len(told), int(half_up(100 * weight / whole)) if whole else 0
    )
