"""What each thing that can be amiss is called as a heading, and what to do about it next."""

from collections.abc import Callable, Mapping

from kpi_engine.language import mark, tr
from portal.services import catalogue_words
from portal.services.builder_columns import column_words
from portal.services.confidence_limits import Check
from portal.services.confidence_rules import Ground

_PLAIN: Mapping[Check, str] = {
    Check.MAPPED: mark("Deals in a stage without a meaning"),
    Check.LATE: mark("Open deals past their close date"),
    Check.CHANCE: mark("Much room for chance"),
    Check.COUNT: mark("Few records"),
    Check.RESTATED: mark("Closed periods that moved later"),
    Check.NUMBER: mark("No number"),
    Check.LOOKED: mark("No records to look through"),
}
_STEPS: Mapping[Check, str] = {
    Check.LOADED: mark("Load these records, or retire the KPIs that need them."),
    Check.FILLED: mark("Fill it in where it is empty, and ask for it whenever a record is made."),
    Check.PLACED: mark("Give each of these records the day that places it."),
    Check.MAPPED: mark("Say in the source's stage map what each stage means, and load it again."),
    Check.READ: mark("Mend the rows that the load names, and load them again."),
    Check.FRESH: mark("Load the source again."),
    Check.COVERED: mark("Load the source again: what happened after the load is missing."),
    Check.OWNED: mark("Give each of these records an owner."),
    Check.AHEAD: mark("Correct the dates that lie ahead."),
    Check.LATE: mark("Close these deals, or give them a new close date."),
    Check.TWICE: mark(
        "Merge those that are the same, and look for an earlier one before a record is made."
    ),
    Check.CHANCE: mark("Read it over a longer period or for a larger team."),
    Check.COUNT: mark("Read it over a longer period or for a larger team."),
    Check.SETTLED: mark("Wait, or read the last period that is ripe."),
    Check.RESTATED: mark("Enter what happened on its day: what comes late moves closed periods."),
    Check.NUMBER: mark("Its page says what it waits for."),
    Check.LOOKED: mark("Its page says what can be told of it."),
}


def title(ground: Ground) -> str:
    """Return what is amiss as a heading names it, without figures."""
    said = _TITLES.get(ground.check)
    return tr(_PLAIN[ground.check]) if said is None else said(ground)


def step(ground: Ground) -> str:
    """Return what to do about it next, as a sentence."""
    return tr(_STEPS[ground.check])


def _records(ground: Ground) -> str:
    return catalogue_words.records(ground.entity)


def _begun(ground: Ground) -> str:
    return catalogue_words.begun(_records(ground))


def _source(ground: Ground) -> str:
    return catalogue_words.source(ground.source.source) if ground.source is not None else ""


def _filled(ground: Ground) -> str:
    column = column_words(ground.column)
    return tr("{column} missing in {records}", column=column, records=_records(ground))


def _placed(ground: Ground) -> str:
    return tr(
        "{records} in no period, for want of {column}",
        records=_begun(ground),
        column=column_words(ground.column),
    )


def _fresh(ground: Ground) -> str:
    if ground.source is None:
        return tr("Not known when its records were loaded")
    if ground.source.failed:
        return tr("Last load of {source} failed", source=_source(ground))
    return tr("{source} not loaded lately", source=_source(ground))


def _covered(ground: Ground) -> str:
    return tr("{source} loaded before the period had ended", source=_source(ground))


def _settled(ground: Ground) -> str:
    return tr("Period still running") if ground.why == "so far" else tr("Records not yet ripe")


_TITLES: Mapping[Check, Callable[[Ground], str]] = {
    Check.LOADED: lambda one: tr("{records} never loaded", records=_begun(one)),
    Check.FILLED: _filled,
    Check.PLACED: _placed,
    Check.READ: lambda one: tr("Rows of {records} that could not be read", records=_records(one)),
    Check.FRESH: _fresh,
    Check.COVERED: _covered,
    Check.OWNED: lambda one: tr("{records} without an owner", records=_begun(one)),
    Check.AHEAD: lambda one: tr("{records} dated in the future", records=_begun(one)),
    Check.SETTLED: _settled,
    Check.TWICE: lambda one: tr("{records} that are there twice", records=_begun(one)),
}
