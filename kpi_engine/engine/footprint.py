"""Which entities a KPI is read from: what no load has touched need not be asked again.

It is what the statements read, not what a definition names: a touch of a lead, say, belongs to
whom the lead belongs to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kpi_engine.compiler.jobs import Leaf
from kpi_engine.compiler.needs import needs_of, splits_that_fit
from kpi_engine.compiler.plan import jobs_of
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.engine import Engine
from kpi_engine.engine.reader import told_of
from kpi_engine.questions import Question
from kpi_engine.store.pins import EntityFacts

_NAMED_BY = frozenset({"user", "team"})
"""Who owns a record and what they are called reaches every KPI."""


def footprints(engine: Engine, question: Question) -> Mapping[KpiKey, frozenset[str]]:
    """Return, for each KPI of a lenient question, the entities that its numbers are read from.

    An entity that was never loaded is among them: its first records may be of the KPI.
    """
    staged = engine.staged(question)
    noted = Noted(staged.world.facts)
    read: dict[Leaf, set[str]] = {}
    for job in jobs_of(replace(staged.world, facts=noted), staged.scene, staged.needs):
        names = noted.take()
        for leaf in job.cells:
            read.setdefault(leaf, set()).update(names)
    found = {}
    for key in question.kpis:
        splits = splits_that_fit(key, engine.catalogue, question.splits)
        leaves = needs_of({key: splits}, engine.catalogue).leaves
        found[key] = _NAMED_BY.union(*(read.get(leaf, {told_of(leaf)}) for leaf in leaves))
    return found


class Noted(Mapping[str, EntityFacts]):
    """Facts that remember which entities were asked for since they were last taken."""

    def __init__(self, facts: Mapping[str, EntityFacts]) -> None:
        self._facts = facts
        self._asked: set[str] = set()

    def take(self) -> set[str]:
        """Return the entities that were asked for, and forget them."""
        taken, self._asked = self._asked, set()
        return taken

    def __getitem__(self, entity: str) -> EntityFacts:
        self._asked.add(entity)
        return self._facts[entity]

    def __contains__(self, entity: object) -> bool:
        self._asked.add(str(entity))
        return entity in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
