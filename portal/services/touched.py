"""Which KPIs the loads since a version may have moved: all others keep their numbers."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.engine import Engine
from kpi_engine.engine.footprint import footprints
from kpi_engine.engine.gaps import read_from
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, Question
from portal.services.engines import Opened
from portal.services.loads import LoadCard

_COUNTS = ("inserted", "changed", "deleted")


def touched(
    opened: Opened, landed: Iterable[LoadCard], since: int, today: date
) -> frozenset[KpiKey]:
    """Return the KPIs that are read from records which a load after version `since` changed."""
    return _reached(footprints, opened, _all_changed(landed, since), today)


def lacking(
    opened: Opened, landed: Iterable[LoadCard], since: int, today: date
) -> frozenset[KpiKey]:
    """Return the KPIs of whose records such a load may have changed what they lack, or whose."""
    return _reached(read_from, opened, _all_changed(landed, since), today)


def _reached(
    reads: Callable[[Engine, Question], Mapping[KpiKey, frozenset[str]]],
    opened: Opened,
    changed: frozenset[str],
    today: date,
) -> frozenset[KpiKey]:
    if not changed:
        return frozenset()
    question = Question(
        tuple(opened.engine.catalogue),
        (Grain.MONTH,),
        today,
        today + timedelta(days=1),
        today,
        opened.calendar,
        ((), (Dimension.TEAM,), (Dimension.OWNER,)),
        lenient=True,
    )
    found = reads(opened.engine, question)
    return frozenset(kpi for kpi, entities in found.items() if entities & changed)


def _all_changed(landed: Iterable[LoadCard], since: int) -> frozenset[str]:
    return frozenset(name for load in landed if load.seq > since for name in _changed(load))


def _changed(load: LoadCard) -> Iterable[str]:
    """Return the entities of which a load changed any record, as its report says."""
    written = (load.report or {}).get("entities", {})
    return (name for name, told in written.items() if any(told.get(one) for one in _COUNTS))
