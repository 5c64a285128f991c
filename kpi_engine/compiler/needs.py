"""What the KPIs of a question stand on: measures over rows, and the splits they are read at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kpi_engine.compiler.dimensions import available
from kpi_engine.compiler.jobs import PLAIN, Leaf, Window
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import (
    FirstTouch,
    Formula,
    Health,
    KpiKey,
    KpiRef,
    Paired,
    Part,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.questions import Dimension, Split


@dataclass(slots=True)
class Needs:
    """The leaves of a question, each with the splits at which it is read."""

    leaves: dict[Leaf, set[Split]] = field(default_factory=dict)

    def add(self, leaf: Leaf, splits: Iterable[Split]) -> None:
        """Note that a leaf is read at some splits."""
        self.leaves.setdefault(leaf, set()).update(splits)


def needs_of(asked: Mapping[KpiKey, Sequence[Split]], catalogue: Catalogue) -> Needs:
    """Return the leaves that the KPIs stand on, each KPI at its splits."""
    needs = Needs()
    for key, splits in asked.items():
        _walk(catalogue[key].measure, PLAIN, splits, catalogue, needs)
    return needs


def splits_that_fit(key: KpiKey, catalogue: Catalogue, splits: Sequence[Split]) -> list[Split]:
    """Return the splits that every record behind a KPI has a way to."""
    leaves = needs_of({key: splits}, catalogue).leaves
    reached = [set(available(entity_of(leaf))) for leaf in leaves]
    return [split for split in splits if all(set(split) <= has for has in reached)]


def entity_of(leaf: Leaf) -> str:
    """Return the entity whose records a leaf is split and scoped by."""
    measure = leaf.measure
    if isinstance(measure, FirstTouch):
        return measure.of
    return "account" if isinstance(measure, Health) else measure.entity  # type: ignore[union-attr]


def with_owner(split: Split) -> Split:
    """Return the split with the owner in it: at which pairs of actual and forecast are made."""
    return split if Dimension.OWNER in split else (*split, Dimension.OWNER)


def _inner(part: KpiRef | Ratio | Formula, catalogue: Catalogue) -> tuple[Part, ...]:
    match part:
        case KpiRef():
            return (catalogue[part.key].measure,)
        case Ratio():
            return (part.over, part.under)
        case Formula():
            return tuple(inner for _, inner in part.of)


def _walk(
    part: Part, window: Window, splits: Sequence[Split], catalogue: Catalogue, needs: Needs
) -> None:
    match part:
        case KpiRef() | Ratio() | Formula():
            for inner in _inner(part, catalogue):
                _walk(inner, window, splits, catalogue, needs)
        case Rolling():
            _walk(part.measure, Window(over=part.over), splits, catalogue, needs)
        case ToDate():
            _walk(part.measure, Window(within=part.within), splits, catalogue, needs)
        case Paired():
            paired = [with_owner(split) for split in splits]
            _walk(part.actual, window, paired, catalogue, needs)
            _walk(part.forecast, window, paired, catalogue, needs)
        case Stock() | Slipped() | Health():
            # What stands at the end stands there whatever the window.
            needs.add(Leaf(part), splits)
        case _:
            needs.add(Leaf(part, window), splits)
