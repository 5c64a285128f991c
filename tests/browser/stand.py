"""The demo in a server of its own, and people in front of it: what tests and photographs share."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Request,
    Route,
    StorageState,
    TimeoutError,  # noqa: A004 - that of the browser
)

from tests.browser.places import Place

WIDE, NARROW = (1440, 900), (390, 844)
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 45_000
_SETTLED = """() => !document.getElementById('first')
    && !document.querySelector('[data-dash-is-loading="true"]')
    && [...document.querySelectorAll('.dash-graph')].every(each => each.querySelector('.main-svg'))"""


@dataclass(frozen=True, slots=True)
class Stand:
    """A demo that answers."""

    url: str
    passwords: dict[str, str]

    @property
    def host(self) -> str:
        """Where it listens."""
        return urlsplit(self.url).netloc


@dataclass
class Watch:
    """What went wrong in a page that nobody sees: errors, and requests off the host."""

    host: str
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Begin to watch."""
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on(
            "console",
            lambda said: (
                self.faults.append(f"console: {said.text}") if said.type == "error" else None
            ),
        )
        page.on("requestfailed", self._failed)

    def gate(self, route: Route) -> None:
        """Let through what stays on the host, and nothing else."""
        address = urlsplit(route.request.url)
        if address.scheme in {"data", "blob"} or address.netloc == self.host:
            route.continue_()
        else:
            self.faults.append(f"off the host: {route.request.url}")
            route.abort()

    def _failed(self, request: Request) -> None:
        # A page that is left takes what it was still asking for with it.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.faults.append(f"failed: {request.url}: {request.failure}")


def chromium_of(playwright: Playwright) -> str | None:
    """Return where Chromium is: the machine's own, or Playwright's; None without any.

    The one that is made to run without a window comes first: on a busy machine the whole one stops
    drawing a window now and then (see docs/adr/0025), and takes more of the machine.
    """
    own = (shutil.which(name) for name in ("chromium-headless-shell", "chromium"))
    fetched = playwright.chromium.executable_path
    return next(filter(None, own), fetched if Path(fetched).exists() else None)


def launched(playwright: Playwright, where: str) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(executable_path=where, args=list(_FLAGS))


def run(home: Path, *arguments: str) -> None:
    """Run one command of the portal on a data folder to its end."""
    subprocess.run([*COMMAND, *arguments], check=True, env=_environ(home), capture_output=True)


@contextmanager
def serving(home: Path) -> Iterator[Stand]:
    """Serve the demo of a data folder on a free port, until the end of the `with`."""
    command = [*COMMAND, "demo", "--port", str(free_port()), "--format", "json"]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(
            command, env=_environ(home), stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line, (home / "server.log").read_text()
        told = json.loads(line)
        yield Stand(told["url"], {each["email"]: each["password"] for each in told["users"]})
    finally:
        server.terminate()
        server.wait(30)
        if server.stdout is not None:
            server.stdout.close()
        run(home, "db", "stop")


COMMAND = (sys.executable, "-m", "tests.browser.on_a_day")
"""The portal, on the day for which the demo is made here."""


def _environ(home: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
    return {**kept, "PORTAL_HOME": str(home)}


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class People:
    """Signs people in, each once; their further windows are signed in already."""

    def __init__(self, stand: Stand, browser: Browser) -> None:
        self._stand = stand
        self._browser = browser
        self._known: dict[str, StorageState] = {}

    def window(
        self,
        email: str,
        watch: Watch,
        size: tuple[int, int] = WIDE,
        theme: str = "light",
    ) -> tuple[BrowserContext, Page]:
        """Open a window of somebody who is signed in."""
        if email not in self._known:
            self._known[email] = self._sign_in(email)
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            storage_state=self._known[email],
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            locale="en-GB",
            is_mobile=size == NARROW,
            has_touch=size == NARROW,
        )
        context.add_cookies([{"name": "theme", "value": theme, "url": self._stand.url}])
        context.route("**/*", watch.gate)
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        watch.over(page)
        return context, page

    def _sign_in(self, email: str) -> StorageState:
        context = self._browser.new_context()
        page = context.new_page()
        page.goto(f"{self._stand.url}/login", timeout=_PATIENCE)
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", self._stand.passwords[email])
        page.click("button[type=submit]")
        page.wait_for_url(f"{self._stand.url}/", timeout=_PATIENCE)
        state = context.storage_state()
        context.close()
        return state


class StoppedPainting(Exception):  # noqa: N818 - a state of the browser, not a fault of the page
    """Chromium runs a page's code and answers for it, but draws no frame of it any more."""


def paints(page: Page) -> bool:
    """Tell whether a page is still drawn. One whose code hangs counts: that is the page's fault."""
    try:
        answer = page.wait_for_function(_FRAME, polling=1000, timeout=20_000)
    except TimeoutError:
        return True
    return str(answer.json_value()) == "drawn"


_FRAME = """() => new Promise(done => {
    const late = setTimeout(() => done('not drawn'), 5000);
    requestAnimationFrame(() => { clearTimeout(late); done('drawn'); });
})"""


def visit(page: Page, url: str) -> None:
    """Go to an address, and wait until everything on the page has come."""
    page.goto(url, wait_until="load")
    if not paints(page):
        page.reload(wait_until="load")
    page.wait_for_selector("main h1, main h2")
    page.evaluate(_SEEN)
    page.wait_for_function(_SETTLED)
    page.wait_for_load_state("networkidle")


def follow(page: Page, place: Place) -> None:
    """Go on to where a place's link leads, if it has one."""
    if place.link:
        href = page.locator(place.link).first.get_attribute("href") or ""
        # The link may carry a query of its own; the place brings another.
        path = href.partition("?")[0] + place.rest if place.rest else href
        visit(page, urljoin(page.url, path))


# Charts are drawn when they come into view: go down to the end and back.
_SEEN = """async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 400) {
        window.scrollTo(0, y);
        await new Promise(done => setTimeout(done, 30));
    }
    window.scrollTo(0, 0);
}"""
Open = Callable[..., Page]
