"""Whoever comes to a retired KPI by a link reads so at the top, and why, as the text that it is."""

import pytest

from kpi_engine.definitions.kinds import KpiKey
from layouts.html_text import html
from layouts.pages import kpi as layout
from portal.services import lifecycles
from portal.services.auditing import Trace
from portal.services.desks import open_desk
from portal.services.lifecycles import LifeMove, LifeState
from tests.kpi_page.conftest import NOW

KPI = KpiKey("meetings_held")


def go(place, actor, to: LifeState, why: str) -> None:
    with place.database.session(actor.tenant) as session:
        lifecycles.move(open_desk(session, actor, NOW), LifeMove(KPI, to, why), Trace(NOW))


def test_its_page_says_how_it_stands_and_why(place, executive, leader):
    go(place, executive, LifeState.ACTIVE, "We use it.")
    assert place.page(executive, KPI).life == ""
    go(place, executive, LifeState.UNDER_REVIEW, "Is it still of use?")
    assert place.page(leader, KPI).life.startswith("Under review. Is it still of use? ")
    go(place, executive, LifeState.RETIRED, "Nobody <b>acts</b> on it.")
    page = place.page(leader, KPI)
    assert page.life.startswith("Retired. Nobody <b>acts</b> on it. ")
    drawn = html(layout.draw(page))
    assert "Retired." in drawn
    assert "<b>acts" not in drawn


@pytest.mark.parametrize("kpi", ["won_revenue"])
def test_of_one_that_nobody_moved_nothing_is_said(place, executive, kpi):
    assert place.page(executive, KpiKey(kpi)).life == ""
