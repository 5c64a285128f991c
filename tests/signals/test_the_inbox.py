"""The inbox: told once, one's own, within one's reach, put off and acknowledged."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi_engine.definitions.kinds import KpiKey
from portal.errors import UnknownNameError
from portal.models import inbox as questions
from portal.models.inbox import Kind
from portal.models.observations import ScopeKind
from portal.models.rosters import RosterMember, RosterTeam
from portal.readmodels.cards import Tone
from portal.services import inbox, inbox_marks, inbox_page
from portal.services.digest_times import Until
from portal.services.inbox_marks import NoItemError
from portal.services.numbers import TENANT, Who
from tests.signals.conftest import NOW, later


@pytest.fixture
def session(database, ann):
    with database.session(ann.tenant) as opened:
        yield opened


@pytest.fixture
def page(database):
    """What a person's inbox shows."""

    def read(actor, now=NOW, **query):
        with database.session(actor.tenant) as opened:
            return inbox_page.read(opened, actor, now, query, "csrf")

    return read


def subjects(shown):
    return [row.subject for day in shown.days for row in day.items]


def id_of(session, actor):
    (row,) = session.scalars(questions.of_person(actor.person, NOW - timedelta(days=9), 9))
    return str(row.id)


def test_what_is_told_twice_is_there_once_as_it_was_said_first(tell, page, ann):
    assert tell(ann) == 1
    assert tell(ann, subject="In other words") == 0
    assert subjects(page(ann)) == ["Win rate: now off target"]


def test_the_same_slot_is_told_to_each_person(tell, add, ann):
    other = add("Bob Example")
    assert tell(ann) == tell(other) == 1


def test_nothing_to_tell_asks_nothing(session):
    assert inbox.post(session, []) == 0


def test_a_subject_is_one_line_and_not_too_long(tell, page, ann):
    tell(ann, subject="Win\r\nrate \x00\u202e" + "x" * 400)
    (subject,) = subjects(page(ann))
    assert subject.startswith("Win rate x")
    assert len(subject) == questions.LONGEST_SUBJECT
    assert subject.isprintable()


def test_a_figure_stays_tied_to_its_unit(tell, page, ann):
    tell(ann, subject="Win rate 22.6\N{NO-BREAK SPACE}%")
    assert subjects(page(ann)) == ["Win rate 22.6\N{NO-BREAK SPACE}%"]


@pytest.mark.parametrize("href", ["https://evil.example", "//evil.example", "/\\evil", "kpis", ""])
def test_an_item_leads_nowhere_but_into_the_portal(database, tell, ann, href):
    with pytest.raises(Exception, match="ck_inbox_item_href"):
        tell(ann, href=href)


def test_an_items_number_is_unread_until_it_is_followed(session, tell, ann):
    tell(ann)
    assert inbox.unread(session, ann, NOW) == 1
    assert inbox_marks.follow(session, ann, id_of(session, ann), NOW) == "/kpis/win_rate"
    session.flush()
    assert inbox.unread(session, ann, NOW) == 0


def test_what_is_acknowledged_waits_no_more_and_keeps_its_first_moment(database, tell, ann, page):
    tell(ann)
    with database.session(ann.tenant) as session:
        item = id_of(session, ann)
        inbox_marks.acknowledge(session, ann, item, NOW)
        inbox_marks.acknowledge(session, ann, item, later(days=1))
    assert subjects(page(ann)) == []
    (row,) = page(ann, show="all").days[0].items
    assert row.standing.startswith("Acknowledged")
    assert "23 Nov" in row.standing.replace("\xa0", " ")
    assert not row.acknowledge


def test_what_is_put_off_comes_back_unread(database, tell, ann, page):
    tell(ann)
    with database.session(ann.tenant) as session:
        item = id_of(session, ann)
        inbox_marks.follow(session, ann, item, NOW)
        inbox_marks.snooze(session, ann, item, Until.TOMORROW, NOW)
        session.flush()
        assert inbox.unread(session, ann, NOW) == 0
        assert inbox.unread(session, ann, later(days=1)) == 1
    assert subjects(page(ann)) == []
    assert subjects(page(ann, show="later")) == ["Win rate: now off target"]
    assert subjects(page(ann, later(days=1), show="unread")) == ["Win rate: now off target"]


def test_all_is_read_but_what_is_put_off(session, tell, ann):
    tell(ann)
    inbox_marks.snooze(session, ann, id_of(session, ann), Until.WEEK, NOW)
    for slot in ("s2", "s3"):
        tell(ann, slot)
    assert inbox_marks.read_all(session, ann, NOW) == 2
    session.flush()
    assert inbox.unread(session, ann, NOW) == 0
    assert inbox.unread(session, ann, later(days=8)) == 1


@pytest.mark.parametrize("mark", ["follow", "acknowledge"])
@pytest.mark.parametrize("whose", ["another's", "nobody's", "no id"])
def test_another_persons_item_is_told_like_one_that_there_is_not(session, tell, add, mark, whose):
    bob, eve = add("Bob"), add("Eve")
    tell(bob)
    item = {"another's": id_of(session, bob), "nobody's": str(uuid.uuid4()), "no id": "1 OR 1=1"}
    with pytest.raises(NoItemError):
        getattr(inbox_marks, mark)(session, eve, item[whose], NOW)


def test_another_tenants_item_is_told_like_one_that_there_is_not(
    database, session, tell, add, ann, new_tenant
):
    stranger = add("Sid", key=new_tenant())
    tell(stranger)
    with database.session(stranger.tenant) as theirs:
        item = id_of(theirs, stranger)
    with pytest.raises(NoItemError):
        inbox_marks.follow(session, ann, item, NOW)


def test_who_looks_as_somebody_else_marks_nothing(session, tell, add, ann):
    tell(ann)
    admin = replace(ann, viewed_by=uuid.uuid4())
    inbox_marks.follow(session, admin, id_of(session, ann), NOW)
    assert inbox.unread(session, ann, NOW) == 1


@pytest.fixture
def lea(database, add):
    """The leader of a team."""
    leader = add("Lea", "leader", crm_user_id="lea", team_id="north")
    with database.session(leader.tenant) as session:
        for team in ("north", "south"):
            session.add(RosterTeam(key=f"crm\x1f{team}", id=team, name=team.capitalize()))
        session.add(
            RosterMember(key="crm\x1flea", id="lea", name="Lea", team="crm\x1fnorth", active=True)
        )
    return leader


def test_what_is_not_within_ones_reach_is_neither_shown_nor_counted(database, tell, lea, page):
    mine, theirs = (Who(ScopeKind.TEAM, f"crm\x1f{team}") for team in ("north", "south"))
    tell(lea, "mine", "Mine", who=mine)
    tell(lea, "theirs", "Theirs", who=theirs)
    tell(lea, "whole", "Whole", who=TENANT)
    tell(lea, "none", "No number", kind=Kind.REVIEW)
    assert sorted(subjects(page(lea))) == ["Mine", "No number"]
    with database.session(lea.tenant) as session:
        assert inbox.unread(session, lea, NOW) == 2
        rows = {
            row.subject: str(row.id)
            for row in session.scalars(questions.of_person(lea.person, NOW, 9))
        }
        with pytest.raises(NoItemError):
            inbox_marks.follow(session, lea, rows["Theirs"], NOW)


def test_the_worst_of_what_came_together_stands_first(tell, ann, page):
    for tone in (Tone.GOOD, Tone.BAD, Tone.WATCH):
        tell(ann, tone.value, tone.value, tone=tone)
    assert subjects(page(ann)) == ["bad", "watch", "good"]


def test_items_stand_under_the_day_of_the_readers_own_clock(tell, ann, page):
    tell(ann, "old", "Yesterday's", at=later(days=-1))
    tell(ann, "new", "Today's")
    assert [day.name.partition(",")[0] for day in page(ann).days] == ["Today", "Yesterday"]


def test_a_kind_may_be_asked_for(tell, ann, page):
    tell(ann, "a", "A status")
    tell(ann, "b", "A review", kind=Kind.REVIEW)
    assert subjects(page(ann, kind="review")) == ["A review"]
    for wrong in ({"kind": "nothing"}, {"show": "nothing"}):
        with pytest.raises(UnknownNameError):
            page(ann, **wrong)


def test_how_many_alerts_were_acted_on_is_told_by_alert_and_not_by_person(session, tell, add, ann):
    kpi, bob = KpiKey("win_rate"), add("Bob")
    for slot in ("october", "november"):
        for actor in (ann, bob):
            tell(actor, slot, kpi=kpi)
    tell(ann, "review", kind=Kind.REVIEW, kpi=kpi)
    day, after = date(2026, 11, 23), date(2026, 11, 24)
    assert inbox.acted_on(session, kpi, day, after) == (0, 2)
    (row, *_) = session.scalars(questions.of_person(bob.person, NOW, 9))
    inbox_marks.acknowledge(session, bob, str(row.id), NOW)
    session.flush()
    assert inbox.acted_on(session, kpi, day, after) == (1, 2)
    assert inbox.acted_on(session, kpi, after, after + timedelta(days=9)) == (0, 0)


@pytest.mark.parametrize("day", range(7))
def test_each_moment_to_put_an_item_off_to_is_offered_once_on_every_day_of_the_week(
    tell, page, ann, day
):
    tell(ann)
    shown = page(ann, NOW + timedelta(days=day))
    (row,) = [row for one in shown.days for row in one.items]
    moments = [later.when for later in row.later]
    assert len(moments) == len(set(moments)) >= 2
