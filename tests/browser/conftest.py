"""A browser in front of a demo that answers: made once for all tests here."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.stand import (
    WIDE,
    Open,
    People,
    Stand,
    Watch,
    chromium_of,
    launched,
    run,
    serving,
    visit,
)

_MADE = "DEMO_HOME"
"""The environment may name a data folder in which the demo was made already."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        where = chromium_of(playwright)
        if where is None:
            pytest.skip("there is no Chromium here; `make chromium` brings it")
        found = launched(playwright, where)
        yield found
        found.close()


@pytest.fixture(scope="session")
def demo_home(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo in it; several processes of tests make it once."""
    mine = tmp_path_factory.mktemp("demo") / "home"
    base = tmp_path_factory.getbasetemp()
    # One for all processes of a run, and of no other run: that may be of other code.
    run_of = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shared = Path(os.environ.get(_MADE, run_of / "demo-made"))
    with (shared.parent / f"{shared.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            run(shared, "demo", "--make-only")
            run(shared, "db", "stop")
    shutil.copytree(shared, mine, copy_function=_copied, symlinks=True, ignore=_sockets)
    for folder, _, files in os.walk(shared):
        for name in [".", *files]:
            _owned(Path(folder, name), mine / Path(folder).relative_to(shared) / name)
    return mine


def _copied(source: str, target: str) -> str:
    return str(shutil.copy2(source, target))


def _sockets(folder: str, names: list[str]) -> list[str]:
    """What is no file can't be copied."""
    return [name for name in names if Path(folder, name).is_socket()]


def _owned(source: Path, target: Path) -> None:
    """PostgreSQL's folder belongs to a user of its own where root runs the tests."""
    if os.geteuid() == 0 and target.exists():
        told = source.stat()
        os.chown(target, told.st_uid, told.st_gid)


@pytest.fixture(scope="session")
def stand(demo_home: Path) -> Iterator[Stand]:
    """The demo, serving."""
    with serving(demo_home) as found:
        yield found


@pytest.fixture(scope="session")
def people(stand: Stand, browser: Browser) -> People:
    """Who may sign in."""
    return People(stand, browser)


@pytest.fixture
def opened(people: People, stand: Stand) -> Iterator[Open]:
    """Open a page as somebody. At the end nothing may have gone wrong behind it."""
    watch, contexts = Watch(stand.host), list[BrowserContext]()

    def open_(
        email: str, path: str = "/", size: tuple[int, int] = WIDE, theme: str = "light"
    ) -> Page:
        context, page = people.window(email, watch, size, theme)
        contexts.append(context)
        visit(page, stand.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watch.faults == []
