"""At the door the same is done for whoever is known and for whoever is not: counted, not timed."""

import re
import threading
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.models import people
from portal.security import passwords
from portal.security.passwords import NOBODYS, is_outdated
from portal.services import throttling
from portal.services.mailing import Post
from portal.tenancy.doorway import DOOR
from portal.web.afterwards import AFTERWARDS, Afterwards
from tests.homes.conftest import NOW
from tests.web import factors, portals
from tests.web.conftest import new_browser
from tests.web.portals import BASE, Clock

KINDS = ("known", "unknown", "closed", "without a password", "with a second factor")


@dataclass
class Work:
    """What a request did: comparisons of hashes, and statements by their words."""

    hashes: Counter = field(default_factory=Counter)
    statements: list[str] = field(default_factory=list)


class _Counting:
    """The hasher, counted."""

    def __init__(self, hasher, counted: Counter) -> None:
        self._hasher, self._counted = hasher, counted

    def __getattr__(self, name: str):
        if name in {"hash", "verify"}:
            self._counted[name] += 1
        return getattr(self._hasher, name)


@pytest.fixture
def working(database, monkeypatch):
    """Count what this thread does: other threads are what nobody waits for."""

    @contextmanager
    def count():
        done, me, hasher = Work(), threading.get_ident(), passwords._HASHER

        def told(_connection, _cursor, statement, *_):
            if threading.get_ident() == me:
                done.statements.append(" ".join(statement.split()))

        monkeypatch.setattr(passwords, "_HASHER", _Counting(hasher, done.hashes))
        event.listen(database.engine, "before_cursor_execute", told)
        try:
            yield done
        finally:
            event.remove(database.engine, "before_cursor_execute", told)
            monkeypatch.setattr(passwords, "_HASHER", hasher)

    return count


@pytest.fixture
def somebody(own, database):
    """Make the address of a kind of account; the password is the tests' own."""

    def make(kind: str) -> str:
        email = f"k{uuid.uuid4().hex[:12]}@example.org"
        if kind == "unknown":
            return email
        portals.add_person(database, own.tenant, email, "rep")
        if kind == "with a second factor":
            browser = new_browser(own.joined)
            assert browser.sign_in(email).status_code == 303
            factors.set_up(browser, Clock(NOW))
        with database.session(own.tenant) as session:
            person = session.scalars(people.by_email(email)).one()
            if kind == "closed":
                person.disabled_at = NOW
            if kind == "without a password":
                person.password_hash = None
        return email

    def fresh(kind: str) -> str:
        email = make(kind)
        # Nobody has tried under this address; what all tries are counted under is there.
        with database.session(DOOR) as session:
            throttling.clean(session, NOW + timedelta(days=9_000))
        new_browser(own.joined).sign_in("somebody-before@example.org")
        return email

    return fresh


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_password_makes_the_same_work_for_every_account(own, somebody, working, kind):
    usual, done = (_wrong(own, working, somebody(each)) for each in ("known", kind))
    assert done.hashes == usual.hashes == {"verify": 1}
    assert done.statements == usual.statements
    assert len(usual.statements) > 5, "they are counted, or this test finds nothing"


def test_the_right_password_of_a_closed_account_makes_no_other_work(own, somebody, working):
    usual = _wrong(own, working, somebody("unknown"))
    done = _wrong(own, working, somebody("closed"), portals.PASSWORD)
    assert done.hashes == usual.hashes
    assert done.statements == usual.statements


def test_the_right_password_is_more_work_and_that_is_seen(own, somebody, working):
    """The twin: the counting finds a difference where there is one."""
    with working() as done:
        answer = new_browser(own.joined).sign_in(somebody("known"), portals.PASSWORD)
    assert answer.status_code == 303
    assert done.statements != _wrong(own, working, somebody("unknown")).statements


@pytest.mark.parametrize("kind", KINDS)
def test_asking_for_a_link_makes_the_same_work_for_every_account(own, somebody, working, kind):
    usual, done = (_asked(own, working, somebody(each)) for each in ("unknown", kind))
    assert done.hashes == usual.hashes == {}
    assert done.statements == usual.statements


@pytest.mark.parametrize(
    ("kind", "letters"), [("known", 1), ("unknown", 0), ("closed", 0), ("without a password", 1)]
)
def test_the_mail_is_sent_when_the_answer_is_made(own, somebody, monkeypatch, kind, letters):
    """The twin: somebody who is known does get one, of what was sent by another thread."""
    email, sent = somebody(kind), []
    monkeypatch.setattr(
        Post, "send", lambda _, found: sent.append((threading.get_ident(), list(found)))
    )
    new_browser(own.joined).post("/login/forgotten", {"email": email}, page="/login/forgotten")
    AFTERWARDS.wait()
    ((thread, found),) = sent
    assert [each.to for each in found] == [email] * letters
    assert thread != threading.get_ident()


def test_a_mail_server_that_hangs_keeps_nobody_waiting(own, somebody, monkeypatch):
    let_go, begun = threading.Event(), threading.Event()

    def hang(*_):
        begun.set()
        let_go.wait(30)

    emails = [somebody(kind) for kind in ("known", "unknown", "known")]
    monkeypatch.setattr(Post, "send", hang)
    try:
        answers = [_ask(own, email) for email in emails]
        assert begun.wait(10)
        assert [each.status_code for each in answers] == [200] * 3
    finally:
        let_go.set()
        AFTERWARDS.wait()


def test_the_line_of_what_nobody_waits_for_has_an_end():
    line, let_go = Afterwards(), threading.Event()
    done = []

    def work():
        let_go.wait(30)
        done.append(1)

    taken = [line.do(work) for _ in range(150)]
    let_go.set()
    line.wait()
    assert taken == [True] * 100 + [False] * 50
    assert len(done) == 100
    assert line.do(lambda: 1 / 0), "what fails is told to the log and ends nothing"
    line.wait()
    assert line.do(work)
    line.wait()
    assert len(done) == 101


def test_the_hash_that_is_nobody_s_costs_what_everybody_s_does():
    assert not is_outdated(NOBODYS)


def _wrong(own, working, email: str, typed: str = "wrong wrong wrong") -> Work:
    browser = new_browser(own.joined)
    with working() as done:
        assert browser.sign_in(email, typed).status_code == 401
    return done


def _ask(own, email: str):
    browser = new_browser(own.joined)
    page = browser.get("/login/forgotten")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    data = {"csrf_token": token, "email": email}
    return browser.client.post("/login/forgotten", base_url=BASE, data=data)


def _asked(own, working, email: str) -> Work:
    with working() as done:
        assert _ask(own, email).status_code == 200
    AFTERWARDS.wait()
    return done
