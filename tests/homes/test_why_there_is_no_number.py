"""Why there is no number is told in words of the business, and never in those of arithmetic."""

import pytest

from kpi_engine.reading import Absence, Reading, State
from portal.services import home_absences, why_none


@pytest.mark.parametrize(
    ("kpi", "reason", "told"),
    [
        ("pipeline_coverage_remaining", Absence.ZERO_DENOMINATOR, "no quota left to fill in Q4"),
        ("win_rate", Absence.ZERO_DENOMINATOR, "no closed deals in Q4"),
        ("csat", Absence.ZERO_DENOMINATOR, "nothing to divide by in Q4"),
        ("csat", Absence.NO_ROWS, "no records in Q4"),
        ("csat", Absence.MISSING_PART, "a part of it has no number in Q4"),
    ],
)
def test_a_reason_is_told_in_plain_words(kpi, reason, told):
    """The title of a coverage read "the denominator is 0"."""
    assert home_absences.told(kpi, Reading(None, State.ABSENT, reason.value, 0), "Q4") == told


@pytest.mark.parametrize("reason", list(Absence))
def test_no_reason_speaks_of_rows_or_denominators(reason):
    said = why_none.told(reason.value)
    assert not {"rows", "denominator", "absent"} & set(said.split())
