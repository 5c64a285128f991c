"""Homes and the inbox tell one pace: by the days on which the company works.

Homes once counted Monday to Friday whatever the company had set. With a holiday in the period, or
a week from Sunday to Thursday, "behind pace" on a home was another number than in the inbox.
"""

from datetime import date

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Calendar, Grain
from portal.services import pacing
from portal.services.numbers import TENANT
from portal.services.pacing import Course
from portal.services.rep_text import Quota
from portal.services.targets import Target
from portal.services.working_time import Days

# April of 2017 begins on a Saturday, the 9th is a Sunday, Easter is on the 16th.
APRIL = Calendar("Europe/Paris").holding(date(2017, 4, 1), Grain.MONTH)
SUNDAYS = {"business_hours": {"days": ["sunday", "monday", "tuesday", "wednesday", "thursday"]}}
EASTER = {"holidays": ["2017-04-14", "2017-04-17"]}


@pytest.mark.parametrize(
    ("said", "gone", "every"), [({}, 8, 20), (EASTER, 8, 18), (SUNDAYS, 9, 21)]
)
def test_a_home_counts_the_days_on_which_the_company_works(said, gone, every):
    days = Days(APRIL, date(2017, 4, 12), Settings(said))
    assert (days.gone, days.all, days.part) == (gone, every, gone / every)
    assert Quota(days, 0.0, 1000.0).pace == pytest.approx(1000 * gone / every)


@pytest.mark.parametrize("said", [{}, EASTER, SUNDAYS])
@pytest.mark.parametrize("day", [1, 9, 14, 16, 30])
def test_a_home_and_the_inbox_expect_the_same(database, tenant, said, day):
    settings, today = Settings(said), date(2017, 4, day)
    catalogue = shipped_catalogue(settings)
    with database.session(tenant) as session:
        course = Course(catalogue.kpi("won_revenue"), TENANT, APRIL, today)
        found = pacing.pace(session, Calendar("Europe/Paris"), catalogue, course, Target(1000))
    assert found.expected == pytest.approx(Quota(Days(APRIL, today, settings), 0.0, 1000.0).pace)


def test_where_no_day_of_a_period_is_worked_its_days_count():
    """All of it off: half of it is gone on the 15th, and was all gone on its first day."""
    off = {"holidays": [f"2017-04-{day:02}" for day in range(1, 31)]}
    days = Days(APRIL, date(2017, 4, 15), Settings(off))
    assert (days.all, days.part) == (0, 0.5)
