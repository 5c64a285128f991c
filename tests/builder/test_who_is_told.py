"""Proposals come into the inboxes of those who decide them, and decisions of who proposed them."""

from datetime import UTC, datetime

import pytest

from layouts.html_text import html
from layouts.pages import inbox as layout
from portal.errors import DeniedError
from portal.models import proposals as questions
from portal.models.inbox import InboxItem, of_person
from portal.models.people import by_id
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import activations, inbox_page, people, proposal_news, proposals
from portal.services.auditing import Trace
from portal.services.people import NewPerson
from tests.builder.conftest import WON, Bench
from tests.kpi_page.conftest import NOW

LONG_AGO = datetime(2017, 5, 1, tzinfo=UTC)
XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture
def office(place, new_tenant) -> Bench:
    """A company of its own, in which nobody was told of anything yet."""
    return Bench(new_tenant(), place.database, place.workshop)


def told(office: Bench, actor: Actor) -> list[InboxItem]:
    """Return what somebody was told, the newest first."""
    with office.database.session(actor.tenant) as session:
        return list(session.scalars(of_person(actor.person, LONG_AGO, 50)))


def asked(office: Bench, actor: Actor, **other: str):
    return office.propose(actor, {**WON, **other})


def test_every_analyst_is_told_of_a_proposal_and_nobody_else(office):
    analysts = [office.actor(Role.ANALYST, str(at)) for at in (1, 2)]
    others = [office.actor(role) for role in Role if role is not Role.ANALYST]
    owner = office.actor(Role.OWNER)
    made = asked(office, owner)
    for analyst in analysts:
        (item,) = told(office, analyst)
        assert item.subject == "A new KPI waits for a decision: Deals we won"
        assert item.body.endswith(": Nobody counts them.")
        assert (item.kind, item.href) == ("definition", f"/kpis/proposals/{made.id}")
        assert (item.scope_kind, item.kpi) == (None, None)
    assert not any(told(office, one) for one in others)


def test_a_proposal_is_told_once_however_often_it_is_posted(office):
    analyst, owner = office.actor(Role.ANALYST), office.actor(Role.OWNER)
    made = asked(office, owner)
    with office.at(analyst) as desk:
        row = desk.session.scalars(questions.proposal_of(made.id)).one()
        assert proposal_news.proposed(desk, row) == 0
        activations.decline(desk, str(made.id), "No.", Trace(NOW))
        assert proposal_news.decided(desk, row) == 0
    assert (len(told(office, analyst)), len(told(office, owner))) == (1, 1)


def test_who_proposed_it_is_told_what_became_of_it(office):
    analyst, owner = office.actor(Role.ANALYST), office.actor(Role.OWNER)
    yes, no = asked(office, owner), asked(office, owner, name="Lost")
    with office.at(analyst) as desk:
        activations.activate(desk, str(yes.id), "Good idea.", Trace(NOW))
    with office.at(analyst) as desk:
        activations.decline(desk, str(no.id), "There is one.", Trace(NOW))
    found = {item.subject: item for item in told(office, owner)}
    assert set(found) == {"Deals we won is active", "Lost was declined"}
    active, declined = found["Deals we won is active"], found["Lost was declined"]
    assert (active.href, active.tone) == (f"/kpis/{yes.key}", "good")
    assert "Good idea." in active.body
    assert (declined.href, declined.tone) == (f"/kpis/proposals/{no.id}", "neutral")
    assert "There is one." in declined.body


def test_a_change_of_a_kpi_is_told_as_one(office):
    analyst, owner = office.actor(Role.ANALYST), office.actor(Role.OWNER)
    office.propose(owner, {**WON, "key": "won_deals", "name": "Won deals"}, "won_deals")
    assert told(office, analyst)[0].subject == "A change of Won deals waits for a decision"


def test_an_analyst_who_proposes_is_told_only_if_nobody_else_decides(office):
    first = office.actor(Role.ANALYST, "first")
    made = asked(office, first)
    assert len(told(office, first)) == 1
    with office.at(first) as desk:
        activations.activate(desk, str(made.id), "", Trace(NOW))
    assert len(told(office, first)) == 1
    second = office.actor(Role.ANALYST, "second")
    asked(office, first, name="Lost", a_f0_value="lost")
    assert (len(told(office, first)), len(told(office, second))) == (1, 1)


def test_who_may_not_look_at_it_any_more_is_told_nothing(office):
    gone, analyst = office.actor(Role.ANALYST, "gone"), office.actor(Role.ANALYST)
    owner = office.actor(Role.OWNER)
    with office.database.session(office.tenant) as session:
        session.scalars(by_id(gone.person)).one().disabled_at = NOW
    made = asked(office, owner)
    assert told(office, gone) == []
    with office.database.session(office.tenant) as session:
        session.scalars(by_id(owner.person)).one().roles = ["rep"]
    with office.at(analyst) as desk:
        activations.decline(desk, str(made.id), "No.", Trace(NOW))
    assert told(office, owner) == []


def test_what_is_refused_tells_nobody(office):
    analyst, owner = office.actor(Role.ANALYST), office.actor(Role.OWNER)
    made = asked(office, owner)
    with office.at(owner) as desk, pytest.raises(DeniedError):
        activations.decline(desk, str(made.id), "No.", Trace(NOW))
    with office.at(owner) as desk:
        proposals.withdraw(desk, str(made.id), Trace(NOW))
    assert len(told(office, analyst)) == 1
    assert told(office, owner) == []


def test_another_company_is_told_nothing(office, new_tenant):
    other = new_tenant()
    with office.database.session(other) as session:
        person = people.add(session, NewPerson("far@example.org", ("analyst",)), NOW).id
    stranger = Actor(other, person, "far@example.org", "", frozenset({Role.ANALYST}))
    asked(office, office.actor(Role.OWNER))
    assert told(office, stranger) == []


def test_what_was_typed_stays_text_in_the_inbox(office):
    analyst = office.actor(Role.ANALYST)
    asked(office, office.actor(Role.OWNER), name=f"Won {XSS}", key="won_xss", reason=f"Why {XSS}")
    (item,) = told(office, analyst)
    assert XSS in item.subject
    with office.database.session(office.tenant) as session:
        page = inbox_page.read(session, analyst, NOW, {}, "csrf")
    drawn = html(layout.draw(page))
    assert "waits for a decision" in drawn
    assert "<img" not in drawn
