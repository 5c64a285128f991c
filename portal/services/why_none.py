"""Why there is no number, in the reader's language; what was kept says it in English."""

from datetime import date

from kpi_engine.language import mark, tr
from kpi_engine.reading import Absence, Reading
from portal.services import catalogue_words

_NONE = mark("no number")
NOT_YOURS = mark("it is not yours to see")
"""Why there is no number where the reader may see none of that KPI and scope."""
COMPANY_ONLY = mark("it is told for the whole company only")
"""Why a team or a person has none: some of what it counts belongs to nobody."""
_ENDS = "the data ends on "
_REASONS = frozenset(
    {
        mark("the cohort's window has not passed"),
        mark("no record has the date that would place it in a period"),
        mark("no record of this kind was ever loaded"),
        mark("too few records to tell"),
        mark("no history was recorded to follow the date through"),
        mark("the period has not begun"),
        mark("the result is not a finite number"),
        mark("an audit of the data holds it back"),
        mark("at its start only a part of the period had been forecast"),
        mark("the period runs, and what was forecast is for all of it"),
        mark("the period is over, and nothing of it is still to come"),
        mark("it was never taken"),
        NOT_YOURS,
        COMPANY_ONLY,
    }
)
"""What a reading gives as its reason; a reason that is none of these is somebody's own words."""
_PLAINLY = {
    Absence.NO_ROWS.value: mark("no records"),
    Absence.ZERO_DENOMINATOR.value: mark("nothing to divide by"),
    Absence.NEGATIVE_DENOMINATOR.value: mark("what it would be a part of is below nothing"),
    Absence.MISSING_PART.value: mark("a part of it has no number"),
}
"""Reasons that are kept, and written by commands, in an analyst's words; a page says these."""


def ended(day: date) -> str:
    """Return the reason, as it is kept, of a period after the last day of the facts."""
    return f"{_ENDS}{day}"


def never_loaded(reading: Reading) -> str:
    """Return of which entity no record was ever loaded; empty where that is not the reason."""
    return _unloaded(reading.reason or "")


def _unloaded(reason: str) -> str:
    named = f"{Absence.NOT_LOADED.value} ("
    return reason.removeprefix(named).removesuffix(")") if reason.startswith(named) else ""


def of(reading: Reading) -> str:
    """Return why a reading has no value."""
    return told(reading.reason)


def told(reason: str | None) -> str:
    """Return a reason as it was kept for a reader; without one, that there is no number."""
    if not reason:
        return tr(_NONE)
    if reason.startswith(_ENDS):
        return tr("the data ends on {day}", day=reason.removeprefix(_ENDS))
    if entity := _unloaded(reason):
        return tr("no {what} were ever loaded", what=catalogue_words.records(entity))
    if reason in _PLAINLY:
        return tr(_PLAINLY[reason])
    return tr(reason) if reason in _REASONS else reason
