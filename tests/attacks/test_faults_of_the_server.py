"""Processes that die, stop or may write no log: the server goes on, and what was begun is ended."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
import requests

from tests.attacks.served import Guest, serving


@pytest.fixture
def alone(desk, tmp_path):
    """A server of this test's own."""
    with serving(desk.environ, tmp_path) as found:
        yield found


def test_a_worker_that_is_killed_is_made_anew_and_sessions_live_on(alone, own):
    guest = Guest(alone)
    assert guest.sign_in(own.email("rep"), own.password).status_code == 303
    for _ in range(3):
        (worker,) = alone.workers()
        os.kill(worker, signal.SIGKILL)
        until, status = monotonic() + 15, 0
        while status != 200 and monotonic() < until:
            # Whoever asked the dead one is told by a connection that ends, and may ask again.
            with suppress(requests.ConnectionError):
                status = guest.get("/account").status_code
            sleep(0.1)
        assert status == 200
        assert worker not in alone.workers()


def test_told_to_stop_it_answers_what_was_asked_and_ends(alone, own):
    guest = Guest(alone)
    assert guest.sign_in(own.email("executive"), own.password).status_code == 303
    cookies = guest.kept.cookies

    def ask(_) -> int:
        return requests.get(f"{alone.url}/scorecard", cookies=cookies, timeout=30).status_code

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, number) for number in range(4)]
        sleep(0.15)
        before = monotonic()
        os.kill(alone.pid, signal.SIGTERM)
        assert [each.result() for each in asked] == [200] * 4
    while Path(f"/proc/{alone.pid}/stat").exists() and monotonic() - before < 30:
        if Path(f"/proc/{alone.pid}/stat").read_text().split(")")[1].split()[0] == "Z":
            break
        sleep(0.1)
    assert monotonic() - before < 30
