"""How complete the records are that KPIs are made of in some periods, by who owns them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from kpi_engine.compiler.gaps import (
    AT_ANY_TIME,
    IN_PERIOD,
    Could,
    alike,
    as_share,
    could_count,
    gaps_statement,
)
from kpi_engine.compiler.needs import needs_of
from kpi_engine.definitions.kinds import KpiKey, Ratio
from kpi_engine.engine.engine import Engine
from kpi_engine.engine.footprint import Noted
from kpi_engine.periods import Period
from kpi_engine.questions import Question

Row = Mapping[str, Any]
_ENTITIES = {"onboarding": "onboarding_step"}
"""What a derived entity is made of."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of the records that could count.

    `n` are those of the period and `filled` how many of them have each column; `dated`, `undated`
    and `ahead` are of any period: with and without the moment that places them, and placed after
    today. `late` are open deals of the period whose close date has passed, `twice` the records of
    the period of which there is an earlier one by the column that tells them apart.
    """

    n: int = 0
    filled: tuple[int, ...] = ()
    dated: int = 0
    undated: int = 0
    ahead: int = 0
    late: int = 0
    unmapped: int = 0
    twice: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Return both together."""
        long = max(len(self.filled), len(other.filled))
        mine, theirs = (one.filled + (0,) * (long - len(one.filled)) for one in (self, other))
        return Tally(
            self.n + other.n,
            tuple(a + b for a, b in zip(mine, theirs, strict=True)),
            self.dated + other.dated,
            self.undated + other.undated,
            self.ahead + other.ahead,
            self.late + other.late,
            self.unmapped + other.unmapped,
            self.twice + other.twice,
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """One kind of record that a KPI is made of, and its counts: everybody's, by owner, nobody's."""

    could: Could
    every: Tally
    by_owner: Mapping[str, Tally]
    """By the owner's key, as a split by owner tells it."""
    nobodys: Tally
    sources: frozenset[str]
    loaded: bool
    """Whether any record of the kind was ever loaded."""


def gaps(engine: Engine, question: Question) -> Mapping[KpiKey, tuple[Looked, ...]]:
    """Count the records of the first period of a question.

    A KPI that is weighed from what is known of a customer is made of no records: it has none.

    Raises:
        UnknownKpiError: if the catalogue does not hold a KPI.
    """
    (period, *_) = next(iter(engine.staged(question).scene.asked.values()))
    return gaps_of(engine, question, [period])[period]


def gaps_of(
    engine: Engine, question: Question, periods: Sequence[Period]
) -> Mapping[Period, Mapping[KpiKey, tuple[Looked, ...]]]:
    """Count the records of some periods, all within the days of a question.

    What counts the same kind of record is read once for all KPIs and all periods.

    Raises:
        UnknownKpiError: if the catalogue does not hold a KPI.
    """
    staged = engine.staged(question)
    mine = {key: _could(engine, key) for key in question.kpis}
    looked: dict[Could, list[Looked]] = {}
    for could in alike(dict.fromkeys(one for each in mine.values() for one in each)):
        rows: list[Row] = []
        entity = could[0].entity
        loaded = staged.world.has(_ENTITIES.get(entity, entity))
        if loaded:
            rows = engine.runner.run(gaps_statement(staged.world, could, periods)).to_pylist()
        for at, one in enumerate(could):
            looked[one] = [
                _looked(one, [(row, _tally(row, (at, number), one)) for row in rows], loaded=loaded)
                for number, _ in enumerate(periods)
            ]
    return {
        period: {key: tuple(looked[one][number] for one in each) for key, each in mine.items()}
        for number, period in enumerate(periods)
    }


def read_from(engine: Engine, question: Question) -> Mapping[KpiKey, frozenset[str]]:
    """Return, for each KPI of a question, the entities that looking through its records reads.

    They are more than its numbers are read from: whose a record is may be told by its account.
    """
    staged = engine.staged(question)
    (period, *_) = next(iter(staged.scene.asked.values()))
    noted = Noted(staged.world.facts)
    world = replace(staged.world, facts=noted)
    read: dict[Could, frozenset[str]] = {}
    found = {}
    for key in question.kpis:
        mine = _could(engine, key)
        for one in mine:
            if one not in read:
                gaps_statement(world, [one], [period])
                read[one] = frozenset(noted.take()) | {_ENTITIES.get(one.entity, one.entity)}
        found[key] = frozenset().union(*(read[one] for one in mine))
    return found


def _could(engine: Engine, key: KpiKey) -> list[Could]:
    """Return the kinds of records that a KPI is made of, each once."""
    leaves = needs_of({key: [()]}, engine.catalogue).leaves
    found = list(dict.fromkeys(one for leaf in leaves for one in could_count(leaf)))
    share = isinstance(engine.catalogue[key].measure, Ratio)
    return list(as_share(found)) if share else found


def _looked(could: Could, rows: Sequence[tuple[Row, Tally]], *, loaded: bool) -> Looked:
    by_owner: dict[str | None, Tally] = {}
    for row, tally in rows:
        by_owner[row["owner"]] = by_owner.get(row["owner"], Tally()).plus(tally)
    nobodys = by_owner.pop(None, Tally())
    named = {str(owner): tally for owner, tally in by_owner.items()}
    sources = frozenset(str(row["source"]) for row, _ in rows)
    return Looked(could, together([*named.values(), nobodys]), named, nobodys, sources, loaded)


def together(tallies: Iterable[Tally]) -> Tally:
    """Return several tallies as one."""
    return reduce(Tally.plus, tallies, Tally())


def _tally(row: Row, place: tuple[int, int], could: Could) -> Tally:
    at, period = place
    filled = tuple(int(row[f"c{at}_{cell}_{period}"]) for cell in range(len(could.columns)))
    inside = {name: int(row[f"{name}_{at}_{period}"]) for name in IN_PERIOD}
    return Tally(
        filled=filled, **inside, **{name: int(row[f"{name}_{at}"]) for name in AT_ANY_TIME}
    )
