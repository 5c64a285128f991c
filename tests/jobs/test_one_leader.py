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
from portal.tenancy.locks import lead


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
