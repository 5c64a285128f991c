"""What should be reached by now: by working days, and as the same period of last year went."""

from datetime import UTC, date, datetime

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from portal.security.roles import Role
from portal.services import refreshing, targets
from portal.services.numbers import TENANT
from portal.services.targets import Author, Slot, Target
from portal.tenancy.keys import TenantKey
from tests.homes.company import STAGES
from tests.kpi_page.conftest import NOW, KpiPlace
from tests.kpis.desk import a_deal, a_person, a_team

CALENDAR = Calendar()
SECOND = CALENDAR.holding(date(2017, 4, 1), Grain.QUARTER)
WON, RATE = KpiKey("won_revenue"), KpiKey("win_rate")
LAST_YEAR = [("early", 600, "2016-04-10"), ("late", 400, "2016-06-20")]
THIS_YEAR = [("now", 300, "2017-04-20")]


@pytest.fixture
def company(desk, database, workshop):
    """Make a company of these won deals, with a target of 1,000 for the quarter that runs."""

    def made(deals):
        tenant = TenantKey(desk.tenant("--currency", "EUR"))
        tables = {
            "team": [a_team("north")],
            "user": [a_person("ann", "north")],
            "opportunity": [a_deal(name, "ann", "Won", sum_, day) for name, sum_, day in deals],
        }
        desk.bring(tenant, tables, "--as-of", "2017-05-10T12:00:00Z", stages=STAGES)
        refreshing.refresh(workshop, tenant, NOW, back=15)
        place = KpiPlace(tenant, database, workshop)
        with database.session(tenant) as session:
            for key, value in ((WON, 1000.0), (RATE, 0.3)):
                kpi, at = shipped_catalogue()[key], datetime(2017, 4, 1, tzinfo=UTC)
                slot = Slot(key, SECOND, TENANT)
                targets.put(session, kpi, slot, Target(value), Author("Cora"), at)
        return place

    return made


def _notes(place, kpi, period):
    page = place.page(place.actor(Role.EXECUTIVE), kpi, {"grain": "quarter", "period": period})
    return [note.replace("\u00a0", " ") for cell in page.cells for note in cell.notes]


@pytest.mark.parametrize("period", ["2017-Q2", "2017-Q1"], ids=["looked at", "beside a closed one"])
def test_last_years_profile_stands_beside_the_working_days(company, period):
    """28 of 65 working days are gone; by its 40th day last year's quarter had 600 of its 1,000."""
    notes = _notes(company([*LAST_YEAR, *THIS_YEAR]), WON, period)
    assert "Pace €431, by working days; €600 as Q2 2016 went." in notes


def test_without_a_last_year_it_is_told_by_working_days_alone(company):
    assert "Pace €431, by working days." in _notes(company(THIS_YEAR), WON, "2017-Q2")


def test_a_rate_has_no_pace(company):
    notes = _notes(company([*LAST_YEAR, *THIS_YEAR]), RATE, "2017-Q2")
    assert not [note for note in notes if "Pace" in note]
