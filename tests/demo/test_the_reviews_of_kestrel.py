"""The demo's reviews, on whatever day the demo is made: nothing of them lies in the future."""

from datetime import date, timedelta

import pytest

from kpi_engine.periods import Calendar, Grain
from portal.demo.framework_reviews import _ANSWERED, half_answered_by

DAYS = [date(2026, 11, 23) + timedelta(days=number) for number in range(0, 120, 3)]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_a_review_is_half_answered_before_the_day_on_which_the_demo_is_made(today):
    """On the 4th of January the answers of December were from the 9th."""
    calendar = Calendar()
    closed = calendar.previous(calendar.holding(today, Grain.MONTH))
    found = half_answered_by(calendar, closed, today)
    assert found.end + timedelta(days=_ANSWERED) <= today
    # And it is the newest month of which that can be said.
    following = calendar.holding(found.end, Grain.MONTH)
    assert found == closed or following.end + timedelta(days=_ANSWERED) > today
