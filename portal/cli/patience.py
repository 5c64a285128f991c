"""A worker of gunicorn in which no thread ever waits for a client that is slow to ask.

gunicorn's own gives a connection to a thread as soon as it says its first word; a few requests that
never end then hold all threads. Here a request is gathered beside them, by the one loop that hears
of every connection, and goes to a thread when it is whole. It has a short time for that, and room
that is bounded; a thread reads from memory only.
"""

import re
import selectors
import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

LARGEST_HEAD, LARGEST_BODY = 32_768, 1_000_000
WHOLE_WITHIN, ANSWERED_WITHIN = 20.0, 120.0
"""Seconds for all of a request to come, and until its answer has been taken."""
MOST_WAITING, MOST_HELD = 512, 32_000_000
"""Of more connections that are not done asking, or more bytes of them, the oldest has to go."""
_LEAVES_WITHIN = 2.0
_PART = 65_536
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$")
_IN_PIECES = re.compile(rb"(?im)^\s*transfer[-_]encoding")
_SENTENCES = {
    408: "Request Timeout",
    411: "Length Required",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
}


@dataclass(eq=False, slots=True)
class _Coming:
    """What a connection has said of a request so far."""

    until: float
    said: bytearray = field(default_factory=bytearray)
    whole: int = 0
    """How long it is; 0 until its head has come."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is not typed
    """Gathers whole requests before a thread takes them."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - gunicorn's own
        super().__init__(*given, **named)
        # The oldest first, as they were put in.
        self._coming: dict[Any, _Coming] = {}
        self._leaving: dict[Any, float] = {}
        self._answering: dict[Any, float] = {}
        self._held = 0

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - a connection of gunicorn
        """Take a connection that has something to say, or said more than one request."""
        early = conn.parser.unreader.take_buffered() if conn.parser is not None else b""
        self._coming[conn] = _Coming(monotonic() + WHOLE_WITHIN)
        self._watch(conn, self._heard)
        self._hear(conn, early)
        self._make_room()

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:  # noqa: ANN401 - as above
        """Keep a connection for its next request, or see it off without waiting for it."""
        self._answering.pop(conn, None)
        if fs.cancelled() or fs.exception() is not None or not fs.result():
            self._see_off(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """End what takes too long; called about once a second."""
        now = monotonic()
        for conn in [each for each, coming in self._coming.items() if coming.until <= now]:
            self._refuse(conn, 408)
        for conn in [each for each, until in self._leaving.items() if until <= now]:
            self._close(conn)
        for conn in [each for each, until in self._answering.items() if until <= now]:
            # The thread that writes to it wakes up with an error.
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)
        super().murder_pending()

    def _watch(self, conn: Any, heard: Callable[..., None]) -> None:  # noqa: ANN401 - as above
        conn.sock.settimeout(0)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(heard, conn))

    def _unwatch(self, conn: Any) -> None:  # noqa: ANN401 - as above
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _heard(self, conn: Any, _: object) -> None:  # noqa: ANN401 - as above
        if conn not in self._coming:
            # What is heard comes in rounds: somebody heard before it in this one took its room.
            return
        try:
            part = conn.sock.recv(_PART)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self._forget(conn)
            self._close(conn)
            return
        self._hear(conn, part)
        self._make_room()

    def _hear(self, conn: Any, part: bytes) -> None:  # noqa: ANN401 - as above
        coming = self._coming[conn]
        coming.said += part
        self._held += len(part)
        if not coming.whole and (status := _measure(coming)):
            self._refuse(conn, status)
        elif 0 < coming.whole <= len(coming.said):
            self._hand_over(conn)

    def _hand_over(self, conn: Any) -> None:  # noqa: ANN401 - as above
        """Let a thread answer: it reads from what is here, never from the connection."""
        said = bytes(self._coming[conn].said)
        self._forget(conn)
        conn.parser = http.get_parser(self.cfg, [said], conn.client)
        conn.initialized = conn.data_ready = True
        self._answering[conn] = monotonic() + ANSWERED_WITHIN
        super().enqueue_req(conn)

    def _refuse(self, conn: Any, status: int) -> None:  # noqa: ANN401 - as above
        self._forget(conn)
        told = f"HTTP/1.1 {status} {_SENTENCES[status]}\r\nConnection: close\r\n"
        with suppress(OSError):
            conn.sock.send(f"{told}Content-Length: 0\r\n\r\n".encode())
        self._see_off(conn)

    def _see_off(self, conn: Any) -> None:  # noqa: ANN401 - as above
        """Say that nothing more comes, and hear the client out for a moment: it reads then."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self._leaving[conn] = monotonic() + _LEAVES_WITHIN
        self._watch(conn, self._heard_leaving)

    def _heard_leaving(self, conn: Any, _: object) -> None:  # noqa: ANN401 - as above
        with suppress(BlockingIOError):
            try:
                part = conn.sock.recv(_PART)
            except BlockingIOError:
                raise
            except OSError:
                part = b""
            if not part:
                self._close(conn)

    def _close(self, conn: Any) -> None:  # noqa: ANN401 - as above
        self._leaving.pop(conn, None)
        self._unwatch(conn)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Any) -> None:  # noqa: ANN401 - as above
        self._unwatch(conn)
        self._held -= len(self._coming.pop(conn).said)

    def _make_room(self) -> None:
        while len(self._coming) > MOST_WAITING or self._held > MOST_HELD:
            self._refuse(next(iter(self._coming)), 408)


def _measure(coming: _Coming) -> int:
    """Find how long a request is, once its head is here; return what refuses it, or 0."""
    end = coming.said.find(_END)
    if end < 0 or end > LARGEST_HEAD:
        return 431 if len(coming.said) > LARGEST_HEAD else 0
    head = bytes(coming.said[:end])
    if _IN_PIECES.search(head):
        # No browser sends one, and a proxy puts it together: nothing is left to disagree about.
        return 411
    lengths = _LENGTH.findall(head)
    # Of two, or of an odd one, gunicorn says what it thinks.
    length = int(lengths[0]) if len(lengths) == 1 else 0
    coming.whole = end + len(_END) + length
    return 413 if length > LARGEST_BODY else 0
