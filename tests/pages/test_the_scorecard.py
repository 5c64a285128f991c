"""The scorecard shows what is known, by target and reach; what is missing says why."""

import uuid
from datetime import UTC, date, datetime

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.errors import KpiError
from layouts.html_text import html
from layouts.pages import scorecard as page
from portal.errors import BadInputError
from portal.models import Observation
from portal.models.people import Person
from portal.models.rosters import RosterMember, RosterTeam
from portal.readmodels.cards import Tone
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import executive_home, journey, scorecards, target_page, targets
from portal.services.desks import NoReachError, open_desk
from portal.services.numbers import TENANT
from portal.services.target_page import Typed
from portal.services.targets import Author, Slot, Target
from tests.exports.made import HOSTILE, card, line

NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)
AUTHOR = Author("Eve Stone")


def actor(tenant, *roles, **more) -> Actor:
    return Actor(tenant, uuid.uuid4(), "eve@x.example", "Eve Stone", frozenset(roles), **more)


def add(session, start: date, value: float | None, **more) -> uuid.UUID:
    month = start.month + 3
    end = date(start.year + (month > 12), (month - 1) % 12 + 1, 1)
    key = uuid.uuid4()
    row = {
        "id": key,
        "kpi": "win_rate",
        "grain": "quarter",
        "period_start": start,
        "period_end": end,
        "scope_kind": "tenant",
        "scope_id": "",
        "revision": 1,
        "kind": "first",
        "value": value,
        "over_value": None if value is None else value * 100,
        "under_value": 100.0,
        "n": 100,
        "state": "final" if value is not None else "absent",
        "reason": None if value is not None else "the denominator is 0",
        "definition": "0" * 12,
        "version": 1,
        "known_at": NOW,
        "observed_at": NOW,
        "supersedes": None,
        "cause": None,
    }
    session.add_rows(Observation, [{**row, **more}])
    return key


@pytest.fixture
def session(tenant, tenant_session):
    with tenant_session(tenant) as session:
        yield session


@pytest.fixture
def numbers(session):
    """Win rates of four quarters: 30, 28, none, 25 %."""
    for month, value in ((4, 0.30), (7, 0.28), (10, None)):
        add(session, date(2016, month, 1), value)
    first = add(session, date(2017, 1, 1), 0.25)
    return session, first


def read(session, who, query=None):
    return scorecards.read(open_desk(session, who, NOW), query or {})


def executive(session) -> Actor:
    return actor(session.tenant, Role.EXECUTIVE)


def test_a_tenant_without_numbers_says_what_comes_next(session):
    found = read(session, executive(session))
    assert found.empty is not None
    assert found.empty.href == "/imports"
    assert "No numbers yet" in html(page.draw(found))
    desk = open_desk(session, executive(session), NOW)
    assert executive_home.read(desk, {}).empty is not None
    assert journey.read(desk, {}).empty is not None


def test_a_kpi_has_its_number_target_status_and_score(numbers):
    session, _ = numbers
    desk = open_desk(session, executive(session), NOW)
    kpi = desk.catalogue["win_rate"]
    period = desk.calendar.holding(date(2017, 1, 1), scorecards.Grain.QUARTER)
    targets.put(session, kpi, Slot(kpi.key, period, TENANT), Target(0.30), AUTHOR, NOW)
    found = scorecards.read(desk, {})
    (section,) = found.sections
    (one,) = section.lines
    assert one.cells[-1].text == "25.0"
    assert one.numbers[-1] == 0.25
    assert one.target == "30.0"
    assert one.status.tone is Tone.BAD
    assert one.cells[-1].level == 0
    assert one.cells[-2].text == "none"
    assert "nothing to divide by" in one.cells[-2].title
    assert section.standing.startswith("Only 1 of 6 KPIs has a score")
    assert found.finding is not None
    assert found.finding.href.startswith("/kpis/win_rate")


def test_a_restated_number_stays_frozen_until_asked_as_known_now(numbers):
    session, first = numbers
    again = {"revision": 2, "kind": "restatement", "supersedes": first, "cause": {"load": 2}}
    add(session, date(2017, 1, 1), 0.21, **again)
    (section,) = read(session, executive(session)).sections
    assert section.lines[0].cells[-1].text == "25.0"
    assert "now 21.0" in section.lines[0].restated
    (section,) = read(session, executive(session), {"numbers": "now"}).sections
    assert section.lines[0].cells[-1].text == "21.0"
    assert section.lines[0].restated == ""


@pytest.mark.parametrize(
    "query",
    [
        {"grain": "decade"},
        {"period": "nonsense"},
        {"period": "2031-Q1"},
        {"show": "everything"},
        {"numbers": "mine"},
        {"team": "nobody"},
        {"period": "9999-Q9"},
        {"grain": "<script>"},
    ],
)
def test_an_address_that_means_nothing_is_refused_in_a_sentence(numbers, query):
    session, _ = numbers
    with pytest.raises((BadInputError, NoReachError)) as refused:
        read(session, executive(session), query)
    assert str(refused.value).endswith((".", "?"))


def teams(session) -> None:
    told = {"parent": None, "region": None, "manager": None}
    session.add_rows(
        RosterTeam,
        [
            {"key": "crm\x1fa", "id": "a", "name": "South", **told},
            {"key": "crm\x1fb", "id": "b", "name": "North", **told},
        ],
    )
    session.add_rows(
        RosterMember,
        [{"key": "crm\x1f1", "id": "1", "name": "Ann", "team": "crm\x1fa", "active": True}],
    )


def test_a_leader_sees_the_own_team_and_no_other(numbers):
    session, _ = numbers
    teams(session)
    add(session, date(2017, 1, 1), 0.5, scope_kind="team", scope_id="crm\x1fa")
    add(session, date(2017, 1, 1), 0.99, scope_kind="team", scope_id="crm\x1fb")
    leader = actor(session.tenant, Role.LEADER, team_id="a")
    found = read(session, leader)
    assert found.scope == "South"
    assert [one.cells[-1].text for one in found.sections[0].lines] == ["50.0"]
    with pytest.raises(NoReachError):
        read(session, leader, {"team": "b"})
    assert [menu.name for menu in found.head.menus] == ["KPIs", "Grain", "Period", "Numbers"]


def test_a_number_leads_to_itself_whatever_more_of_the_kpi_is_open(numbers):
    """Who answers for a KPI of the company sees all of it, and was led there from their own."""
    session, _ = numbers
    teams(session)
    add(session, date(2017, 1, 1), 0.5, scope_kind="team", scope_id="crm\x1fa")
    add(session, date(2017, 1, 1), 0.4, scope_kind="owner", scope_id="crm\x1f1")
    own = read(session, actor(session.tenant, Role.REP, crm_user_id="1"))
    team = read(session, actor(session.tenant, Role.LEADER, team_id="a"))
    company = read(session, executive(session))
    for found, whose in ((own, "owner=1"), (team, "team=a")):
        (line,) = found.sections[0].lines
        assert {whose in href for href in (line.href, line.cells[-1].href)} == {True}
    assert "team=" not in company.sections[0].lines[0].href


def test_who_is_tied_to_nobody_sees_no_number(numbers):
    session, _ = numbers
    with pytest.raises(NoReachError):
        read(session, actor(session.tenant, Role.REP))
    with pytest.raises(NoReachError):
        read(session, actor(session.tenant, Role.LEADER))


def test_a_kpi_is_never_told_finer_than_its_cadence(numbers):
    session, _ = numbers
    found = read(session, executive(session), {"grain": "month"})
    assert "Upsell rate" in found.coarser


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_page_is_markup(text):
    drawn = html(page.draw(card(line(text, cause=text, owner=text, restated=text), name=text)))
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert "<link" not in drawn


def test_a_target_that_is_set_stands_on_the_page_with_who_and_why(numbers):
    session, _ = numbers
    who = executive(session)
    session.add(
        Person(id=who.person, email=who.email, name=who.name, roles=["executive"], created_at=NOW)
    )
    session.flush()
    desk = open_desk(session, who, NOW)
    query = {"period": "2017-Q1", "kpi": "win_rate"}
    said = target_page.put(desk, query, Typed("win_rate", "27.5 %", note="The plan"))
    assert said == "Saved. Win rate, Q1\u00a02017, Whole company: target 27.5\u00a0%."
    found = target_page.read(desk, query)
    (row,) = [row for row in found.rows if row.name == "Win rate"]
    assert (row.target, row.note) == ("27.5\u00a0%", "The plan")
    assert row.set_by.startswith("Eve Stone")
    assert found.form is not None
    assert found.form.value == "27.5"
    assert len(found.form.history) == 1
    assert "Nothing new" in target_page.put(desk, query, Typed("win_rate", "27.5", note="again"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (Typed("win_rate", "a lot"), "is not a figure"),
        (Typed("win_rate"), "Type a target"),
        (Typed("win_rate", "20", red="30"), "red, amber, target"),
        (Typed("nothing", "20"), "nothing"),
    ],
)
def test_a_target_that_does_not_fit_is_refused_and_changes_nothing(numbers, typed, said):
    session, _ = numbers
    desk = open_desk(session, executive(session), NOW)
    with pytest.raises((BadInputError, KpiError), match=said):
        target_page.put(desk, {"period": "2017-Q1"}, typed)
    period = desk.calendar.holding(date(2017, 1, 1), scorecards.Grain.QUARTER)
    assert targets.past(session, Slot(KpiKey("win_rate"), period, TENANT)) == ()


def test_a_leader_sets_no_target_of_another_team(numbers):
    session, _ = numbers
    teams(session)
    desk = open_desk(session, actor(session.tenant, Role.LEADER, team_id="a"), NOW)
    with pytest.raises(NoReachError):
        target_page.put(desk, {"team": "b"}, Typed("win_rate", "20"))
    rep = actor(session.tenant, Role.REP, crm_user_id="1")
    with pytest.raises(Exception, match="sets no targets"):
        target_page.put(open_desk(session, rep, NOW), {}, Typed("win_rate", "20"))
