"""The portal asks only hosts that were allowed, at addresses of the open internet."""

import socket
import threading
import time

import pytest

from portal.services import outgoing
from portal.services.outgoing import Outgoing, OutgoingError, is_public

PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
    "no address",
]
FORBIDDEN = [
    "http://sso.example.org/x",
    "https://sso.example.org:0/x",
    "https://other.example.org/x",
    "https://sso.example.org.evil.example/x",
    "https://sso.example.org@evil.example/x",
    "https://evil.example#sso.example.org",
    "https://user:secret@sso.example.org/",
    "https://sso.example.org/#x",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "ftp://sso.example.org/",
    "file:///etc/passwd",
    "sso.example.org",
    "",
    "https://",
    "https://ｓso.example.org/",
    "https://sso.example.org:99999/",
    "https://[/",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_a_network_of_one_s_own_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_an_address_of_the_open_internet_is(address):
    assert is_public(address)


@pytest.mark.parametrize("url", FORBIDDEN)
def test_an_address_that_was_not_allowed_is_not_asked(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _never)
    asks = Outgoing(frozenset({"sso.example.org"}))
    assert not asks.admits(url)
    with pytest.raises(OutgoingError):
        asks.get(url)


def test_one_s_own_machine_is_asked_only_where_that_is_allowed():
    assert not Outgoing(frozenset({"127.0.0.1"})).admits("http://127.0.0.1:8/x")
    assert Outgoing(frozenset({"127.0.0.1"}), loopback=True).admits("http://127.0.0.1:8/x")
    assert not Outgoing(frozenset({"sso.example.org"}), loopback=True).admits(
        "http://sso.example.org/x"
    )


@pytest.mark.parametrize("address", PRIVATE[:-1])
def test_a_name_that_means_an_address_of_one_s_own_leads_nowhere(address, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _resolving(address))
    monkeypatch.setattr(socket, "create_connection", _never)
    with pytest.raises(OutgoingError, match="open internet"):
        Outgoing(frozenset({"sso.example.org"})).get("https://sso.example.org/x")


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _resolving("1.1.1.1", "10.0.0.1"))
    monkeypatch.setattr(socket, "create_connection", _never)
    with pytest.raises(OutgoingError, match="open internet"):
        Outgoing(frozenset({"sso.example.org"})).get("https://sso.example.org/x")


def test_a_name_is_resolved_once_and_that_address_is_asked(monkeypatch):
    resolved, connected = [], []

    def resolve(host, port, **_):
        resolved.append(host)
        return [(0, 0, 0, "", ("1.1.1.1" if len(resolved) == 1 else "127.0.0.1", port))]

    def connect(address, timeout):
        connected.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OutgoingError):
        Outgoing(frozenset({"sso.example.org"})).get("https://sso.example.org/x")
    assert (resolved, connected) == (["sso.example.org"], [("1.1.1.1", 443)])


def test_a_certificate_that_nobody_vouches_for_is_refused(monkeypatch):
    plain = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_say_no, args=(plain,), daemon=True).start()
    with pytest.raises(OutgoingError):
        Outgoing(frozenset({"127.0.0.1"}), loopback=True).get(
            f"https://127.0.0.1:{plain.getsockname()[1]}/"
        )
    plain.close()


def test_a_server_that_sends_a_byte_now_and_then_is_cut_off(monkeypatch):
    monkeypatch.setattr(outgoing, "_DEADLINE", 0.5)
    plain = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_drip, args=(plain,), daemon=True).start()
    began = time.monotonic()
    with pytest.raises(OutgoingError):
        Outgoing(frozenset({"127.0.0.1"}), loopback=True).get(
            f"http://127.0.0.1:{plain.getsockname()[1]}/"
        )
    assert time.monotonic() - began < 4
    plain.close()


def _resolving(*addresses):
    def resolve(host, port, **_):
        return [(0, 0, 0, "", (each, port)) for each in addresses]

    return resolve


def _never(*_, **__):
    raise AssertionError("nothing may be asked")


def _say_no(server):
    held, _ = server.accept()
    held.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    held.close()


def _drip(server):
    held, _ = server.accept()
    try:
        held.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(200):
            held.sendall(b" ")
            time.sleep(0.1)
    except OSError:
        pass
    held.close()
