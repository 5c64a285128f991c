"""Words of the catalogue as people read them: stages, classes, units, periods, records, names."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from kpi_engine.definitions.described import Department, KpiClass, Stage
from kpi_engine.definitions.record_words import many, one
from kpi_engine.language import SOURCE, mark, spoken, tr, trc
from kpi_engine.units import Unit

_TITLES: Mapping[str, str] = {
    "awareness": mark("Awareness"),
    "lead_generation": mark("Lead generation"),
    "qualification": mark("Qualification"),
    "sales": mark("Sales"),
    "onboarding": mark("Onboarding"),
    "retention": mark("Retention"),
    "service": mark("Service"),
    "data_quality": mark("Data quality"),
    "marketing": mark("Marketing"),
    "success": mark("Success"),
    "operations": mark("Operations"),
    "activity": mark("Activity"),
    "quality": mark("Quality"),
    "outcome": mark("Outcome"),
    "leading": mark("Leading"),
    "lagging": mark("Lagging"),
    "higher": mark("Higher"),
    "lower": mark("Lower"),
    "range": mark("Range"),
    "day": mark("Day"),
    "week": mark("Week"),
    "month": mark("Month"),
    "quarter": mark("Quarter"),
    "year": mark("Year"),
}
_PLAIN: Mapping[str, str] = {
    "awareness": mark("awareness"),
    "lead_generation": mark("lead generation"),
    "qualification": mark("qualification"),
    "sales": mark("sales"),
    "onboarding": mark("onboarding"),
    "retention": mark("retention"),
    "service": mark("service"),
    "data_quality": mark("data quality"),
    "marketing": mark("marketing"),
    "success": mark("success"),
    "operations": mark("operations"),
    "activity": mark("activity"),
    "quality": mark("quality"),
    "outcome": mark("outcome"),
    "leading": mark("leading"),
    "lagging": mark("lagging"),
    "day": mark("day"),
    "week": mark("week"),
    "month": mark("month"),
    "quarter": mark("quarter"),
    "year": mark("year"),
}


def titled(one: StrEnum) -> str:
    """Return a stage, class, department, timing, direction or grain as a heading names it."""
    return tr(_TITLES[one.value])


def plain(one: StrEnum) -> str:
    """Return a stage, class, department, timing or grain as it stands within a sentence."""
    return tr(_PLAIN[one.value])


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
        Unit.TIMES: trc("unit", "times"),
        Unit.MONEY: trc("unit", "money"),
        Unit.COUNT: trc("unit", "count"),
        Unit.DAYS: trc("unit", "days"),
        Unit.HOURS: trc("unit", "hours"),
        Unit.MINUTES: trc("unit", "minutes"),
        Unit.SCORE: trc("unit", "score"),
        Unit.MONEY_PER_DAY: trc("unit", "money per day"),
    }[unit]


def records(entity: str, count: int = 2) -> str:
    """Return what so many records of an entity are called: 'ticket', 'stage changes'."""
    return one(entity) if count == 1 else many(entity)


def inside(words: str) -> str:
    """Return a heading's words as they stand in a sentence: English alone writes them small."""
    return words.lower() if spoken() == SOURCE else words


def begun_small(words: str) -> str:
    """Return words that go on a sentence; only English begins its nouns with a small letter."""
    return words[:1].lower() + words[1:] if spoken() == SOURCE else words


def begun(words: str) -> str:
    """Return words as a heading begins."""
    return words[:1].upper() + words[1:]


def named(name: str) -> str:
    """Return a KPI's name as it stands inside a sentence; an abbreviation keeps its capitals."""
    small = name if name[1:2].isupper() else begun_small(name)
    return trc("a KPI's name inside a sentence", "{name}", name=small)


def source(name: str) -> str:
    """Return the name of a source as people read it."""
    return name.replace("_", " ").capitalize()
