"""Words for what a KPI is: choices of stage, class and department, its unit, and its name."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from kpi_engine.definitions.described import Department, KpiClass, Stage
from kpi_engine.language import SOURCE, spoken, trc
from kpi_engine.units import Unit
from portal.services.catalogue_words import titled


def classes() -> Mapping[str, str]:
    """Return every class by its value, as a choice is written."""
    return _choices(KpiClass)


def stages() -> Mapping[str, str]:
    """Return every stage by its value, as a choice is written."""
    return _choices(Stage)


def departments() -> Mapping[str, str]:
    """Return every department by its value, as a choice is written."""
    return _choices(Department)


def _choices(kinds: Iterable[StrEnum]) -> Mapping[str, str]:
    return {one.value: titled(one) for one in kinds}


def of_unit(unit: Unit) -> str:
    """Return a unit as it stands inside a sentence."""
    return {
        Unit.RATIO: trc("unit", "ratio"),
        Unit.MONEY: trc("unit", "money"),
        Unit.COUNT: trc("unit", "count"),
        Unit.DAYS: trc("unit", "days"),
        Unit.HOURS: trc("unit", "hours"),
        Unit.MINUTES: trc("unit", "minutes"),
        Unit.SCORE: trc("unit", "score"),
        Unit.MONEY_PER_DAY: trc("unit", "money per day"),
    }[unit]


def named(name: str) -> str:
    """Return a KPI's name as it stands inside a sentence; an abbreviation keeps its capitals."""
    if spoken() != SOURCE or name[1:2].isupper():
        return trc("a KPI's name inside a sentence", "{name}", name=name)
    small = name[:1].lower() + name[1:]
    return trc("a KPI's name inside a sentence", "{name}", name=small)
