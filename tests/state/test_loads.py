"""A load lands whole or not at all, its version is never used again, and writers wait in line."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from kpi_engine.store.pins import EntityPin, Pin
from portal.errors import LoadOutOfOrderError, LoadOvertakenError, UnknownTenantError
from portal.models import Load, LoadState
from portal.services import loads
from portal.tenancy.names import APP
from tests.conftest import NOW

_HOUR = timedelta(hours=1)


@pytest.fixture
def begin(tenant, tenant_session):
    def begin(now=NOW, known_since=None):
        with tenant_session(tenant) as session:
            return loads.begin_load(session, loads.NewLoad("crm", "abc", known_since), now)

    return begin


@pytest.fixture
def land(tenant, tenant_session, begin):
    """Begin and land a load."""

    def land(now=NOW, known_since=None):
        seq = begin(now, known_since).seq
        with tenant_session(tenant) as session:
            return loads.land_load(session, seq, _pin(seq), {"read": 10}, now)

    return land


def _pin(seq, current=None):
    return Pin(seq, {"lead": EntityPin(changes=seq, current=current)})


@pytest.fixture
def ask(tenant, tenant_session):
    """Ask one thing of the tenant's loads in a transaction of its own."""

    def ask(question, *arguments):
        with tenant_session(tenant) as session:
            return question(session, *arguments)

    return ask


def test_before_the_first_load_there_is_version_0(ask):
    assert ask(loads.current_pin) == Pin()
    assert ask(loads.pin_as_known_at, NOW) == Pin()
    assert ask(loads.last_landed) is None


def test_a_load_is_seen_once_it_has_landed(ask, begin):
    card = begin()
    assert (card.seq, card.state, ask(loads.current_pin)) == (1, LoadState.STARTED, Pin())
    ask(loads.land_load, 1, _pin(1), {"read": 10}, NOW)
    assert ask(loads.current_pin) == _pin(1)
    landed = ask(loads.last_landed)
    assert (landed.state, landed.report, landed.digest) == (LoadState.LANDED, {"read": 10}, "abc")


def test_a_load_that_failed_is_not_seen_and_its_version_is_not_used_again(ask, begin):
    begin()
    ask(loads.fail_load, 1, {"error": "no"}, NOW)
    assert ask(loads.current_pin) == Pin()
    assert begin().seq == 2


def test_a_load_that_died_is_ended_by_the_next_and_its_version_is_not_used_again(ask, begin):
    begin()
    assert begin(NOW + _HOUR).seq == 2
    dead = ask(loads.newest)[1]
    assert (dead.seq, dead.state, dead.finished_at) == (1, LoadState.FAILED, NOW + _HOUR)
    assert "ended before" in dead.report["error"]


@pytest.mark.parametrize("end", [loads.land_load, loads.fail_load])
def test_a_load_that_was_overtaken_can_neither_land_nor_fail(ask, begin, end):
    begin()
    begin()
    arguments = (1, _pin(1), {}, NOW) if end is loads.land_load else (1, {}, NOW)
    with pytest.raises(LoadOvertakenError):
        ask(end, *arguments)
    assert ask(loads.current_pin) == Pin()


def test_a_load_lands_once(ask, land):
    land()
    with pytest.raises(LoadOvertakenError):
        ask(loads.land_load, 1, _pin(1), {}, NOW)


def test_two_loads_of_one_tenant_are_never_under_way_at_once(ask, begin):
    begin()

    def second(session):
        session.add(Load(seq=9, state="started", source="x", loaded_at=NOW, started_at=NOW))
        session.flush()

    with pytest.raises(IntegrityError, match="under_way"):
        ask(second)


def test_two_tenants_count_their_versions_apart(land, new_tenant, tenant_session):
    land()
    land()
    with tenant_session(new_tenant()) as session:
        assert loads.begin_load(session, loads.NewLoad("crm"), NOW).seq == 1


def test_a_tenant_that_was_never_made_has_no_loads(tenant_session):
    with tenant_session("nobody") as session, pytest.raises(UnknownTenantError):
        loads.begin_load(session, loads.NewLoad("crm"), NOW)


def test_a_clock_that_went_back_does_not_take_the_loads_along(land):
    assert land(NOW).loaded_at == NOW
    assert land(NOW - _HOUR).loaded_at == NOW


def test_history_is_replayed_in_order(land, begin):
    assert land(NOW, NOW - 3 * _HOUR).loaded_at == NOW - 3 * _HOUR
    assert land(NOW, NOW - 2 * _HOUR).loaded_at == NOW - 2 * _HOUR
    with pytest.raises(LoadOutOfOrderError, match="replayed in order"):
        begin(NOW, NOW - 3 * _HOUR)
    with pytest.raises(LoadOutOfOrderError, match="in the future"):
        begin(NOW, NOW + _HOUR)


def test_a_moment_has_the_last_load_that_was_known_then(land, begin, ask):
    for hours in (1, 2, 3):
        land(NOW + hours * _HOUR)
    begin(NOW + 4 * _HOUR)
    known = [ask(loads.pin_as_known_at, NOW + half * _HOUR / 2).seq for half in (1, 2, 3, 4, 6, 99)]
    assert known == [0, 1, 1, 2, 3, 3]
    assert ask(loads.landed_as_known_at, NOW + 2 * _HOUR).loaded_at == NOW + 2 * _HOUR


def test_compaction_changes_the_pin_of_the_last_version_only(land, ask):
    land()
    land()
    ask(loads.update_pin, _pin(2, current=7))
    assert ask(loads.current_pin) == _pin(2, current=7)
    with pytest.raises(LoadOvertakenError):
        ask(loads.update_pin, _pin(1, current=7))


def test_the_newest_loads_are_listed_first(land, ask):
    for _ in range(3):
        land()
    assert [card.seq for card in ask(loads.newest, 2)] == [3, 2]


def test_two_writers_of_a_tenant_take_turns(database, tenant):
    steps, inside, waited = [], threading.Event(), threading.Event()

    def second():
        inside.wait()
        with loads.writing(database, tenant, waiting=waited.set):
            steps.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with loads.writing(database, tenant):
        inside.set()
        assert waited.wait(30)
        steps.append("first")
    thread.join(30)
    assert steps == ["first", "second"]


def test_writers_of_two_tenants_do_not_wait(database, tenant, new_tenant):
    told = []
    with (
        loads.writing(database, tenant),
        loads.writing(database, new_tenant(), waiting=lambda: told.append("waited")),
    ):
        assert told == []


def test_a_turn_that_ended_in_an_error_is_given_back(database, tenant):
    with pytest.raises(ZeroDivisionError), loads.writing(database, tenant):
        raise ZeroDivisionError
    told = []
    with loads.writing(database, tenant, waiting=lambda: told.append("waited")):
        assert told == []


_WRITER = """
import sys, time
from sqlalchemy import make_url
from portal.services import loads
from portal.tenancy.database import Database, application_engine
database = Database(application_engine(make_url(sys.argv[1])))
with loads.writing(database, sys.argv[2]):
    print("inside", flush=True)
    sys.stdin.read()
"""


def test_a_killed_writer_gives_its_turn_back(server, database, tenant):
    address = server.url(APP).render_as_string()
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, address, tenant],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout.readline() == b"inside\n"
        waited = []

        def kill():
            waited.append("waited")
            os.kill(writer.pid, signal.SIGKILL)

        with loads.writing(database, tenant, waiting=kill):
            assert waited == ["waited"]
