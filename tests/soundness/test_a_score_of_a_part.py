"""A goal has a score only where more than half of its weight has one, and says on how much."""

from dataclasses import replace
from datetime import date

import pytest

from layouts.pages import company as home_page
from layouts.pages import scorecard as page
from portal.readmodels.cards import Status, Tone
from portal.security.roles import Role
from portal.services import exports, goal_panels, scorecards, targets
from portal.services.desks import open_desk
from portal.services.goal_scores import Weighed, roll_up
from portal.services.numbers import TENANT
from portal.services.targets import Slot, Target
from tests.pages.test_the_scorecard import AUTHOR, NOW, actor, add, html

CALM = Status(Tone.NEUTRAL, "Made up")


@pytest.fixture
def session(tenant, tenant_session):
    with tenant_session(tenant) as session:
        yield session


def scored(session, *kpis):
    """Return the scorecard of a company with these KPIs at twice their targets."""
    desk = open_desk(session, actor(session.tenant, Role.EXECUTIVE), NOW)
    period = desk.calendar.holding(date(2017, 1, 1), scorecards.Grain.QUARTER)
    for key in kpis:
        add(session, date(2017, 1, 1), 0.5, kpi=key)
        slot = Slot(desk.catalogue[key].key, period, TENANT)
        targets.put(session, desk.catalogue[key], slot, Target(0.25), AUTHOR, NOW)
    return scorecards.read(desk, {})


def test_two_scored_kpis_of_six_with_half_of_the_weight_make_no_score_of_the_goal():
    found = roll_up(
        [Weighed(10.0, 20), Weighed(10.0, 30), *[Weighed(None, w) for w in (15, 10, 10, 15)]]
    )
    assert found.score is None
    assert found.covered == ""
    assert found.standing.startswith("Only 2 of 6 KPIs have a score, 50\u00a0% of the weight")


def test_a_score_of_more_than_half_of_the_weight_says_on_how_much_it_stands():
    found = roll_up([Weighed(10.0, 55), Weighed(None, 45)])
    assert found.score == pytest.approx(10.0)
    assert found.covered == "on 55\u00a0% of the weight"
    assert roll_up([Weighed(4.0, 55), Weighed(6.0, 45)]).covered == ""


def test_no_page_and_no_file_shows_the_score_of_a_small_part_as_the_goal_s(session):
    card = scored(session, "win_rate")
    (section,) = card.sections
    assert section.lines[0].score == "10.0"
    assert (section.score, section.scored, section.status) == ("", None, None)
    assert "No score" in html(page.draw(card))
    sheet = exports.sheet_of(card, "Made up")
    assert not [line for line in sheet.about if "10.0 of 10" in line]
    assert [line for line in sheet.about if "no score; Only 1 of 6" in line]
    (panel,) = goal_panels.panels(card, "/scorecard")
    assert (panel.score, panel.calm) == ("", "Nothing is off target.")


def test_beside_a_score_of_a_part_stands_on_how_much_of_the_weight(session):
    card = scored(session, "win_rate", "won_revenue", "average_deal_size")
    (section,) = card.sections
    assert section.score == "10.0"
    assert "on 65\u00a0% of the weight" in html(page.draw(card))
    (panel,) = goal_panels.panels(card, "/scorecard")
    assert panel.partial
    lowest = min((line for line in section.lines if line.scored is not None), key=_scored)
    assert panel.nearest is not None
    assert panel.nearest.name == lowest.name
    assert "gl-part" in html(home_page._goal(panel))


def test_what_has_no_target_is_named_where_nothing_is_off(session):
    (section,) = scored(session, "win_rate", "won_revenue", "average_deal_size").sections
    bare = replace(section.lines[0], target="", scored=None, status=CALM)
    lines = (bare, *(replace(line, target="1", status=CALM) for line in section.lines[1:]))
    panel = goal_panels._panel(replace(section, lines=lines), "/scorecard")
    assert panel.calm == f"Nothing is off target; {bare.name} has no target."
    assert panel.nearest is not None
    assert panel.nearest.name != bare.name


def _scored(line):
    return line.scored
