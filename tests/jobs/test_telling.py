"""The jobs that tell people, and the nightly one that clears away: once each, tenant by tenant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.jobs.jobs import JOBS, go_round
from portal.models.inbox import Kind
from portal.models.throttles import Throttle, held
from portal.services import inbox, people
from portal.services.digests import Mailroom
from portal.services.inbox import NewItem
from portal.services.mailing import NotTakenError, Post
from portal.services.people import NewPerson
from portal.services.throttling import ACCOUNT, Key
from portal.tenancy.doorway import DOOR

BY_NAME = {job.name: job for job in JOBS}
SIGNALS, DIGEST, UPKEEP = (BY_NAME[name] for name in ("signals", "digest", "upkeep"))


@pytest.fixture
def only(monkeypatch):
    def see(*keys):
        monkeypatch.setattr("portal.tenancy.database.Database.tenants", lambda _: keys)

    return see


@pytest.fixture
def mailed(room, tmp_path):
    """A room whose mail is kept in a folder."""
    post = Post(tmp_path / "mail", None, "meridian@kpi.example")
    return replace(room, mailroom=Mailroom(room.database, post, "https://kpi.example"))


def letters(room):
    folder = room.mailroom.post.folder
    return sorted(folder.glob("*.eml")) if folder.exists() else []


def person(database, tenant, email, clock):
    with database.session(tenant) as session:
        card = people.add(session, NewPerson(email, ["rep"]), clock())
        new = NewItem(card.id, Kind.REVIEW, "Look at this", "/kpis", "one", clock())
        inbox.post(session, [new])


def test_people_are_told_on_each_day_once(room, only, tenant, clock, told):
    only(tenant)
    assert go_round(room, SIGNALS) == 1
    assert go_round(room, SIGNALS) == 0
    clock.on(days=1)
    assert go_round(room, SIGNALS) == 1
    assert all("0 news, 0 items" in line for line in told.of(tenant))


def test_each_person_gets_one_mail_a_day_at_their_hour(mailed, only, tenant, clock, database):
    only(tenant)
    for name in ("ann", "bob"):
        person(database, tenant, f"{name}@example.org", clock)
    clock.moment = datetime(2017, 4, 13, 6, 30, tzinfo=UTC)
    assert go_round(mailed, DIGEST) == 0
    clock.on(minutes=30)
    assert go_round(mailed, DIGEST) == 2
    assert go_round(mailed, DIGEST) == 0
    assert len(letters(mailed)) == 2


def test_three_days_without_a_scheduler_are_one_mail(mailed, only, tenant, clock, database):
    only(tenant)
    person(database, tenant, "ann@example.org", clock)
    clock.on(days=3)
    assert go_round(mailed, DIGEST) == 1
    assert len(letters(mailed)) == 1


def test_a_mail_that_was_not_taken_is_tried_again_and_told(
    mailed, only, tenant, clock, database, told, monkeypatch
):
    only(tenant)
    person(database, tenant, "ann@example.org", clock)

    def refuse(*_):
        raise NotTakenError("no")

    with monkeypatch.context() as patch:
        patch.setattr(Post, "send", refuse)
        assert go_round(mailed, DIGEST) == 1
    assert "failed: The mail server did not take the digest." in told.of(tenant)[-1]
    assert go_round(mailed, DIGEST) == 0
    clock.on(minutes=10)
    assert go_round(mailed, DIGEST) == 1
    assert len(letters(mailed)) == 1


def test_without_a_way_to_send_mail_no_digest_is_due(room, only, tenant, clock, database):
    only(tenant)
    person(database, tenant, "ann@example.org", clock)
    assert go_round(room, DIGEST) == 0


def test_at_night_the_counts_of_old_tries_are_cleared(room, only, tenant, clock, database, told):
    only(tenant)
    old, new = (Key(ACCOUNT, f"{tenant}{age}").hashed for age in ("old", "new"))
    for place in (tenant, DOOR):
        with database.session(place) as session:
            session.add(Throttle(key=old, tries=9, tried_at=clock() - timedelta(days=2)))
            session.add(Throttle(key=new, tries=9, tried_at=clock() - timedelta(hours=2)))
    assert go_round(room, UPKEEP) == 1
    assert go_round(room, UPKEEP) == 0
    for place in (tenant, DOOR):
        with database.session(place) as session:
            assert [row.key for row in session.scalars(held([old, new]))] == [new]
    clock.moment = datetime(2017, 4, 13, 2, 59, tzinfo=UTC)
    assert go_round(room, UPKEEP) == 0
    clock.on(minutes=1)
    assert go_round(room, UPKEEP) == 1
    assert "counts of old tries cleared" in told.of(tenant)[0]
