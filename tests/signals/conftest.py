"""What these tests share: people of a company, their sessions, and a post that keeps letters."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from portal.models import people as questions
from portal.models.inbox import Kind
from portal.services import inbox, people
from portal.services.digests import Mailroom
from portal.services.inbox import NewItem
from portal.services.people import NewPerson
from portal.services.signing_in import actor_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
URL = "https://kpi.example"


@dataclass
class Box:
    """Takes letters, and fails as it was told to."""

    letters: list = field(default_factory=list)
    fails: list = field(default_factory=list)

    def send(self, letters):
        if self.fails:
            raise self.fails.pop(0)
        self.letters += letters


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def room(database, box):
    return Mailroom(database, box, URL)


@pytest.fixture
def add(database, tenant):
    """Add a person, and return who they are to the portal."""

    def make(name="Ann Example", *roles, key=None, **more):
        where = key or tenant
        new = NewPerson(
            f"p{uuid.uuid4().hex[:10]}@example.org", roles or ("rep",), name=name, **more
        )
        with database.session(where) as session:
            card = people.add(session, new, NOW)
            return actor_of(where, session.scalars(questions.by_id(card.id)).one())

    return make


@pytest.fixture
def ann(add):
    return add()


@pytest.fixture
def tell(database):
    """Tell somebody something, and return how many items that made."""

    def post(actor, slot="s1", subject="Win rate: now off target", at=NOW, **more):
        more = {"kind": Kind.STATUS, "href": "/kpis/win_rate", **more}
        new = NewItem(actor.person, subject=subject, slot=slot, at=at, **more)
        with database.session(actor.tenant) as session:
            return inbox.post(session, [new])

    return post


def later(**span):
    """Return a moment after NOW."""
    return NOW + timedelta(**span)
