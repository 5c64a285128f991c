"""A mail server that refuses, hangs, drips, puts off or lets go: nothing waits long, none is lost."""

import socket
import threading
from contextlib import contextmanager, suppress
from time import monotonic

import pytest

from portal.services import mailing
from portal.services.letters import Letter
from portal.services.mailing import NotTakenError, Post

FINE = {
    "GREETING": "220 here\r\n",
    "EHLO": "250 here\r\n",
    "MAIL": "250 fine\r\n",
    "RCPT": "250 fine\r\n",
    "DATA": "354 go on\r\n",
    ".": "250 taken\r\n",
    "QUIT": "221 bye\r\n",
    "RSET": "250 fine\r\n",
}
HANGS, LETS_GO, DRIPS = "hangs", "lets go", "drips"


@contextmanager
def mail_server(**odd: str):
    """A mail server that says at each step what it is told to; yields its address and the mails."""
    said, taken, over = {**FINE, **odd}, [], threading.Event()

    def speak(line: socket.socket, step: str) -> bool:
        told = said[step]
        if told == HANGS:
            over.wait(30)
        elif told == DRIPS:
            while not over.wait(0.05):
                line.sendall(b"2")
        elif told != LETS_GO:
            line.sendall(told.encode())
        return told not in {HANGS, LETS_GO, DRIPS}

    def answer(line: socket.socket) -> None:
        with line, line.makefile("rb") as heard, suppress(OSError):
            if not speak(line, "GREETING"):
                return
            while word := heard.readline().decode().strip().upper()[:4]:
                if word == "DATA" and said["DATA"].startswith("354"):
                    line.sendall(said["DATA"].encode())
                    mail = b"".join(iter(heard.readline, b".\r\n"))
                    if said["."].startswith("250"):
                        taken.append(mail)
                    word = "."
                if not speak(line, word):
                    return

    with socket.create_server(("127.0.0.1", 0)) as door:

        def stand() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=[door.accept()[0]], daemon=True).start()

        threading.Thread(target=stand, daemon=True).start()
        try:
            yield f"smtp://127.0.0.1:{door.getsockname()[1]}", taken
        finally:
            over.set()
            door.shutdown(socket.SHUT_RDWR)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(mailing, "_PATIENCE", 0.5)
    monkeypatch.setattr(mailing, "_DEADLINE", 1.5)


@pytest.fixture
def post(tmp_path):
    return lambda address: Post(tmp_path, address, "meridian@kpi.example")


LETTER = Letter("ann@example.org", "Hello", "Text")


def test_a_server_that_does_what_it_should_takes_the_mail_once(post):
    """The twin of all below."""
    with mail_server() as (address, taken):
        post(address).send([LETTER])
    (mail,) = taken
    assert b"To: ann@example.org" in mail


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("GREETING", HANGS),
        ("GREETING", LETS_GO),
        ("GREETING", DRIPS),
        ("GREETING", "421 too many\r\n"),
        ("GREETING", "554 go away\r\n"),
        ("GREETING", "no mail server\r\n"),
        ("MAIL", "421 later\r\n"),
        ("MAIL", "452 full\r\n"),
        ("RCPT", "450 greylisted, come back in five minutes\r\n"),
        ("RCPT", "451 later\r\n"),
        ("RCPT", "550 nobody\r\n"),
        ("DATA", "451 later\r\n"),
        (".", "451 later\r\n"),
        (".", "554 spam\r\n"),
    ],
)
def test_what_was_certainly_not_taken_may_be_tried_again_and_then_goes_once(post, step, told):
    before = monotonic()
    with mail_server(**{step: told}) as (address, taken), pytest.raises(NotTakenError):
        post(address).send([LETTER])
    assert taken == []
    assert monotonic() - before < 5
    with mail_server() as (address, taken):
        post(address).send([LETTER])
    assert len(taken) == 1


@pytest.mark.parametrize("step", ["EHLO", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("how", [HANGS, LETS_GO, DRIPS])
def test_a_server_that_falls_silent_is_left_and_it_is_said_that_nobody_knows(post, step, how):
    before = monotonic()
    with mail_server(**{step: how}) as (address, _), pytest.raises(OSError) as caught:  # noqa: PT011
        post(address).send([LETTER])
    assert not isinstance(caught.value, NotTakenError)
    assert monotonic() - before < 5


@pytest.mark.parametrize("goodbye", [HANGS, LETS_GO, DRIPS, "421 busy\r\n", "500 what\r\n"])
def test_what_was_taken_is_taken_however_the_server_says_goodbye(post, goodbye):
    before = monotonic()
    with mail_server(QUIT=goodbye) as (address, taken):
        post(address).send([LETTER])
    assert len(taken) == 1
    assert monotonic() - before < 5


def test_a_server_that_is_not_there_takes_nothing(post):
    with pytest.raises(NotTakenError):
        post("smtp://127.0.0.1:1").send([LETTER])
