"""The year of a week never reads like the number that follows it."""

from datetime import date

import pytest

from kpi_engine.periods import Grain, Period
from portal.readmodels.formats import Formats
from portal.services.signal_text import _within


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (Period(date(2026, 11, 9), date(2026, 11, 16), Grain.WEEK, "2026-W46"), "week 46 of 2026"),
        (Period(date(2026, 1, 5), date(2026, 1, 12), Grain.WEEK, "2026-W02"), "week 2 of 2026"),
        (Period(date(2026, 10, 1), date(2026, 11, 1), Grain.MONTH, "2026-10"), "October 2026"),
    ],
)
def test_a_period_within_a_sentence_has_no_comma(period, told):
    assert _within(period, Formats("en")).replace("\N{NO-BREAK SPACE}", " ") == told
