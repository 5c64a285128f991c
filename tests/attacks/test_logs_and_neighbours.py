"""A log that nobody takes, a monitoring system that hangs, very many at once, a noisy company."""

import fcntl
import json
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Event

import pytest
import requests

from tests.attacks.served import Guest, serving

pytestmark = pytest.mark.slow

_PATIENCE = 60
"""Ends a test that hangs; nothing is measured by it."""
_MANY = 1_000


def test_pages_are_answered_while_nobody_takes_the_log_and_the_loss_is_told(desk, tmp_path):
    out, into = os.pipe()
    with ExitStack() as closing_all:
        for each in (out, into):
            closing_all.callback(os.close, each)
        fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, 4_096)
        with serving(desk.environ, tmp_path, says=into) as served:
            for _ in range(30):
                served.answers()
            os.set_blocking(out, False)
            os.read(out, 1_000_000)
            served.answers()
            said = os.read(out, 1_000_000).decode()
    notices = [line for line in said.splitlines() if "lines of the log were lost" in line]
    assert json.loads(notices[0])["count"] > 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_pages_are_answered_with_the_log_on_a_full_disk(desk, tmp_path):
    with (
        open("/dev/full", "w") as full,  # noqa: PTH123 - its number is wanted
        serving(desk.environ, tmp_path, says=full.fileno()) as served,
    ):
        for _ in range(5):
            served.answers()


def test_a_monitoring_system_that_hangs_holds_up_neither_pages_nor_another_one(served):
    with ExitStack() as hanging:
        for number in range(60):
            line = socket.create_connection(("127.0.0.1", served.metrics), timeout=_PATIENCE)
            hanging.enter_context(closing(line))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
            if number % 3:
                # It asks, some of it or all, and never reads.
                line.sendall(b"GET /metrics HTTP/1.1\r\n" + b"Host: x\r\n\r\n" * (number % 3 - 1))
        for _ in range(5):
            served.answers()
        assert "portal_requests_total" in served.figures()


def _as_raw(guest, path):
    cookies = "; ".join(f"{each.name}={each.value}" for each in guest.kept.cookies)
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode()


def test_a_thousand_who_ask_the_same_at_once_are_all_answered(served, guest, own):
    """All have asked before the first answer is read."""
    assert guest.sign_in(own.email("executive"), own.password).status_code == 303
    raw = _as_raw(guest, "/fresh")
    with ExitStack() as asked:
        lines = []
        for _ in range(_MANY):
            line = asked.enter_context(closing(served.knock()))
            # At once: of more than 512 who say nothing the oldest would have to go.
            line.sendall(raw)
            lines.append(line)
        statuses = [each.recv(12) for each in lines]
    assert set(statuses) == {b"HTTP/1.1 200"}


def test_a_company_flat_out_does_not_keep_another_from_being_answered(served, own, other):
    """Requests are answered in the order in which they came, whoever asks."""
    loud, quiet = Guest(served), Guest(served)
    assert loud.sign_in(own.email("everything"), own.password).status_code == 303
    assert quiet.sign_in(other.email("executive"), other.password).status_code == 303
    done, answered = Event(), []

    def shout(_):
        while not done.is_set():
            page = requests.get(
                f"{served.url}/kpis/win_rate", cookies=loud.kept.cookies, timeout=_PATIENCE
            )
            answered.append(page.status_code)

    with ThreadPoolExecutor(24) as pool:
        shouting = [pool.submit(shout, number) for number in range(24)]
        try:
            for _ in range(5):
                before = len(answered)
                assert quiet.get("/").status_code == 200
                while len(answered) == before:
                    # The other company goes on all the while: next time it is flat out as well.
                    done.wait(0.01)
        finally:
            done.set()
        for each in shouting:
            each.result()
    assert set(answered) == {200}
