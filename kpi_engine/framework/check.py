"""The check of a framework: what every rule finds, and the score that is left of 100.

A rule takes `each` points a finding, and at most its `most`; the most of all rules add up to 100.
So the score is never below 0, and the points of the findings are what mending them gives back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kpi_engine.framework import balance, coverage, definitions, orphans, use
from kpi_engine.framework.described import Framework
from kpi_engine.framework.rule import Fault, Rule, Severity

FULL = 100
RULES: tuple[Rule, ...] = (
    *balance.RULES,
    *coverage.RULES,
    *orphans.RULES,
    *definitions.RULES,
    *use.RULES,
)
"""Every rule, by family."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of a rule."""

    rule: Rule
    fault: Fault
    points: float
    """Its share of what the rule takes from the score."""
    waived: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What is found, the heaviest first, and the score."""

    score: int
    found: tuple[Found, ...]

    @property
    def open(self) -> tuple[Found, ...]:
        """What nobody waived."""
        return tuple(one for one in self.found if not one.waived)

    @property
    def waived(self) -> tuple[Found, ...]:
        """What somebody lets stand for a time."""
        return tuple(one for one in self.found if one.waived)

    @property
    def possible(self) -> int:
        """The score with everything mended that is not waived."""
        return round(FULL - sum(one.points for one in self.waived))


def check(framework: Framework, is_waived: Callable[[str, str], bool]) -> Result:
    """Ask every rule. `is_waived` is asked with a rule's id and a finding's place.

    A waiver explains a finding and mends nothing: what is waived still costs its points.
    """
    found = [one for rule in RULES for one in _of(rule, rule.find(framework), is_waived)]
    score = round(FULL - sum(one.points for one in found))
    return Result(score, tuple(sorted(found, key=_rank)))


def _rank(one: Found) -> tuple[int, int, str]:
    """A finding's place: by severity, then by what mending it gives back."""
    return list(Severity).index(one.rule.severity), -one.rule.each, one.rule.id


def _of(rule: Rule, faults: Iterable[Fault], is_waived: Callable[[str, str], bool]) -> list[Found]:
    told = list(faults)
    if not told:
        return []
    cost = min(rule.most, rule.each * len(told)) / len(told)
    return [Found(rule, one, cost, is_waived(rule.id, one.place)) for one in told]
