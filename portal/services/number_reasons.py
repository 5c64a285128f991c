"""Why there is no number, in the reader's language; what was kept says it in English."""

from datetime import date

from kpi_engine.language import tr
from portal.services import why_none

_ENDS = "the data ends on "


def ended(day: date) -> str:
    """Return the reason for a period after the last day of the facts."""
    return f"{_ENDS}{day}"


def why(reason: str | None) -> str:
    """Return a reason as it was kept for a reader; without one, that there is no number."""
    if reason and reason.startswith(_ENDS):
        return tr("the data ends on {day}", day=reason.removeprefix(_ENDS))
    return why_none.in_words(reason or "")
