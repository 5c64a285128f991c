"""Until the day for which a definition was activated, every number is told by the one before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kpi_engine.definitions.fingerprint import fingerprint
from layouts.html_text import html
from layouts.pages.kpi import draw
from portal.security.roles import Role
from portal.services import activations_ahead, refreshing
from portal.services.auditing import Trace
from portal.services.kpi_page import read as read_kpi
from portal.tenancy.keys import TenantKey
from tests.builder.conftest import Bench
from tests.builder.test_proposing_and_activating import changed
from tests.kpi_page.conftest import NOW
from tests.kpis.company import COMPANY
from tests.kpis.place import desk, workshop

pytestmark = pytest.mark.slow

__all__ = ["desk", "workshop"]

KEY, ZONE = "won_deals", "America/New_York"
DAY = date(2017, 5, 12)
MIDNIGHT = datetime(2017, 5, 12, 4, tzinfo=UTC)
"""The day begins there four hours after it does in UTC."""


@pytest.fixture
def place(desk, database, workshop) -> Bench:
    """A company in New York that counts won deals, and from a day on lost ones too."""
    tenant = TenantKey(desk.tenant("--currency", "EUR", "--timezone", ZONE))
    desk.bring(tenant, COMPANY, "--as-of", "2017-05-10T12:00:00Z")
    refreshing.refresh(workshop, tenant, NOW, back=6)
    found = Bench(tenant, database, workshop)
    asks, decides = found.actor(Role.EXECUTIVE), found.actor(Role.ANALYST)
    sent = changed(found, asks, KEY, a_f0_ask="one_of", a_f0_value="won; lost")
    made = found.propose(asks, sent, KEY)
    with found.at(decides) as at:
        assert activations_ahead.decide(at, str(made.id), DAY, "", Trace(NOW)) is None
    return found


def told(place: Bench, desk) -> dict[str, object]:
    """Return what pages, the command line, snapshots and the list of definitions tell."""
    asks = place.actor(Role.EXECUTIVE)
    span = ("--from", "2017-01-01", "--to", "2017-05-01")
    with place.at(asks) as at:
        page = read_kpi(place.workshop, at, KEY, {"period": "2017-02"}).cells[0].value
        digits = fingerprint(at.catalogue[KEY], at.catalogue)
    rows = desk.values(place.tenant, "--kpi", KEY, *span)
    words = ("--tenant", place.tenant, "--period", "2017-03")
    snapshot = desk.json("snapshot", *words)
    listed = desk.json("kpi", "list", "--tenant", place.tenant)
    (one,) = [each for each in listed if each["key"] == KEY]
    return {
        "page": page,
        "values": [row["value"] for row in rows],
        "catalogue": digits,
        "list": one,
        "snapshot": snapshot,
    }


def test_before_the_day_everything_is_the_old_definitions_and_on_it_the_new_ones(place, desk):
    before = told(place, desk)
    refreshing.refresh(place.workshop, place.tenant, MIDNIGHT - timedelta(seconds=1), back=6)
    assert told(place, desk) == before
    refreshing.refresh(place.workshop, place.tenant, MIDNIGHT, back=6)
    after = told(place, desk)
    assert after["page"] != before["page"]
    assert after["values"] != before["values"]
    assert after["catalogue"] != before["catalogue"]


def test_the_page_of_the_kpi_says_that_another_definition_awaits_its_day(place):
    with place.at(place.actor(Role.REP, "ann", "north")) as at:
        page = read_kpi(place.workshop, at, KEY, {})
        other = read_kpi(place.workshop, at, "win_rate", {})
    assert page.ahead is not None
    assert "12 May 2017" in page.ahead.text.replace("\u00a0", " ")
    assert page.ahead.href == f"/kpis/{KEY}/history"
    assert "another definition holds" in html(draw(page)).lower()
    assert other.ahead is None
