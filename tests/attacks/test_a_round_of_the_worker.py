"""What the worker heard at once: who is refused for want of room may have been heard, too.

A worker once died of it, with every request that it was answering, whenever more connections
waited than it has room for and the one that had to go spoke in the same moment.
"""

import selectors
import socket
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn

from portal.cli import patience
from portal.cli.patience import PatientWorker

HALF = b"GET /login HTTP/1.1\r\n"


class Round(selectors.DefaultSelector):
    """Hears of all that can be read in the order in which it was registered."""

    def select(self, timeout=None):
        heard = {key.fd: (key, events) for key, events in super().select(timeout)}
        return [heard[fd] for fd in self.get_map() if fd in heard]


@pytest.fixture
def pairs():
    """Who asks, and the worker's end: the door first."""
    with ExitStack() as held:
        yield [[held.enter_context(end) for end in socket.socketpair()] for _ in range(4)]


@pytest.fixture
def worker(pairs, monkeypatch):
    """A worker with room for two who are not done asking, that hears all that was said so far."""
    monkeypatch.setattr(patience, "MOST_WAITING", 2)
    config = Config()
    made = PatientWorker(1, 1, [], SimpleNamespace(), 30, config, SimpleNamespace())

    def come(served):
        made.nr_conns += 1
        made.enqueue_req(TConn(config, served, ("127.0.0.1", 1), ("127.0.0.1", 2)))

    with ExitStack() as held:
        made.poller = Round()
        held.callback(made.poller.close)
        held.callback(made.tmp.close)
        door, *first, last = (served for _, served in pairs)
        made.poller.register(door, selectors.EVENT_READ, lambda it: it.recv(1) and come(last))
        for served in first:
            come(served)
        yield made


@pytest.mark.parametrize("says", [HALF, b""], ids=["speaks", "leaves"])
def test_who_has_to_go_may_be_heard_in_the_same_round(pairs, worker, says):
    (knocks, _), (oldest, _), (second, _), (third, _) = pairs
    knocks.send(b"!")
    for client in (oldest, second):
        client.sendall(says or HALF)
    if not says:
        oldest.shutdown(socket.SHUT_WR)
    worker.wait_for_and_dispatch_events(timeout=1.0)
    assert oldest.recv(100).startswith(b"HTTP/1.1 408 ")
    for client in (second, third):
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)
    oldest.close()
    worker.wait_for_and_dispatch_events(timeout=1.0)
    worker.wait_for_and_dispatch_events(timeout=0.1)
    assert worker.nr_conns == 2
