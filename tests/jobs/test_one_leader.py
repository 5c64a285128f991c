"""Of several schedulers one leads, and another takes over when it is gone."""

import os
import signal
import subprocess
import sys
import time
from threading import Event, Thread

import pytest
from sqlalchemy import text

from portal.jobs import scheduling
from portal.jobs.jobs import JOBS
from portal.tenancy.database import Database, application_engine
from portal.tenancy.locks import lead
from portal.tenancy.names import APP


@pytest.fixture
def what(request):
    return request.node.name


def test_one_leads_and_the_next_only_after_it(database, what):
    first = lead(database.engine, what)
    assert first.holds()
    assert lead(database.engine, what) is None
    first.resign()
    second = lead(database.engine, what)
    assert second.holds()
    second.resign()


def test_who_lost_the_connection_knows_that_it_leads_no_more(database, server, what):
    leader = lead(database.engine, what)
    backend = leader._connection.scalar(text("SELECT pg_backend_pid()"))
    with server.superuser() as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (backend,))
    assert not leader.holds()
    leader.resign()
    heir = lead(database.engine, what)
    assert heir is not None
    heir.resign()


def test_the_scheduler_leads_does_what_is_due_and_stops(room, told, real_now, monkeypatch):
    rounds = []
    monkeypatch.setattr(scheduling, "go_round", lambda _, job: rounds.append(job.name))
    monkeypatch.setattr(scheduling, "LEADS", "a test of the scheduler")
    stop = Event()
    thread = Thread(target=scheduling.run, args=(room, stop))
    thread.start()
    deadline = time.monotonic() + 20
    while len(set(rounds)) < len(JOBS) and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert set(rounds) == {job.name for job in JOBS}
    assert told.lines[0] == "This scheduler leads."
    free = lead(room.database.engine, "a test of the scheduler")
    assert free is not None
    free.resign()


def test_a_leader_that_slept_past_its_lock_leads_no_more_when_it_wakes(home, server, own_database):
    """While it sleeps its server still holds its lock, until it takes the sleeper for gone."""
    command = [sys.executable, "-u", "-m", "portal.cli", "scheduler"]
    sleeper = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ.copy())
    found = Database(application_engine(server.url(APP, own_database)))
    try:
        assert sleeper.stdout.readline() == "This scheduler leads.\n"
        sleeper.send_signal(signal.SIGSTOP)
        assert lead(found.engine, scheduling.LEADS) is None
        with server.superuser(own_database) as connection:
            # As a server does that hears no more of a client.
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        heir = _heir(found)
        sleeper.send_signal(signal.SIGCONT)
        assert "lock was lost" in sleeper.stdout.readline()
        assert "Another scheduler leads" in sleeper.stdout.readline()
        assert heir.holds()
        heir.resign()
    finally:
        sleeper.send_signal(signal.SIGCONT)
        sleeper.send_signal(signal.SIGTERM)
        ended = sleeper.wait(60)
        sleeper.stdout.close()
        found.close()
    assert ended == 0


def _heir(found):
    """Lead as soon as the lock of the one that was ended is free."""
    deadline = time.monotonic() + 60
    while (made := lead(found.engine, scheduling.LEADS)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return made


@pytest.mark.slow
def test_a_second_scheduler_takes_over_when_the_first_is_killed(home):
    def start():
        command = [sys.executable, "-u", "-m", "portal.cli", "scheduler"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ.copy())

    first = start()
    assert first.stdout.readline() == "This scheduler leads.\n"
    second = start()
    assert "waits" in second.stdout.readline()
    first.kill()
    first.wait()
    assert second.stdout.readline() == "This scheduler leads.\n"
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    first.stdout.close()
    second.stdout.close()
