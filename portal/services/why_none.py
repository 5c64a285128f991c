"""Why there is no number, in the reader's language."""

from kpi_engine.language import mark, tr
from kpi_engine.reading import Reading

_NONE = mark("no number")
_REASONS = frozenset(
    {
        mark("no rows"),
        mark("the denominator is 0"),
        mark("the cohort's window has not passed"),
        mark("a part is absent"),
        mark("no record has the date that would place it in a period"),
        mark("no record of this kind was ever loaded"),
        mark("too few records to tell"),
        mark("no history was recorded to follow the date through"),
        mark("the period has not begun"),
        mark("the result is not a finite number"),
        mark("an audit of the data holds it back"),
        mark("it was never taken"),
    }
)
"""What a reading gives as its reason; a reason that is none of these is somebody's own words."""


def why_none(reading: Reading) -> str:
    """Return why a reading has no value."""
    return in_words(reading.reason or "")


def in_words(reason: str) -> str:
    """Return a reason as it is kept in the reader's language; without one, that there is none."""
    if not reason:
        return tr(_NONE)
    return tr(reason) if reason in _REASONS else reason
