"""The portal as it is run: a server in a process of its own, asked through plain sockets."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import requests

THREADS = 4
_PATIENCE = 60


@dataclass(frozen=True)
class Served:
    """A portal that answers."""

    port: int
    metrics: int
    log: Path
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def knock(self) -> socket.socket:
        """A connection on which nothing was said yet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE)

    def say(self, raw: bytes) -> bytes:
        """Everything that is answered to `raw`, until the server hangs up or is silent."""
        with closing(self.knock()) as line:
            line.sendall(raw)
            return heard(line)

    def status(self, raw: bytes) -> int:
        """The status of the first answer; 0 where the server only hangs up."""
        said = self.say(raw)
        return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/") else 0

    def answers(self) -> float:
        """How many seconds an ordinary request takes."""
        before = monotonic()
        assert requests.get(f"{self.url}/login", timeout=_PATIENCE).status_code == 200
        return monotonic() - before

    def figures(self) -> str:
        """What a monitoring system reads."""
        return requests.get(f"http://127.0.0.1:{self.metrics}/metrics", timeout=_PATIENCE).text

    def lines(self) -> list[str]:
        """The lines of its log."""
        return self.log.read_text("utf-8", "replace").splitlines()

    def workers(self) -> list[int]:
        """The processes that answer; what makes numbers of an earlier load is a child of it too."""
        own = _said_to(self.pid)
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(each) for each in children if _said_to(int(each)) == own]

    def memory(self) -> int:
        """What all its processes that answer hold now, in bytes."""
        return sum(_resident(each) for each in (self.pid, *self.workers()))


class Guest:
    """Somebody with a browser of their own."""

    def __init__(self, served: Served) -> None:
        self.url, self.kept = served.url, requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.kept.get(f"{self.url}{path}", timeout=_PATIENCE)

    def post(self, path: str, fields: dict[str, str], page: str) -> requests.Response:
        """Send the form of a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page).text)
        token = found[1] if found else self.kept.cookies.get("csrf", "")
        data = {"csrf_token": token, **fields}
        return self.kept.post(
            f"{self.url}{path}", data=data, timeout=_PATIENCE, allow_redirects=False
        )

    def sign_in(self, email: str, password: str) -> requests.Response:
        return self.post("/login", {"email": email, "password": password}, "/login")

    def call(self, body: object) -> requests.Response:
        """Post a callback's body."""
        headers = {
            "X-CSRFToken": self.kept.cookies.get("csrf", ""),
            "Content-Type": "application/json",
        }
        raw = json.dumps(body).encode()
        url = f"{self.url}/_dash-update-component"
        return self.kept.post(url, data=raw, headers=headers, timeout=_PATIENCE)


def heard(line: socket.socket, silence: float = 2.0) -> bytes:
    """Everything that comes on a connection until it ends, or nothing came for a while."""
    line.settimeout(silence)
    found = b""
    try:
        while part := line.recv(65_536):
            found += part
    except OSError:
        pass
    return found


@contextmanager
def serving(
    environ: dict[str, str], folder: Path, *words: str, says: int | None = None
) -> Iterator[Served]:
    """Serve with one worker of a few threads, so that few slow requests would be too many.

    What it says goes to the log, or to the open file of the number `says`.
    """
    port, metrics = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
    told = {**kept, **environ, "PORTAL_SECRET_KEY": "0123456789abcdef" * 4, "PORTAL_URL": url}
    command = [sys.executable, "-m", "portal.cli", "serve", "--port", str(port)]
    command += ["--workers", "1", "--threads", str(THREADS), "--metrics-port", str(metrics), *words]
    log = folder / "served.log"
    with log.open("w") as sink:
        running = subprocess.Popen(command, env=told, stdout=sink, stderr=says or sink)
    try:
        made = Served(port, metrics, log, running.pid)
        _wait(made, running)
        yield made
    finally:
        running.terminate()
        running.wait(_PATIENCE)


def _wait(made: Served, running: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + _PATIENCE
    while monotonic() < until and running.poll() is None:
        try:
            requests.get(f"{made.url}/livez", timeout=5)
        except requests.RequestException:
            sleep(0.2)
        else:
            return
    raise AssertionError(made.log.read_text())


def _said_to(pid: int) -> bytes:
    """The command line of a process; nothing for one that has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _resident(pid: int) -> int:
    told = Path(f"/proc/{pid}/statm").read_text().split()
    return int(told[1]) * os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
