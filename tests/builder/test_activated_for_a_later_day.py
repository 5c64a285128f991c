"""An activation for a future day: the old definition until then, the new one on it, once."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from layouts.html_text import html
from layouts.pages import definition_history as history_layout
from layouts.pages import proposals as layout
from portal.errors import BadInputError, DeniedError
from portal.jobs import activating
from portal.jobs.jobs import JOBS, go_round
from portal.jobs.room import Room
from portal.models.audit import newest
from portal.models.inbox import of_person
from portal.security.roles import Role
from portal.services import (
    activations,
    activations_ahead,
    definition_history,
    job_runs,
    lifecycles,
    proposal_page,
    proposals,
    refreshing,
)
from portal.services.auditing import Trace
from portal.services.kpi_page import read as read_kpi
from portal.services.lifecycles import LifeState
from portal.services.office import Office
from portal.services.proposal_refusals import REFUSALS
from portal.services.proposals import ProposalState
from portal.tenancy.keys import TenantKey
from tests.builder.conftest import WON, Bench
from tests.builder.test_proposing_and_activating import changed, named
from tests.kpi_page.conftest import NOW
from tests.kpis.company import COMPANY

pytestmark = pytest.mark.slow

DAY = date(2017, 5, 15)
SAID = "15\N{NO-BREAK SPACE}May\N{NO-BREAK SPACE}2017"
ON_THE_DAY = datetime(2017, 5, 15, 0, 1, tzinfo=UTC)
LONG_AGO = datetime(2017, 1, 1, tzinfo=UTC)
ACTIVATE = next(job for job in JOBS if job.name == "activate")


@pytest.fixture
def office(desk, database, workshop) -> Bench:
    """A company of its own, whose numbers are not made yet."""
    tenant = TenantKey(desk.tenant("--currency", "EUR"))
    desk.bring(tenant, COMPANY, "--as-of", "2017-05-10T12:00:00Z")
    return Bench(tenant, database, workshop)


@pytest.fixture
def refreshed(office, workshop) -> Bench:
    """The same company, refreshed up to May 2017."""
    refreshing.refresh(workshop, office.tenant, NOW, back=6)
    return office


@pytest.fixture
def boss(office):
    return office.actor(Role.ANALYST)


@pytest.fixture
def wisher(office):
    return office.actor(Role.EXECUTIVE)


def plan(office, analyst, proposal, day=DAY, note=""):
    with office.at(analyst) as at:
        return activations_ahead.plan(at, str(proposal.id), day, note, Trace(NOW))


def change_of_won_deals(office, wisher):
    sent = changed(office, wisher, "won_deals", a_f0_ask="one_of", a_f0_value="won; lost")
    return office.propose(wisher, sent, "won_deals")


def room_of(office, tmp_path, now):
    home = tmp_path / uuid.uuid4().hex
    return Room(
        office.workshop, Office(office.database, office.workshop.store, home, lambda: now), home
    )


def go(office, tmp_path, monkeypatch, now):
    monkeypatch.setattr("portal.tenancy.database.Database.tenants", lambda _: (office.tenant,))
    return go_round(room_of(office, tmp_path, now), ACTIVATE)


def state_of(office, actor, proposal):
    with office.at(actor) as at:
        return proposals.one(at.session, str(proposal.id))


def told(office, actor):
    with office.database.session(office.tenant) as session:
        return [item.subject for item in session.scalars(of_person(actor.person, LONG_AGO, 50))]


def versions(office, actor, key):
    with office.at(actor) as at:
        return [card.name for card in definition_history.read(at, key, {}).versions]


@pytest.mark.usefixtures("refreshed")
def test_on_its_day_the_scheduler_activates_it_once_and_its_numbers_follow(
    office, boss, wisher, tmp_path, monkeypatch
):
    made = office.propose(wisher, named("Won for the journey"))
    plan(office, boss, made, note="From the fifteenth.")
    before = ON_THE_DAY - timedelta(minutes=2)
    assert go(office, tmp_path, monkeypatch, before) == 0
    assert state_of(office, boss, made).state is ProposalState.PENDING
    assert go(office, tmp_path, monkeypatch, ON_THE_DAY) == 1
    assert go(office, tmp_path, monkeypatch, ON_THE_DAY + timedelta(hours=1)) == 0
    found = state_of(office, boss, made)
    assert (found.state, found.version, found.day) == (ProposalState.ACTIVATED, 1, DAY)
    with office.at(wisher) as at:
        page = read_kpi(office.workshop, at, made.key, {"period": "2017-03"})
        assert page.cells[0].value == "2"
        (run,) = [one for one in job_runs.newest(at.session) if one.job == "activate"]
        assert "version 1 holds" in (run.said or "")
        assert lifecycles.lives(at.session)[made.key].state is LifeState.ACTIVE
    assert told(office, wisher)[0] == "Won for the journey is active"
    assert f"Won for the journey holds from {SAID}" in told(office, wisher)


def test_a_scheduler_that_was_down_on_the_day_makes_up_for_it(
    office, boss, wisher, tmp_path, monkeypatch
):
    made = change_of_won_deals(office, wisher)
    plan(office, boss, made)
    later = ON_THE_DAY + timedelta(days=3)
    assert go(office, tmp_path, monkeypatch, later) == 1
    assert go(office, tmp_path, monkeypatch, later) == 0
    with office.database.session(office.tenant) as session:
        (version,) = session.scalars(activations.versions_of("won_deals"))
        assert version.effective_from == later.date()


@pytest.mark.usefixtures("refreshed")
def test_a_refresh_that_comes_first_activates_it_and_leaves_nothing_to_the_scheduler(
    office, boss, wisher, tmp_path, monkeypatch
):
    made = change_of_won_deals(office, wisher)
    plan(office, boss, made)
    done = refreshing.refresh(office.workshop, office.tenant, ON_THE_DAY, back=6)
    assert done.restated
    assert versions(office, boss, "won_deals") == ["Version 1", "As it ships"]
    assert go(office, tmp_path, monkeypatch, ON_THE_DAY) == 0
    late = activating.work(
        room_of(office, tmp_path, ON_THE_DAY), office.tenant, f"2017-05-15 won_deals {made.id}"
    )
    assert late == "activated by a refresh already."
    assert versions(office, boss, "won_deals") == ["Version 1", "As it ships"]


@pytest.mark.parametrize(
    ("zone", "last", "first"),
    [
        ("Pacific/Auckland", (14, 11, 59), (14, 12, 0)),
        ("America/New_York", (15, 3, 59), (15, 4, 0)),
    ],
)
def test_its_day_begins_in_the_zone_of_the_company(desk, database, workshop, zone, last, first):
    tenant = TenantKey(desk.tenant("--timezone", zone))
    place = Bench(tenant, database, workshop)
    analyst = place.actor(Role.ANALYST)
    made = place.propose(place.actor(Role.OWNER), WON)
    plan(place, analyst, made)
    for at, there in ((last, 0), (first, 1)):
        now = datetime(2017, 5, *at, tzinfo=UTC)
        assert len(activations_ahead.due(database, tenant, now)) == there
        taken = activations_ahead.take_hold(database, tenant, made.id, now)
        assert (taken is not None) is bool(there)


def test_it_is_called_back_before_its_day_with_a_reason_and_never_after(office, boss, wisher):
    made = change_of_won_deals(office, wisher)
    plan(office, boss, made)
    with office.at(boss) as at, pytest.raises(BadInputError, match="Say why"):
        activations_ahead.call_back(at, str(made.id), "  ", Trace(NOW))
    with office.at(wisher) as at, pytest.raises(DeniedError):
        activations_ahead.call_back(at, str(made.id), "No.", Trace(NOW))
    with office.at(boss) as at:
        activations_ahead.call_back(at, str(made.id), "The board was not asked.", Trace(NOW))
    assert activations_ahead.due(office.database, office.tenant, ON_THE_DAY) == ()
    refreshing.refresh(office.workshop, office.tenant, ON_THE_DAY, back=6)
    assert versions(office, boss, "won_deals") == ["As it ships"]
    assert f"Won deals does not change on {SAID}" in told(office, wisher)
    with office.at(boss) as at:
        (event,) = [e for e in at.session.scalars(newest(9)) if e.event.endswith("called_back")]
        assert event.detail["why"] == "The board was not asked."
    with office.at(wisher) as at:
        page = proposal_page.read_one(office.workshop, at, str(made.id), {})
        assert ("Why not", "The board was not asked.") in page.told
        assert page.decide.mend
        assert proposals.mend(at, str(made.id))
    with office.at(boss) as at, pytest.raises(BadInputError, match="decided"):
        activations_ahead.call_back(at, str(made.id), "Again.", Trace(NOW))


def test_of_a_kpi_that_is_new_nobody_is_told_of_a_definition_before(office, boss, wisher):
    made = office.propose(wisher, named("New in December"))
    plan(office, boss, made)
    with office.at(boss) as at:
        activations_ahead.call_back(at, str(made.id), "Not yet.", Trace(NOW))
    with office.database.session(office.tenant) as session:
        items = session.scalars(of_person(wisher.person, LONG_AGO, 50)).all()
    assert f"New in December does not come into use on {SAID}" in {one.subject for one in items}
    assert not [one.body for one in items if "definition before" in one.body]


def test_on_its_day_it_is_not_called_back_any_more(office, boss, wisher):
    made = change_of_won_deals(office, wisher)
    plan(office, boss, made)
    with office.at(boss) as at:
        late = activations_ahead.replace(at, today=DAY)
        with pytest.raises(BadInputError) as refused:
            activations_ahead.call_back(late, str(made.id), "Too late.", Trace(NOW))
    assert str(refused.value) == REFUSALS["begun"]


@pytest.mark.parametrize("at_once", [True, False])
def test_of_two_for_one_kpi_the_later_is_refused_with_a_sentence(office, boss, wisher, at_once):
    plan(office, boss, change_of_won_deals(office, wisher))
    second = change_of_won_deals(office, wisher)
    day = NOW.date() if at_once else DAY + timedelta(days=9)
    with office.at(boss) as at, pytest.raises(BadInputError) as refused:
        activations_ahead.decide(at, str(second.id), day, "", Trace(NOW))
    assert str(refused.value) == REFUSALS["ahead"]
    with office.at(boss) as at:
        page = proposal_page.read_one(office.workshop, at, str(second.id), {})
    assert page.decide.why_not == REFUSALS["ahead"]


@pytest.mark.parametrize("given", ["2017-05-09", "2018-06-01", "soon", "2017-13-01", "9" * 40])
def test_a_day_that_is_none_is_past_or_is_too_far_is_refused(office, boss, given):
    with office.at(boss) as at, pytest.raises(BadInputError) as refused:
        activations_ahead.day_asked(at, given)
    assert str(refused.value) == REFUSALS["day"]


def test_only_an_analyst_names_a_day_and_not_for_their_own(office, boss, wisher):
    office.actor(Role.ANALYST, "second")
    own = office.propose(boss, named("Their own"))
    for actor, proposal in ((wisher, own), (boss, own)):
        with pytest.raises(DeniedError):
            plan(office, actor, proposal)


def test_the_list_and_the_history_say_from_when_and_by_whom(office, boss, wisher):
    made = change_of_won_deals(office, wisher)
    plan(office, boss, made, note="After the fair.")
    with office.at(wisher) as at:
        page = proposal_page.read_all(at, {})
        history = definition_history.read(at, "won_deals", {})
        one = proposal_page.read_one(office.workshop, at, str(made.id), {})
    (row,) = page.ahead
    name = state_of(office, boss, made).decided_by
    assert row.outcome == f"from {SAID}, activated by {name}: After the fair."
    assert made.id not in {row.href.rpartition("/")[2] for row in (*page.waiting, *page.decided)}
    assert "Awaiting their day" in html(layout.draw_all(page))
    assert history.ahead is not None
    told_there = f"From {SAID} another definition holds, activated by {name}."
    assert told_there in html(history_layout.draw_history(history))
    assert ("Holds from", f"{SAID}") in one.told
    assert one.impact is not None
    assert one.decide.call_back == ""


@pytest.mark.usefixtures("refreshed")
def test_observed_numbers_before_its_day_stay_untouched(office, boss, wisher):
    made = change_of_won_deals(office, wisher)
    plan(office, boss, made)
    day_before = ON_THE_DAY - timedelta(minutes=2)
    done = refreshing.refresh(office.workshop, office.tenant, day_before, back=6)
    assert done.restated == 0
