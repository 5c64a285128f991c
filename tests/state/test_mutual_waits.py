"""Two who change the same at one moment wait one after the other, never for each other.

Each test stops both at the very place where they held one row and were about to take the next. A
wait at the barrier that breaks means that the other could not come so far, which is what is hoped.
"""

import uuid
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from sqlalchemy.exc import OperationalError

from portal.errors import BadInputError, LinkSpentError
from portal.models import inbox as inbox_questions
from portal.models import people as people_questions
from portal.models.inbox import Kind
from portal.security.roles import Role
from portal.services import administration, inbox, inbox_marks, password_links, people, signing_in
from portal.services.auditing import Trace
from portal.services.inbox import NewItem
from portal.services.people import NewPerson
from portal.tenancy.stopped import Stopped, stopped

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TRACE = Trace(NOW, "0123456789abcdef", "127.0.0.1")
_A_MOMENT = 1.0


@pytest.fixture
def add(database, tenant):
    """Add somebody; return them as who acts."""

    def make(*roles):
        new = NewPerson(f"{uuid.uuid4().hex[:8]}@example.org", roles, password="a long password")
        with database.session(tenant) as session:
            card = people.add(session, new, NOW)
            row = session.scalars(people_questions.by_id(card.id)).one()
            return signing_in.actor_of(tenant, row)

    return make


@contextmanager
def _both(*works):
    """Do two things at once, and yield what each ended in: None, or an error."""
    ended = [None, None]

    def go(place):
        try:
            works[place]()
        except Exception as error:  # noqa: BLE001 - told to the test
            ended[place] = error

    threads = [Thread(target=go, args=(place,)) for place in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    yield ended


def _met(monkeypatch, where, *names):
    """Let those who come to functions of a module meet there, if they can."""
    meeting = Barrier(2)

    def stopping(real):
        def stop(*args, **named):
            with suppress(BrokenBarrierError):
                meeting.wait(_A_MOMENT)
            return real(*args, **named)

        return stop

    for name in names:
        monkeypatch.setattr(where, name, stopping(getattr(where, name)))


@pytest.mark.parametrize("shutting", [True, False])
def test_two_administrators_who_take_each_other_s_rights_leave_one(
    database, tenant, add, monkeypatch, shutting
):
    ann, bob = add("admin", "rep"), add("admin", "rep")
    _met(monkeypatch, administration, "_refuse_last")

    def take(who, whom):
        with database.session(tenant) as session:
            if shutting:
                administration.shut(session, who, str(whom.person), closed=True, trace=TRACE)
            else:
                change = ("admin", False)
                administration.change_role(session, who, str(whom.person), change, TRACE)

    with _both(lambda: take(ann, bob), lambda: take(bob, ann)) as ended:
        (refused,) = [error for error in ended if error is not None]
    assert isinstance(refused, BadInputError), refused
    with database.session(tenant) as session:
        left = [
            row
            for row in session.scalars(people_questions.everybody())
            if Role.ADMIN in row.roles and row.disabled_at is None
        ]
    assert len(left) == 1


def test_a_link_that_is_used_while_another_is_sent_is_spent_or_used(
    database, tenant, add, monkeypatch
):
    admin, ann = add("admin"), add("rep")
    with database.session(tenant) as session:
        letter = administration.invite(session, admin, str(ann.person), "https://x", TRACE)
    token = letter.text.partition("#")[2].split()[0]
    _met(monkeypatch, password_links, "_spend")

    def again():
        with database.session(tenant) as session:
            administration.invite(session, admin, str(ann.person), "https://x", TRACE)

    def use():
        password_links.choose(database, token, "another long password", TRACE)

    with _both(again, use) as ended:
        assert ended[0] is None, ended[0]
        assert ended[1] is None or isinstance(ended[1], LinkSpentError), ended[1]


def test_who_holds_a_person_does_not_stop_what_only_names_them(database, tenant, add):
    ann = add("rep")
    with database.session(tenant) as session:
        row = session.scalars(people_questions.by_id_held(ann.person)).one()
        account = signing_in.account(tenant, "A company", str(row.id), signing_in.stamp(row))
        assert signing_in.begin(database, account, TRACE, None)


def test_a_digest_that_gathers_waits_for_nobody_who_reads(database, tenant, add):
    ann = add("rep")
    items = [
        NewItem(ann.person, Kind.REVIEW, f"Review {n}", "/reviews", f"review {n}", NOW)
        for n in range(3)
    ]
    with database.session(tenant) as session:
        assert inbox.post(session, items) == 3
    with database.session(tenant) as reads:
        assert inbox_marks.read_all(reads, ann, NOW) == 3
        reads.flush()
        with database.session(tenant) as session:
            assert len(session.scalars(inbox_questions.to_mail(ann.person, NOW, 9)).all()) == 3


def test_two_who_tell_the_same_in_another_order_both_end(database, tenant, add, monkeypatch):
    ann = add("rep")
    items = [
        NewItem(ann.person, Kind.REVIEW, f"Review {n}", "/reviews", f"review {n}", NOW)
        for n in range(2)
    ]
    _met(monkeypatch, inbox, "_row")

    def post(those):
        with database.session(tenant) as session:
            inbox.post(session, those)

    with _both(lambda: post(items), lambda: post(items[::-1])) as ended:
        assert ended == [None, None]
    with database.session(tenant) as session:
        assert len(session.scalars(inbox_questions.of_person(ann.person, NOW, 9)).all()) == 2


def test_a_mutual_wait_ends_for_one_and_is_told_from_a_server_that_is_gone(database, tenant, add):
    ann, bob = add("rep"), add("rep")
    meeting = Barrier(2)

    def hold(*whom):
        with database.session(tenant) as session:
            session.scalars(people_questions.by_id_held(whom[0].person)).one()
            meeting.wait()
            session.scalars(people_questions.by_id_held(whom[1].person)).one()

    with _both(lambda: hold(ann, bob), lambda: hold(bob, ann)) as ended:
        (error,) = [each for each in ended if each is not None]
    assert stopped(error) is Stopped.OVERTAKEN
    assert stopped(OperationalError("SELECT", {}, Exception("connection refused"))) is None
    with database.session(tenant) as session:
        assert session.scalars(people_questions.by_id_held(ann.person)).one().email == ann.email
