"""A person's scorecard shows what has a target for them, and folds the rest, with its number."""

from datetime import date

import pytest

from layouts.pages import scorecard as page
from portal.models.observations import ScopeKind
from portal.security.roles import Role
from portal.services import exports, scorecards, targets
from portal.services.desks import open_desk
from portal.services.numbers import TENANT, Who
from portal.services.targets import Slot, Target
from tests.pages.test_the_scorecard import AUTHOR, NOW, actor, add, html, teams

KPIS = ("win_rate", "average_deal_size", "renewal_rate", "gross_revenue_retention")


@pytest.fixture
def session(tenant, tenant_session):
    with tenant_session(tenant) as session:
        yield session


def made(session, whose, who):
    """Return the scorecard of somebody who has numbers of four KPIs in all three goals."""
    teams(session)
    for key in KPIS:
        add(session, date(2017, 1, 1), 0.5, kpi=key, scope_kind=whose.kind, scope_id=whose.id)
    return open_desk(session, who, NOW)


def aim(session, desk, whose, key):
    period = desk.calendar.holding(date(2017, 1, 1), scorecards.Grain.QUARTER)
    kpi = desk.catalogue[key]
    targets.put(session, kpi, Slot(kpi.key, period, whose), Target(0.25), AUTHOR, NOW)


ANN = Who(ScopeKind.OWNER, "crm\x1f1")


def test_what_has_no_target_for_a_person_is_folded_and_counted(session):
    desk = made(session, ANN, actor(session.tenant, Role.REP, crm_user_id="1"))
    aim(session, desk, ANN, "win_rate")
    card = scorecards.read(desk, {})
    first, *rest = card.sections
    assert [line.key for line in first.shown] == ["win_rate"]
    assert [line.key for line in first.folded] == ["average_deal_size"]
    assert first.folds == "1 KPI without a target for Ann"
    assert [section.shown for section in rest] == [(), ()]
    drawn = html(page.draw(card))
    assert drawn.count("without a target for Ann") >= 3
    assert "Average deal size" in drawn


def test_a_goal_with_something_to_be_judged_by_stands_before_those_without(session):
    desk = made(session, ANN, actor(session.tenant, Role.REP, crm_user_id="1"))
    aim(session, desk, ANN, "renewal_rate")
    card = scorecards.read(desk, {})
    assert card.sections[0].lines[0].key == "renewal_rate"


def test_files_tell_the_folded_lines_too(session):
    desk = made(session, ANN, actor(session.tenant, Role.REP, crm_user_id="1"))
    aim(session, desk, ANN, "win_rate")
    rows = exports.sheet_of(scorecards.read(desk, {}), "Made up").rows
    assert len(rows) == len(KPIS)


def test_nothing_is_folded_where_nobody_set_this_person_a_target(session):
    desk = made(session, ANN, actor(session.tenant, Role.REP, crm_user_id="1"))
    assert {section.folds for section in scorecards.read(desk, {}).sections} == {""}


def test_a_company_keeps_its_missing_targets_in_sight(session):
    desk = made(session, TENANT, actor(session.tenant, Role.EXECUTIVE))
    aim(session, desk, TENANT, "win_rate")
    assert {section.folds for section in scorecards.read(desk, {}).sections} == {""}
