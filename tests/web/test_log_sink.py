"""A line of the log is written at once or lost and counted; nothing ever waits for it."""

import fcntl
import json
import logging
import os
import socket

import pytest

from portal.web.log_sink import LineSink

_LINE = "x" * 300


class Stream:
    """Standard error, as far as a log asks it."""

    def __init__(self, number):
        self.number = number

    def fileno(self):
        return self.number


@pytest.fixture
def sink_of():
    """Make a sink of a file's number, or of none."""
    every = []

    def make(number):
        made = LineSink(None if number is None else Stream(number))
        made.setFormatter(logging.Formatter("%(message)s"))
        every.append(made)
        return made

    yield make
    for each in every:
        each.close()


def _say(sink, text=_LINE):
    sink.handle(logging.LogRecord("portal", logging.INFO, "", 0, text, (), None))


def _everything(number):
    os.set_blocking(number, False)
    found = b""
    try:
        while part := os.read(number, 65_536):
            found += part
    except BlockingIOError:
        pass
    return found.decode().splitlines()


@pytest.fixture
def pipe():
    out, into = os.pipe()
    fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, 4_096)
    yield out, into
    for each in (out, into):
        try:
            os.close(each)
        except OSError:
            continue


def test_a_pipe_that_nobody_empties_is_not_waited_for_and_the_lost_are_counted(pipe, sink_of):
    out, into = pipe
    sink = sink_of(into)
    for _ in range(100):
        _say(sink)
    came = _everything(out)
    assert 0 < len(came) < 100
    assert set(came) == {_LINE}
    _say(sink, "again")
    notice, again = _everything(out)
    assert json.loads(notice)["count"] == 100 - len(came)
    assert again == "again"
    # Others who write to the same pipe may wait as they did.
    assert os.get_blocking(into)


def test_a_line_that_fits_in_part_does_not_run_into_the_next(pipe, sink_of):
    out, into = pipe
    sink = sink_of(into)
    _say(sink, "y" * 10_000)
    first = _everything(out)
    _say(sink, "next")
    assert _everything(out)[-1] == "next"
    assert len(first) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_a_full_disk_a_reader_that_has_gone_and_no_file_at_all_stop_nothing(pipe, sink_of):
    out, into = pipe
    gone = sink_of(into)
    os.close(out)
    full = os.open("/dev/full", os.O_WRONLY)
    for sink in (gone, sink_of(into), sink_of(full), sink_of(None)):
        for _ in range(3):
            _say(sink)
        assert sink._lost == 3
    os.close(full)


def test_a_file_gets_every_line_after_what_is_there(tmp_path, sink_of):
    with (tmp_path / "log").open("w") as file:
        file.write("before\n")
        file.flush()
        sink = sink_of(file.fileno())
        _say(sink, "one")
        _say(sink, "Stra\N{LATIN SMALL LETTER SHARP S}e \udcff")
    assert (tmp_path / "log").read_text().splitlines() == [
        "before",
        "one",
        "Stra\N{LATIN SMALL LETTER SHARP S}e \\udcff",
    ]


def test_a_socket_that_nobody_reads_is_not_waited_for(sink_of):
    near, far = socket.socketpair()
    sink = sink_of(near.fileno())
    for _ in range(5_000):
        _say(sink)
    assert 0 < sink._lost < 5_000
    near.close()
    far.close()


def test_a_record_that_can_not_be_written_as_text_is_only_lost(sink_of):
    sink = sink_of(None)
    sink.handle(logging.LogRecord("portal", logging.INFO, "", 0, "%d", ("x",), None))
    assert sink._lost == 1
