"""The database is started again under load, cut off, or hangs: errors then, and nothing after."""

import os
import signal
import socket
import sys
import time
from contextlib import closing
from threading import Event, Thread

import pytest
from sqlalchemy import select

from portal.models.people import Person
from portal.services import people, tenants
from portal.services.people import NewPerson
from portal.tenancy import database as doors
from portal.tenancy.database import (
    OUT_OF_REACH,
    Database,
    application_engine,
    embedded_url,
    make_ready,
)
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP
from portal.tenancy.server import EmbeddedServer
from tests.conftest import NOW

_KEY = TenantKey("acme")
_HANDS = 4


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """A server of this file's own, that keeps what it acknowledged."""
    server = EmbeddedServer(tmp_path_factory.mktemp("goes-away") / "postgres")
    make_ready(server)
    yield server
    server.stop()


@pytest.fixture
def found(embedded):
    made = Database(application_engine(embedded_url(embedded.ensure_running(), APP)))
    yield made
    made.close()


def _write(found, number):
    with found.session(_KEY) as session:
        people.add(session, NewPerson(f"p{number}@example.org", ["rep"]), NOW)


def _writing(found, kept, other, stop):
    """Write until told to stop; keep what was acknowledged, and errors that are none of these."""
    number = 0
    while not stop.is_set():
        number += 1
        name = f"{id(kept)}-{number}"
        try:
            _write(found, name)
        except OUT_OF_REACH:
            # Not at full speed against a wall.
            stop.wait(0.01)
        except Exception as error:  # noqa: BLE001 - told to the test
            other.append(error)
        else:
            kept.append(f"p{name}@example.org")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_started_again_under_load_nothing_that_was_acknowledged_is_lost(embedded, found, how):
    with found.session(_KEY) as session:
        if session.scalars(tenants.questions.its_row()).one_or_none() is None:
            tenants.create(session, tenants.Profile("Acme"), NOW)
    stop, other = Event(), []
    kept = [[] for _ in range(_HANDS)]
    hands = [Thread(target=_writing, args=(found, mine, other, stop)) for mine in kept]
    for each in hands:
        each.start()
    try:
        _until(lambda: all(len(mine) > 2 for mine in kept))
        before = embedded.address().pid
        os.kill(before, how)
        _until(lambda: not _lives(before))
        assert embedded.ensure_running().pid != before
        after = [len(mine) for mine in kept]
        # By themselves, over the same pool, each of them.
        _until(lambda: all(len(mine) > past for mine, past in zip(kept, after, strict=True)))
    finally:
        stop.set()
        for each in hands:
            each.join()
    assert other == []
    with found.session(_KEY) as session:
        there = set(session.scalars(select(Person.email)))
    assert {each for mine in kept for each in mine} <= there


def _until(done):
    """Wait, with a patience that only ends a test that hangs."""
    deadline = time.monotonic() + 120
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as told:  # noqa: PTH123 - a process, not a file
            return told.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def through(embedded):
    """Lead a TCP port to the server's socket; return the port."""
    door = socket.create_server(("127.0.0.1", 0))

    def carry(near, far):
        while part := near.recv(65_536):
            far.sendall(part)

    def admit():
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(embedded.ensure_running().socket_file)
            ways.extend((near, far))
            for each in ((near, far), (far, near)):
                Thread(target=_quietly, args=(carry, *each), daemon=True).start()

    ways = []
    Thread(target=admit, daemon=True).start()
    yield door.getsockname()[1]
    door.close()
    for each in ways:
        each.close()


def _quietly(work, *args):
    try:
        work(*args)
    except OSError:
        return


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads what Linux calls them")
def test_over_a_network_a_server_that_is_cut_off_is_given_up_by_the_system(embedded, through):
    url = embedded_url(embedded.ensure_running(), APP)
    url = url.set(host="127.0.0.1", port=through, query={})
    engine = application_engine(url)
    with (
        closing(engine.raw_connection()) as raw,
        socket.socket(fileno=os.dup(raw.dbapi_connection.fileno())) as line,
    ):
        assert line.family == socket.AF_INET
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        read = [
            line.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        ]
        assert read == [20, 5, 3]
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000
    engine.dispose()


def test_a_server_that_takes_the_call_and_says_nothing_is_out_of_reach(monkeypatch):
    monkeypatch.setattr(doors, "_CONNECTING", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://portal_app@127.0.0.1:{silent.getsockname()[1]}/portal"
        found = Database(application_engine(doors.url_of(url, "PORTAL_DATABASE_URL")))
        with pytest.raises(OUT_OF_REACH):
            found.check()
        found.close()
