"""Which KPIs serve a goal: those it names, and what they are made of, driven by and guarded by."""

from collections.abc import Iterator

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Aggregate, Kpi, KpiKey
from kpi_engine.definitions.parts import inputs_of, walk
from kpi_engine.framework.described import Framework


def serving(framework: Framework) -> frozenset[KpiKey]:
    """Return every KPI that a goal stands on.

    Named by it, an input of such a one, made of the same records, a driver of any of these (and
    drivers of drivers, also over KPIs that are not adopted), or a guardrail of a named one.
    """
    catalogue = framework.catalogue
    named = {key for goal in framework.goals for key in goal.kpis if key in catalogue}
    guards = {each for key in named for each in catalogue[key].guardrails}
    found = named | {each for key in named for each in inputs_of(catalogue[key])}
    found |= _of_the_same_records(named, catalogue)
    while more := {kpi.key for kpi in catalogue.values() if set(kpi.drives) & found} - found:
        found |= more
    return frozenset(found | guards)


def _of_the_same_records(named: set[KpiKey], catalogue: Catalogue) -> set[KpiKey]:
    """Return the KPIs that count or add up the records which a goal's KPI is made of."""
    wanted = {each for key in named for each in _records(catalogue[key])}
    return {
        kpi.key
        for kpi in catalogue.values()
        if isinstance(kpi.measure, Aggregate) and wanted & set(_records(kpi))
    }


def _records(kpi: Kpi) -> Iterator[tuple[str, str, str]]:
    for _, part in walk(kpi.measure):
        if isinstance(part, Aggregate):
            where = "" if part.where is None else part.where.text
            yield part.entity, where, "" if part.on is None else part.on.text
