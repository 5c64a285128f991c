"""What a home says that has no number: nothing was loaded, not counted yet, or other records."""

from datetime import date

import pytest

from kpi_engine.periods import Grain, Period
from kpi_engine.reading import Reading, State
from portal.security.roles import Role
from portal.services import company_menus, department_home, executive_home
from portal.services.desks import open_desk
from portal.services.numbers import Point
from portal.services.trends import begin_of
from portal.tenancy.keys import TenantKey
from tests.homes.company import AS_OF, STAGES, TABLES
from tests.homes.conftest import NOW, Place


def _nothing(place: Place, role: Role = Role.EXECUTIVE):
    with place.database.session(place.tenant) as session:
        return company_menus.nothing(open_desk(session, place.actor(role), NOW))


def test_where_nothing_was_loaded_it_says_so(empty):
    assert "Nothing of a CRM has been loaded" in _nothing(empty).why


def test_what_was_loaded_and_is_not_counted_yet_is_not_said_to_be_missing(desk, database, workshop):
    tenant = desk.tenant("--currency", "EUR")
    desk.bring(tenant, TABLES, "--as-of", AS_OF, stages=STAGES)
    said = _nothing(Place(TenantKey(tenant), database, workshop))
    assert "not counted yet" in said.why


def test_a_home_about_records_that_were_not_loaded_does_not_say_that_nothing_was(place):
    with place.database.session(place.tenant) as session:
        desk = open_desk(session, place.actor(Role.EXECUTIVE), NOW)
        home = department_home.read(desk, place.workshop, "service", {})
        assert not executive_home.read(desk, {}).empty
    assert home.empty.title == "No numbers here"
    assert "records that they count were not loaded" in home.empty.why
    assert home.empty.href == "/kpis"


def _line(*values: float | None) -> list[Point]:
    found = []
    for month, value in enumerate(values, 1):
        period = Period(date(2017, month, 1), date(2017, month + 1, 1), Grain.MONTH, "")
        state, reason = (State.ABSENT, "no rows") if value is None else (State.FINAL, None)
        reading = Reading(value, state, reason, 20)
        found.append(Point(period, reading, "f", 1, restated=False, first=value))
    return found


@pytest.mark.parametrize(
    ("lines", "begin"),
    [
        (((None, None, 1.0, 2.0),), 2),
        (((None, None, None, 2.0),), 2),
        (((1.0, None, 2.0),), 0),
        (((None, None, 1.0), (None, 3.0, 1.0)), 1),
        (((None, 1.0, 1.0), (None, None, None)), 1),
        (((None,),), 0),
    ],
)
def test_a_trend_begins_where_the_first_number_of_its_lines_stands(lines, begin):
    assert begin_of(*(_line(*line) for line in lines)) == begin
