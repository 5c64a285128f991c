"""Where lines of the log go: written at once or not at all, so that no request waits for its log.

A disk that is full, a reader that has gone and a pipe that nobody empties lose lines. How many were
lost is the first line that comes through again.
"""

import json
import logging
import os
import socket
import stat
from collections.abc import Callable
from contextlib import ExitStack
from typing import TextIO

Write = Callable[[bytes], int]


class LineSink(logging.Handler):
    """Writes each record as a line, and counts those that nobody took."""

    def __init__(self, stream: TextIO | None) -> None:
        """Write to a stream; None, as Python has it where standard error is closed, is nowhere."""
        super().__init__()
        self._end = ExitStack()
        self._write = _writer(stream, self._end)
        self._lost = 0
        self._torn = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line if it can be written now."""
        try:
            line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
            said = b"\n" * self._torn + self._notice() + line
            written = self._write(said)
        except Exception:  # noqa: BLE001 - a log must not fail what it tells of
            self._lost += 1
            return
        self._torn = written < len(said)
        self._lost = int(self._torn)

    def close(self) -> None:
        """Close what was opened for it; the stream itself stays as it is."""
        self._end.close()
        super().close()

    def _notice(self) -> bytes:
        if not self._lost:
            return b""
        told = {"event": "lines of the log were lost", "level": "warning", "count": self._lost}
        return f"{json.dumps(told)}\n".encode()


def _writer(stream: TextIO | None, end: ExitStack) -> Write:
    if stream is None:
        return _nowhere
    try:
        number = stream.fileno()
        kind = os.fstat(number).st_mode
    except (OSError, ValueError):
        return lambda said: _as_text(stream, said)
    if stat.S_ISFIFO(kind):
        number = _reopened(number, end)
    elif stat.S_ISSOCK(kind):
        line = end.enter_context(socket.socket(fileno=os.dup(number)))
        return lambda said: line.send(said, socket.MSG_DONTWAIT)
    return lambda said: os.write(number, said)


def _nowhere(said: bytes) -> int:
    raise BrokenPipeError(len(said))


def _as_text(stream: TextIO, said: bytes) -> int:
    stream.write(said.decode())
    return len(said)


def _reopened(number: int, end: ExitStack) -> int:
    """Open a pipe anew so that writing never waits: set on the given one, others would not wait."""
    try:
        found = os.open(f"/dev/fd/{number}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        # Nobody reads it, so writing fails at once; or the system has no such way.
        return number
    end.callback(os.close, found)
    return found
