"""What comes over a socket: slow, endless, double-tongued and huge requests, to the real server."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from time import monotonic, sleep

import pytest
import requests

from portal.cli import patience
from portal.cli.patience import LARGEST_BODY, LARGEST_HEAD, MOST_WAITING
from tests.attacks.served import THREADS, heard

pytestmark = pytest.mark.slow

HOST = b"Host: 127.0.0.1\r\n"
FORM = b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
CALLBACK = (
    b"POST /_dash-update-component HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
)
GET = b"GET /login HTTP/1.1\r\n" + HOST
HIDDEN = b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n"

UNFINISHED = {
    "nothing": b"",
    "half a line": b"GET /lo",
    "a head without an end": GET + b"X-a: ",
    "a body that does not come": FORM + b"Content-Length: 500\r\n\r\nemail=",
    "a body in pieces without end": CALLBACK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
}

TWO_MEANINGS = {
    "both": FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "both, turned": FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "another coding": FORM + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two codings": FORM + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a coding twice": FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
    "a blank before the colon": FORM + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a folded line": FORM + b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "an odd blank": FORM + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "an underscore": FORM + b"Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": FORM + b"Content-Length: 4\r\nContent-Length: 90\r\n\r\nabcd" + HIDDEN,
    "a list of lengths": FORM + b"Content-Length: 4, 90\r\n\r\nabcd" + HIDDEN,
    "a signed length": FORM + b"Content-Length: +4\r\n\r\nabcd" + HIDDEN,
    "a length below nothing": FORM + b"Content-Length: -4\r\n\r\nabcd" + HIDDEN,
    "a length in sixteens": FORM + b"Content-Length: 0x4\r\n\r\nabcd" + HIDDEN,
    "a blank before its colon": FORM + b"Content-Length : 4\r\n\r\nabcd" + HIDDEN,
    "an underscore in it": FORM + b"Content_Length: 400\r\n\r\n",
    "two hosts": GET + b"Host: evil.example\r\n\r\n",
    "a NUL in a name": GET + b"A\0b: c\r\n\r\n",
    "a NUL in a value": GET + b"A: b\0c\r\n\r\n",
    "no version": b"GET /login\r\n\r\n",
    "a version to come": b"GET /login HTTP/9.9\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a proxy's line": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + GET + b"\r\n",
}

TOO_LARGE = {
    "ten thousand headers": (GET + b"".join(b"X-%d: a\r\n" % n for n in range(10_000)), 431),
    "two hundred headers": (GET + b"".join(b"X-%d: a\r\n" % n for n in range(200)), 431),
    "a cookie of a megabyte": (GET + b"Cookie: " + b"x" * 1_000_000 + b"\r\n", 431),
    "a cookie of 20 kB": (GET + b"Cookie: " + b"x" * 20_000 + b"\r\n", 431),
    "a long address": (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n" + HOST, 431),
    "a body that is announced": (CALLBACK + b"Content-Length: 999999999999\r\n", 413),
    "a body just too long": (CALLBACK + b"Content-Length: %d\r\n" % (LARGEST_BODY + 1), 413),
}


@pytest.mark.parametrize("said", UNFINISHED.values(), ids=UNFINISHED)
def test_requests_that_do_not_end_hold_up_nobody(served, said):
    """Many more of them than there are threads; others are answered as if there were none."""
    with ExitStack() as stack:
        for _ in range(10 * THREADS):
            line = stack.enter_context(closing(served.knock()))
            line.sendall(said)
        sleep(0.3)
        assert served.answers() < 2
        with ThreadPoolExecutor(THREADS) as pool:
            assert max(pool.map(lambda _: served.answers(), range(2 * THREADS))) < 5


def test_a_request_that_drips_is_ended_and_one_in_two_parts_is_answered(served):
    with closing(served.knock()) as slow, closing(served.knock()) as fine:
        slow.sendall(GET)
        fine.sendall(GET[:10])
        sleep(0.3)
        fine.sendall(GET[10:] + b"\r\n")
        assert heard(fine).startswith(b"HTTP/1.1 200")
        until, ended = monotonic() + patience.WHOLE_WITHIN + 6, False
        slow.settimeout(0.5)
        while monotonic() < until and not ended:
            try:
                slow.sendall(b"X")
                ended = bool(slow.recv(4_096))
            except TimeoutError:
                continue
            except OSError:
                ended = True
        assert ended, "each byte may be in time, the whole is not"


def test_of_too_many_that_wait_the_oldest_goes(served):
    with ExitStack() as stack:
        first = stack.enter_context(closing(served.knock()))
        first.sendall(GET)
        sleep(0.2)
        for _ in range(MOST_WAITING + 5):
            line = stack.enter_context(closing(served.knock()))
            line.sendall(GET)
        assert heard(first).startswith(b"HTTP/1.1 408")
        assert served.answers() < 2


@pytest.mark.parametrize("said", TWO_MEANINGS.values(), ids=TWO_MEANINGS)
def test_what_two_servers_could_read_differently_is_refused_and_nothing_behind_it_is_read(
    served, said
):
    answer = served.say(said)
    assert answer.startswith(b"HTTP/1.1 4"), answer[:80]
    assert answer.count(b"HTTP/1.1 ") == 1, "what stands behind is no request of its own"


def test_two_requests_one_behind_the_other_are_two(served):
    """The twin of the above: plain ones are both answered, with what was sent for each."""
    body = b"csrf_token=x"
    plain = FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body
    answer = served.say(plain + HIDDEN)
    assert answer.count(b"HTTP/1.1 400") == 1, "a form without its token"
    assert answer.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize(("said", "status"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_is_too_large_is_refused_before_it_is_taken_in(served, said, status):
    before = served.memory()
    assert served.status(said + b"\r\n") in (status, 0), "0: it hung up while we still spoke"
    assert served.memory() - before < 20_000_000
    assert served.answers() < 2


def test_what_is_just_not_too_large_is_taken(served):
    assert LARGEST_HEAD > 16_384
    headers = b"".join(b"X-%d: %s\r\n" % (n, b"a" * 300) for n in range(60))
    assert served.status(GET + headers + b"\r\n") == 200
    # Whose it is was asked before its size: nobody has signed in.
    whole = CALLBACK + b"Content-Length: %d\r\n\r\n" % LARGEST_BODY + b"x" * LARGEST_BODY
    assert served.status(whole) == 401


def test_a_body_in_pieces_is_refused_by_who_is_signed_in_too(served, own, guest):
    assert guest.sign_in(own.email("rep"), own.password).status_code == 303

    def endless():
        while True:
            yield b"x" * 1_000

    before = served.memory()
    try:
        answer = guest.kept.post(f"{served.url}/_dash-update-component", data=endless(), timeout=30)
    except requests.ConnectionError:
        pass
    else:
        assert answer.status_code == 411
    assert served.memory() - before < 20_000_000
    assert guest.get("/account").status_code == 200


@pytest.mark.parametrize("said", [b"\x16\x03\x01\x02\x00\x01\x00", b"\0" * 4_000, b"\n" * 4_000])
def test_what_is_no_http_ends_quietly(served, said):
    assert served.status(said) in (0, 400, 408, 431)
    assert served.answers() < 2


def test_who_reads_no_answer_holds_up_nobody_for_long(served):
    """Answers that fit what the system keeps for a connection are written without waiting."""
    with ExitStack() as stack:
        for _ in range(3 * THREADS):
            line = stack.enter_context(closing(served.knock()))
            line.sendall(GET + b"\r\n")
        sleep(0.3)
        assert served.answers() < 2
