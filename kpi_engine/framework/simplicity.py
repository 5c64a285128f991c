"""How complex a KPI is to read: the budget of inputs and layers, and how to split it into two."""

from collections.abc import Iterator
from dataclasses import dataclass

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import (
    Formula,
    Health,
    Kpi,
    KpiRef,
    Paired,
    Part,
    Ratio,
    Rolling,
    ToDate,
)
from kpi_engine.definitions.parts import parts_of
from kpi_engine.definitions.words import health_part

BUDGET = 3
"""So many inputs a reader can hold together."""


@dataclass(frozen=True, slots=True)
class Simplicity:
    """What a reader has to hold together to understand a number."""

    inputs: int
    """Different counts, sums and moments that it is made of, down to the records."""
    ratios: int
    """How many divisions lie one inside another; 1 for a plain ratio."""
    names: tuple[str, ...]
    """What it is directly made of: other KPIs by name, parts by theirs."""

    @property
    def index(self) -> int:
        """Its cost: each input 1, and each division inside another 2 more."""
        return self.inputs + 2 * max(self.ratios - 1, 0)

    @property
    def too_complex(self) -> bool:
        """Whether it is over the budget, or hides a ratio in a ratio."""
        return self.inputs > BUDGET or self.ratios > 1


def simplicity(kpi: Kpi, catalogue: Catalogue) -> Simplicity:
    """Return how complex a KPI is; what it takes from other KPIs counts as theirs.

    Raises:
        UnknownKpiError: if an input is not in the catalogue.
    """
    leaves = set(_leaves(kpi.measure, catalogue))
    return Simplicity(
        len(leaves), _depth(kpi.measure, catalogue), tuple(_names(kpi.measure, catalogue))
    )


def _leaves(part: Part, catalogue: Catalogue) -> Iterator[object]:
    if isinstance(part, KpiRef):
        yield from _leaves(catalogue.kpi(part.key).measure, catalogue)
        return
    if isinstance(part, Health):
        yield from part.components
        return
    below = parts_of(part)
    if not below:
        yield part
    for _, each in below:
        yield from _leaves(each, catalogue)


def _depth(part: Part, catalogue: Catalogue) -> int:
    if isinstance(part, KpiRef):
        return _depth(catalogue.kpi(part.key).measure, catalogue)
    inside = max((_depth(each, catalogue) for _, each in parts_of(part)), default=0)
    return inside + _divides(part)


def _divides(part: Part) -> bool:
    if isinstance(part, Formula):
        return "/" in part.text.text
    return isinstance(part, Ratio)


def _names(part: Part, catalogue: Catalogue) -> Iterator[str]:
    """Yield what a reader would name: KPIs by name, unnamed parts of a formula by theirs."""
    if isinstance(part, KpiRef):
        yield catalogue.kpi(part.key).name
        return
    if isinstance(part, Health):
        yield from (health_part(each.part) for each in part.components)
        return
    if isinstance(part, Ratio | Paired | Rolling | ToDate):
        for _, each in parts_of(part):
            yield from _names(each, catalogue)
        return
    if isinstance(part, Formula):
        for name, each in part.of:
            found = list(_names(each, catalogue))
            yield from found or [name.replace("_", " ")]
