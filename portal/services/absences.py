"""Why there is no number, in the words of what was looked for: 'no tickets in October 2026'."""

from collections.abc import Mapping

from kpi_engine.compiler.needs import entity_of
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import FirstTouch, Kpi, Measure
from kpi_engine.engine.listing import sides_of
from kpi_engine.language import mark, tr
from kpi_engine.periods import Period
from kpi_engine.reading import Absence, Reading
from portal.readmodels.formats import Formats
from portal.services import catalogue_words, why_none
from portal.services.why_none import NOT_YOURS

_NAMED: Mapping[str, str] = {
    Absence.NO_ROWS.value: mark("no {what} in {period}"),
    Absence.ZERO_DENOMINATOR.value: mark("no {what} to divide by in {period}"),
}
_OF_SOME = mark("no {what} that count in {period}")
"""Of records that are filtered: there may well be others, as lost deals beside the won ones."""
_PLAIN: Mapping[str, str] = {
    Absence.NEGATIVE_DENOMINATOR.value: mark("what it would be a part of is below nothing"),
    Absence.IMMATURE.value: mark("the cohort's window has not passed"),
    Absence.NO_DATE.value: mark("no record has the date that would place it in a period"),
    Absence.TOO_FEW.value: mark("too few records to tell"),
    Absence.NO_HISTORY.value: mark("no history was recorded to follow the date through"),
    Absence.NOT_BEGUN.value: mark("the period has not begun"),
    Absence.NOT_FINITE.value: mark("the result is not a finite number"),
    Absence.WITHHELD.value: mark("an audit of the data holds it back"),
    Absence.PROMISED_IN_PART.value: mark(
        "at its start only a part of the period had been forecast"
    ),
    Absence.FORECAST_RUNS.value: mark("the period runs, and what was forecast is for all of it"),
    Absence.OVER.value: mark("the period is over, and nothing of it is still to come"),
    NOT_YOURS: NOT_YOURS,
}


def in_words(
    catalogue: Catalogue, kpi: Kpi, reading: Reading, period: Period, formats: Formats
) -> str:
    """Return why a reading has no value; empty where it has one."""
    if reading.value is not None:
        return ""
    reason = reading.reason
    if not reason:
        return tr("no number")
    told = _NAMED.get(reason)
    if told is None:
        return tr(_PLAIN[reason]) if reason in _PLAIN else why_none.told(reason)
    sides = sides_of(kpi.measure, catalogue)
    if reason == Absence.NO_ROWS and sides and _filters(sides[0].leaf.measure):
        told = _OF_SOME
    what = catalogue_words.records(entity_of(sides[0].leaf)) if sides else tr("records")
    return tr(told, what=what, period=formats.period(period))


def _filters(measure: Measure) -> bool:
    """Say whether a measure leaves records out, or those that lack what it adds up."""
    filters = getattr(measure, "of_where" if isinstance(measure, FirstTouch) else "where", None)
    return filters is not None or getattr(measure, "value", None) is not None
