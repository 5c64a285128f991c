"""How far counted numbers could move if what their records lack were filled in, by owner."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kpi_engine.compiler.fillings import Rightly
from kpi_engine.compiler.swings import (
    RANGES,
    Swing,
    swing_of,
    swings_statement,
    together,
)
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.engine import Engine
from kpi_engine.periods import Period
from kpi_engine.questions import Question


@dataclass(frozen=True, slots=True)
class Sway:
    """Counts of some records: as they are, at the least and at the most.

    `counts` are those of `RANGES`; `open` are the records that could go either way, `missing` how
    many of them lack each column. They add up over owners.
    """

    counts: tuple[int, ...] = (0,) * len(RANGES)
    open: int = 0
    missing: tuple[int, ...] = ()

    def plus(self, other: "Sway") -> "Sway":
        """Return both together."""
        if not other.missing:
            return Sway(_added(self.counts, other.counts), self.open + other.open, self.missing)
        missing = self.missing or (0,) * len(other.missing)
        return Sway(
            _added(self.counts, other.counts),
            self.open + other.open,
            _added(missing, other.missing),
        )

    def count(self, name: str) -> int:
        """Return one of `RANGES`."""
        return self.counts[RANGES.index(name)]


@dataclass(frozen=True, slots=True)
class Swayed:
    """How far one KPI could move in one period: everybody's counts, and by owner.

    `columns` are what may be missing, as `missing` counts them.
    """

    entity: str
    columns: tuple[str, ...]
    every: Sway
    by_owner: Mapping[str, Sway] = field(default_factory=dict)

    def of(self, owners: Collection[str] | None) -> Sway:
        """Return the counts of some owners' records; None for those of everybody and nobody."""
        if owners is None:
            return self.every
        return added(self.by_owner[one] for one in owners if one in self.by_owner)


def swings_of(
    engine: Engine,
    question: Question,
    periods: Sequence[Period],
    rightly: Rightly,
    proofs: Mapping[Any, str],
) -> Mapping[KpiKey, Mapping[Period, Swayed]]:
    """Count how far the KPIs of a question could move in some periods of its days.

    A KPI of which no range can be told is missing, as is one whose records were never loaded.

    Args:
        engine: The engine.
        question: Which KPIs; its days hold the periods.
        periods: The periods.
        rightly: Says which columns are rightly empty until something happens.
        proofs: The column that says that a moment has come, by entity and moment.

    Raises:
        UnknownKpiError: if the catalogue does not hold a KPI.
    """
    world = engine.staged(question).world
    told = {
        key: swing_of(engine.catalogue[key], engine.catalogue, rightly, proofs)
        for key in question.kpis
    }
    mine = {key: one for key, one in told.items() if one is not None and world.has(one.entity)}
    found: dict[Swing, Mapping[Period, Swayed]] = {}
    for swings in together(dict.fromkeys(mine.values())):
        rows = engine.runner.run(swings_statement(world, swings, periods)).to_pylist()
        for at, one in enumerate(swings):
            found[one] = {
                period: _swayed(one, rows, f"{at}_{number}")
                for number, period in enumerate(periods)
            }
    return {key: found[one] for key, one in mine.items()}


def added(sways: Iterable[Sway]) -> Sway:
    """Return several counts as one."""
    total = Sway()
    for one in sways:
        total = total.plus(one)
    return total


def _swayed(swing: Swing, rows: Iterable[Mapping[str, Any]], place: str) -> Swayed:
    by_owner: dict[str, Sway] = {}
    nobodys = Sway()
    for row in rows:
        counts = tuple(int(row[f"{name}_{place}"]) for name in RANGES)
        missing = tuple(int(row[f"m{at}_{place}"]) for at, _ in enumerate(swing.columns))
        sway = Sway(counts, int(row[f"open_{place}"]), missing)
        if row["owner"] is None:
            nobodys = nobodys.plus(sway)
        elif any(counts) or sway.open:
            # Only what moves this period is told of: other periods were read along with it.
            by_owner[str(row["owner"])] = sway
    every = added(one for one in (*by_owner.values(), nobodys) if any(one.counts) or one.open)
    return Swayed(swing.entity, swing.columns, every, by_owner)


def _added(first: Sequence[int], second: Sequence[int]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(first, second, strict=True))
