"""Many people at once: homes of a running portal, asked over HTTP as browsers ask for them."""

import itertools
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import requests

from bench.report import Line, Section
from tests.browser.stand import COMMAND, free_port, run

PANELS = 8
"""What a leader's home has; all of them come in one answer."""
_LEADERS = tuple(
    f"{name}@kestrel.example"
    for name in ("katrin.vogel", "henrik.dahl", "fiona.macleod", "rafael.montes")
)
_NEIGHBOURS = ("edda.ravn@ravenstack.example", "sana.qureshi@ravenstack.example")
_STEADY, _EVERY, _STEADY_SECONDS = 50, 10.0, 60.0
_FLAT, _FLAT_SECONDS, _CROWD = 8, 20.0, 200
_PANEL_MS, _PANELS_A_SECOND, _NOISE, _START, _MB = 60, 300, 2.0, 3.0, 250
_MIDDLE, _LATE = 0.5, 0.95


@dataclass
class Told:
    """What a crowd saw: seconds of each answer, how many went wrong, how long it lasted."""

    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    lasted: float = 0.0

    def at(self, part: float) -> float:
        """Return the milliseconds that a part of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(int(part * len(ordered)), len(ordered) - 1)] * 1000

    @property
    def panels(self) -> float:
        """Panels a second."""
        return len(self.seconds) * PANELS / self.lasted


def many(data: Path, size: str, rounds: int) -> Section:
    """Leaders of the demo's company: 50 who work, eight and 200 flat out, and a neighbour."""
    del size, rounds
    home = data / "pages"
    if not home.exists():
        run(home, "demo", "--make-only")
    password = (home / "demo" / "password").read_text(encoding="utf-8").strip()
    with _served(home) as (url, pid, started):
        leaders = [_signed_in(url, mail, password) for mail in _LEADERS]
        others = [_signed_in(url, mail, password) for mail in _NEIGHBOURS]
        _crowd(url, leaders, 3.0)
        steady = _crowd(url, _so_many(leaders, _STEADY), _STEADY_SECONDS, every=_EVERY)
        flat = _crowd(url, _so_many(leaders, _FLAT), _FLAT_SECONDS)
        crowd = _crowd(url, _so_many(leaders, _CROWD), _FLAT_SECONDS)
        calm = _crowd(url, others, _FLAT_SECONDS, every=1.0)
        noisy = _beside(url, _so_many(leaders, 10 * len(others)), others)
        memory = max(_memory(each) for each in _children(pid))
    noise = noisy.at(_LATE) / calm.at(_LATE)
    lines = (
        *_lines(started, steady, flat, crowd),
        Line("another company's p95 alone", f"{calm.at(_LATE):.0f} ms"),
        Line(
            "the same beside ten times as many asks of its neighbour",
            f"{noise:.2f} times",
            "under 2",
            noise < _NOISE,
        ),
        Line("largest worker after that", f"{memory:.0f} MB", f"under {_MB} MB", memory < _MB),
    )
    return Section("Many people at once (demo)", _TEXT, lines)


_TEXT = (
    "Homes of sales leaders of the demo's generated company, signed in, permissions and reach"
    " checked, by `portal serve` with two workers; those who ask run on the same two cores. A home"
    " is one answer with its eight panels, so a panel takes what its page takes."
)


def _lines(started: float, steady: Told, flat: Told, crowd: Told) -> tuple[Line, ...]:
    panel = steady.at(_LATE)
    wrong = f"{crowd.wrong} of {len(crowd.seconds) + crowd.wrong:,}"
    return (
        Line("first answer after the start", f"{started:.1f} s", "under 3 s", started < _START),
        Line("50 people, a home every 10 s each, p50", f"{steady.at(_MIDDLE):.0f} ms"),
        Line("the same, p95", f"{panel:.0f} ms", f"under {_PANEL_MS} ms", panel < _PANEL_MS),
        Line(
            "flat out, panels a second",
            f"{flat.panels:.0f}",
            f"at least {_PANELS_A_SECOND}",
            flat.panels >= _PANELS_A_SECOND,
        ),
        Line("200 people flat out, errors", wrong, "none", not crowd.wrong),
        Line("200 people flat out, panels a second", f"{crowd.panels:.0f}"),
    )


def _crowd(url: str, cookies: Sequence[dict[str, str]], seconds: float, every: float = 0.0) -> Told:
    """Let each of some people open their home again and again."""
    told, lock, end = Told(), threading.Lock(), time.perf_counter() + seconds

    def work(at: int, mine: dict[str, str]) -> None:
        browser = requests.Session()
        browser.cookies.update(mine)
        # People do not begin in step.
        due = time.perf_counter() + (every * at / len(cookies) if every else 0.0)
        while (now := time.perf_counter()) < end:
            if now < due:
                time.sleep(min(due - now, 0.1))
                continue
            due += every
            _ask(browser, url, told, lock)

    began = time.perf_counter()
    _together([partial(work, at, mine) for at, mine in enumerate(cookies)])
    told.lasted = time.perf_counter() - began
    return told


def _ask(browser: requests.Session, url: str, told: Told, lock: threading.Lock) -> None:
    began = time.perf_counter()
    try:
        answer = browser.get(url, timeout=60)
        right = answer.status_code == requests.codes.ok and "kc-value" in answer.text
    except requests.RequestException:
        right = False
    took = time.perf_counter() - began
    with lock:
        if right:
            told.seconds.append(took)
        else:
            told.wrong += 1


def _together(works: Sequence[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _beside(url: str, many: Sequence[dict[str, str]], few: Sequence[dict[str, str]]) -> Told:
    """What a few see who ask once a second, while so many others do."""
    found: list[Told] = []

    def watch() -> None:
        found.append(_crowd(url, few, _FLAT_SECONDS, every=1.0))

    _together([partial(_crowd, url, many, _FLAT_SECONDS, every=1.0), watch])
    return found[0]


def _so_many(cookies: Sequence[dict[str, str]], count: int) -> list[dict[str, str]]:
    return list(itertools.islice(itertools.cycle(cookies), count))


def _signed_in(url: str, mail: str, password: str) -> dict[str, str]:
    browser = requests.Session()
    form = browser.get(f"{url}/login", timeout=60).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    token = found[1] if found else ""
    sent = {"email": mail, "password": password, "csrf_token": token}
    browser.post(f"{url}/login", data=sent, headers={"Origin": url}, timeout=60)
    return {each.name: each.value or "" for each in browser.cookies}


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, int, float]]:
    """Serve a data folder; yield its address, the process, and the seconds to its first answer."""
    port = free_port()
    url, began = f"http://127.0.0.1:{port}", time.perf_counter()
    command = [*COMMAND, "serve", "--port", str(port)]
    environ = {**os.environ, "PORTAL_HOME": str(home), "PORTAL_MODE": "demo"}
    with (home / "bench.log").open("w") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log)  # noqa: S603 - ours
    try:
        while not _answers(url):
            time.sleep(0.05)
        yield url, server.pid, time.perf_counter() - began
    finally:
        server.terminate()
        server.wait(30)
        run(home, "db", "stop")


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=5).ok
    except requests.RequestException:
        return False


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0
