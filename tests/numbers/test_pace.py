"""What should be reached by today: by working days, or as last year went."""

from datetime import date

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Calendar, Grain
from portal.services import pacing, working_time
from portal.services.numbers import TENANT
from portal.services.pacing import Basis, Course
from portal.services.targets import Target

CALENDAR = Calendar("Europe/Paris")
CATALOGUE = shipped_catalogue()
WON, RATE = CATALOGUE.kpi("won_revenue"), CATALOGUE.kpi("win_rate")
APRIL = CALENDAR.holding(date(2017, 4, 1), Grain.MONTH)


@pytest.fixture
def session(database, tenant):
    with database.session(tenant) as opened:
        yield opened


def test_the_pace_counts_working_days_with_today(session):
    # April of 2017 begins on a Saturday: until Wednesday the 12th 8 of its 20 working days are gone.
    course = Course(WON, TENANT, APRIL, date(2017, 4, 12))
    found = pacing.pace(session, CALENDAR, CATALOGUE, course, Target(100))
    assert (found.share, found.expected, found.basis) == (0.4, 40, Basis.WORKING_DAYS)


def test_the_pace_ends_where_the_period_does(session):
    for day, share in ((date(2017, 5, 20), 1.0), (date(2017, 3, 1), 0.0)):
        course = Course(WON, TENANT, APRIL, day)
        assert pacing.pace(session, CALENDAR, CATALOGUE, course, Target(100)).share == share


def test_holidays_are_no_working_days():
    settings = Settings({"holidays": ["2017-04-14", "2017-04-17"]})
    assert working_time.working_days(settings, APRIL.start, APRIL.end) == 18


def test_a_rate_has_no_pace_and_its_target_holds_on_every_day(session):
    course = Course(RATE, TENANT, APRIL, date(2017, 4, 2))
    found = pacing.pace(session, CALENDAR, CATALOGUE, course, Target(0.3))
    assert (found.share, found.expected, found.basis) == (1, 0.3, Basis.WHOLE)


def test_the_pace_can_follow_last_years_profile(database, company):
    with database.session(company) as session:
        course = Course(WON, TENANT, APRIL, date(2017, 4, 12))
        found = pacing.pace(session, CALENDAR, CATALOGUE, course, Target(100), by=Basis.LAST_YEAR)
    # Last April 3 of 503 were won by the 12th.
    assert found.basis is Basis.LAST_YEAR
    assert found.share == pytest.approx(3 / 503)


def test_without_a_last_year_the_profile_is_that_of_working_days(session):
    course = Course(WON, TENANT, APRIL, date(2017, 4, 12))
    found = pacing.pace(session, CALENDAR, CATALOGUE, course, Target(100), by=Basis.LAST_YEAR)
    assert (found.share, found.basis) == (0.4, Basis.WORKING_DAYS)
