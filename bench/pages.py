"""A leader's home in a browser, beside the same page as plain Dash comes."""

import statistics
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from bench.plain_dash import PANELS
from bench.report import Line, Section
from tests.browser.stand import chromium_of, free_port, launched, run, serving

_LEADER, _TEAM = "henrik.dahl@kestrel.example", "team-nordics"
_COLD, _WARM, _READABLE, _FILTER = 0.45, 0.6, 0.15, 0.8
_KB, _COLD_KB, _WARM_KB = 1000, 800, 40
# When the panels stand there, and when the first real number is in the text of the page.
_OURS_DRAWN = (
    # What came ready gives its place to what Dash has drawn.
    "() => !document.getElementById('first')"
    " && document.querySelectorAll('main .card').length >= 8"
    " && !document.querySelector('[data-dash-is-loading=\"true\"]')"
)
_OURS_READABLE = "() => /\\d/.test(document.querySelector('main .kc-value')?.textContent || '')"
_PLAIN_DRAWN = (
    f"() => document.querySelectorAll('.main-svg').length >= {PANELS}"
    " && !document.querySelector('[data-dash-is-loading=\"true\"]')"
    f" && [...document.querySelectorAll('.js-plotly-plot')].length >= {PANELS}"
)
_PLAIN_READABLE = "() => document.querySelector('.indicatorlayer .number')?.textContent"


@dataclass(frozen=True, slots=True)
class Seen:
    """One load of a page: milliseconds until its numbers and until all was drawn; bytes."""

    readable: float
    drawn: float
    size: int


def pages(data: Path, size: str, rounds: int) -> Section:
    """The home of a leader, cold, warm, and with another period, by both."""
    del size
    home = data / "pages"
    if not home.exists():
        run(home, "demo", "--make-only")
    with sync_playwright() as playwright:
        where = chromium_of(playwright)
        if where is None:
            raise RuntimeError("There is no Chromium here; `make chromium` brings it.")
        browser = launched(playwright, where)
        with serving(home) as stand, _plain(home) as plain:
            ours = _Ours(browser, stand.url, stand.passwords[_LEADER])
            told = {"portal": ours, "plain": _Plain(browser, plain)}
            found = {name: _measured(side, rounds) for name, side in told.items()}
        browser.close()
    return Section("A leader's home in a browser (demo)", _TEXT, tuple(_lines(found)))


_TEXT = (
    "The home of a leader with its panels in Chromium, by the portal (signed in, permissions and"
    " reach checked) and by plain Dash: a page of eight `dcc.Graph`, each filled by a callback that"
    " reads the same numbers by the same services, with Dash's own scripts. Both are served by"
    " gunicorn with two workers. Cold is a new browser profile, warm the same address again, a"
    " filter another month."
)


@dataclass
class _Side(ABC):
    """A page that is measured, in windows of its own."""

    browser: Browser
    url: str
    readable: str
    drawn: str

    def window(self) -> Page:
        """Return a new window with an empty cache, signed in where that is needed."""
        return self.browser.new_context(viewport={"width": 1440, "height": 900}).new_page()

    @abstractmethod
    def filter(self, page: Page) -> float:
        """Choose another month; return the milliseconds until it is drawn."""


class _Ours(_Side):
    def __init__(self, browser: Browser, url: str, password: str) -> None:
        super().__init__(browser, url, _OURS_READABLE, _OURS_DRAWN)
        page = browser.new_page()
        page.goto(f"{url}/login")
        page.fill("input[name=email]", _LEADER)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        page.wait_for_url(f"{url}/")
        self._state = page.context.storage_state()
        page.context.close()

    def window(self) -> Page:
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900}, storage_state=self._state
        )
        return context.new_page()

    def filter(self, page: Page) -> float:
        link = page.locator("main .menu-list a:not(.on)").first
        menu = page.locator("main details.menu summary").first
        menu.click()
        told = menu.inner_text()
        began = time.perf_counter()
        link.click()
        # The menu names what is chosen.
        page.wait_for_function(
            "told => document.querySelector('main details.menu summary')?.innerText !== told",
            arg=told,
        )
        page.wait_for_function(self.drawn)
        return (time.perf_counter() - began) * 1000


class _Plain(_Side):
    def __init__(self, browser: Browser, url: str) -> None:
        super().__init__(browser, url, _PLAIN_READABLE, _PLAIN_DRAWN)

    def filter(self, page: Page) -> float:
        answers: list[str] = []
        page.on(
            "response",
            lambda told: answers.append(told.url) if "_dash-update" in told.url else None,
        )
        page.click("#month")
        option = page.locator(".dash-dropdown-option, .VirtualizedSelectOption").first
        began = time.perf_counter()
        option.click()
        while len(answers) < PANELS:
            page.wait_for_timeout(5)
        page.wait_for_function(self.drawn)
        return (time.perf_counter() - began) * 1000


def _measured(side: _Side, rounds: int) -> Mapping[str, Seen | float]:
    cold, warm, filters = [], [], []
    for _ in range(rounds + 1):
        page = side.window()
        cold.append(_seen(side, page, lambda page: page.goto(side.url, wait_until="commit")))
        warm.append(_seen(side, page, lambda page: page.goto(side.url, wait_until="commit")))
        filters.append(side.filter(page))
        page.context.close()
    # The first round warms the servers up.
    return {"cold": _middle(cold[1:]), "warm": _middle(warm[1:]), "filter": _median(filters[1:])}


def _seen(side: _Side, page: Page, go: Callable[[Page], Any]) -> Seen:
    sizes: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    began = time.perf_counter()
    go(page)
    page.wait_for_function(side.readable)
    readable = time.perf_counter()
    page.wait_for_function(side.drawn)
    drawn = time.perf_counter()
    page.wait_for_load_state("networkidle")
    wire.detach()
    return Seen((readable - began) * 1000, (drawn - began) * 1000, int(sum(sizes)))


def _middle(seen: list[Seen]) -> Seen:
    return Seen(
        _median([one.readable for one in seen]),
        _median([one.drawn for one in seen]),
        int(_median([float(one.size) for one in seen])),
    )


_median = statistics.median


def _lines(found: Mapping[str, Mapping[str, Any]]) -> Iterator[Line]:
    ours, plain = found["portal"], found["plain"]
    for name, most in (("cold", _COLD), ("warm", _WARM)):
        yield Line(f"{name}, plain Dash, all drawn", f"{plain[name].drawn:.0f} ms")
        yield Line(f"{name}, portal, all drawn", f"{ours[name].drawn:.0f} ms")
        ratio = ours[name].drawn / plain[name].drawn
        yield Line(f"{name}, portal / plain", f"{ratio:.2f}", f"at most {most}", ratio <= most)
    part = ours["cold"].readable / plain["cold"].drawn
    yield Line("numbers readable, portal", f"{ours['cold'].readable:.0f} ms")
    yield Line(
        "numbers readable, part of plain Dash's cold time",
        f"{part:.2f}",
        f"at most {_READABLE}",
        part <= _READABLE,
    )
    yield Line("another month, plain Dash", f"{plain['filter']:.0f} ms")
    ratio = ours["filter"] / plain["filter"]
    yield Line("another month, portal", f"{ours['filter']:.0f} ms")
    yield Line(
        "another month, portal / plain", f"{ratio:.2f}", f"at most {_FILTER}", ratio <= _FILTER
    )
    for name, most in (("cold", _COLD_KB), ("warm", _WARM_KB)):
        size = ours[name].size / _KB
        yield Line(f"{name}, over the wire", f"{size:.0f} kB", f"at most {most} kB", size <= most)
        yield Line(f"{name}, over the wire, plain Dash", f"{plain[name].size / _KB:.0f} kB")


@contextmanager
def _plain(home: Path) -> Iterator[str]:
    port = free_port()
    asked = "from bench.plain_dash import serve; from pathlib import Path; import sys;"
    asked += "serve(Path(sys.argv[1]), 'kestrel', sys.argv[2], int(sys.argv[3]))"
    command = [sys.executable, "-c", asked, str(home), _TEAM, str(port)]
    server = subprocess.Popen(command)  # noqa: S603 - ours
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(url, timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Nothing answers at {url}.")
