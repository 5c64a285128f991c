"""Asking another server: only hosts that were allowed, by addresses of the open internet.

The name is resolved once, every address it has must be public, and the connection goes to one of
those: a name that means another machine a moment later leads nowhere. No redirect is followed, and
no answer is larger or slower than what is asked for can be.
"""

import json
import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from portal.config import LOOPBACK
from portal.errors import PortalError

_PATIENCE, _DEADLINE = 5.0, 10.0
_LARGEST = 1_000_000
_CHUNK = 65_536
_TLS, _PLAIN = 443, 80
_FINE, _NO = 200, (400, 401, 403)
# Forms of IPv6 that carry an address of IPv4, which may be a private one.
_CARRIERS = tuple(ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"))


class OutgoingError(PortalError):
    """Another server may not be asked, or does not answer as it should."""


class OutgoingRefusedError(OutgoingError):
    """The server has understood, and says no."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What may be asked."""

    hosts: frozenset[str]
    loopback: bool = False
    """Whether one's own machine may be asked, without TLS: for a demo and for trying things out."""

    def get(self, url: str) -> dict[str, Any]:
        """Return the JSON object at an address.

        Raises:
            OutgoingError: if it may not be asked, or does not answer with one.
        """
        return self._ask("GET", url, None, {})

    def post(self, url: str, body: str, user: str, password: str) -> dict[str, Any]:
        """Send a form with a name and a password; return the JSON object that comes back.

        Raises:
            OutgoingError: if it may not be asked, or does not answer with one.
        """
        both = f"{quote(user, safe='')}:{quote(password, safe='')}"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Basic {b64encode(both.encode()).decode()}",
        }
        return self._ask("POST", url, body, headers)

    def admits(self, url: str) -> bool:
        """Say whether an address is one that may be asked, by its form and its host."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        own = self.loopback and host in LOOPBACK
        fits = parts.scheme == "https" or (parts.scheme == "http" and own)
        plain = parts.username is None and parts.password is None and not parts.fragment
        # A name between dots and digits only: no other way to write an address gets through.
        return fits and plain and url.isascii() and port != 0 and host in self.hosts

    def _ask(
        self, method: str, url: str, body: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        if not self.admits(url):
            raise OutgoingError("This address may not be asked.")
        parts = urlsplit(url)
        try:
            return _json(self._answer(parts, method, body, headers))
        except (OSError, HTTPException, ValueError, RecursionError) as error:
            raise OutgoingError("The server does not answer as it should.") from error

    def _answer(
        self, parts: SplitResult, method: str, body: str | None, headers: Mapping[str, str]
    ) -> bytes:
        connection = self._connection(parts)
        # A server that sends a byte now and then would hold this request for hours.
        timer = Timer(_DEADLINE, _cut, [connection])
        timer.start()
        try:
            connection.connect()
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            sent = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
            connection.request(method, path, body=body, headers=sent)
            return _read(connection.getresponse())
        finally:
            timer.cancel()
            connection.close()

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        host = parts.hostname or ""
        own = self.loopback and host in LOOPBACK
        port = parts.port or (_TLS if parts.scheme == "https" else _PLAIN)
        address = _resolved(host, port, own=own)
        if parts.scheme == "https":
            return _PinnedTls(host, port, address)
        return _Pinned(host, port, address)


class _Pinned(HTTPConnection):
    """A connection to one address of a host, whatever its name means by now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=_PATIENCE)
        self._address = address

    def connect(self) -> None:
        """Connect to that address."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _PinnedTls(HTTPSConnection):
    """The same over TLS, with the certificate held against the host's name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._safe = ssl.create_default_context()
        super().__init__(host, port, timeout=_PATIENCE, context=self._safe)
        self._address = address

    def connect(self) -> None:
        """Connect to that address."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._safe.wrap_socket(self.sock, server_hostname=self.host)


def _resolved(host: str, port: int, *, own: bool) -> str:
    """Return one address of a host, all of which may be asked."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not (own or all(is_public(each) for each in found)):
        raise OutgoingError("This host is not on the open internet.")
    return found[0]


def is_public(text: str) -> bool:
    """Say whether an address of the network is one of the open internet."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in each for each in _CARRIERS):
            return False
    return found.is_global and not found.is_multicast


def _read(answer: HTTPResponse) -> bytes:
    if answer.status in _NO:
        raise OutgoingRefusedError("The server says no.")
    if answer.status != _FINE or answer.getheader("Content-Encoding", "identity") != "identity":
        raise OutgoingError("The server refuses, or sends us elsewhere.")
    held = bytearray()
    while part := answer.read1(_CHUNK):
        held += part
        if len(held) > _LARGEST:
            raise OutgoingError("The answer is larger than any that is asked for.")
    return bytes(held)


def _json(raw: bytes) -> dict[str, Any]:
    found = json.loads(raw)
    if not isinstance(found, dict):
        raise OutgoingError("The answer is not in the form that was asked for.")
    return found


def _cut(connection: HTTPConnection) -> None:
    """End what is under way: closing alone would not wake up who reads."""
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
