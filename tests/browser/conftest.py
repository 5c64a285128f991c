"""A browser in front of a demo that answers: made once for all tests here."""

import fcntl
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    TimeoutError,  # noqa: A004 - that of the browser
    sync_playwright,
)

from tests.browser.copying import copied
from tests.browser.stand import (
    WIDE,
    Open,
    People,
    Stand,
    StoppedPainting,
    Watch,
    chromium_of,
    launched,
    paints,
    run,
    serving,
    visit,
)

_MADE = "DEMO_HOME"
"""The environment may name a data folder in which the demo was made already."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None]:
    """Tell a window that Chromium no longer draws, once in thousands, from a page that is slow.

    No click comes to its end in such a window. A test that met one is tried once more, and only
    that one: see `--only-rerun` in pyproject.toml.
    """
    try:
        return (yield)
    except TimeoutError as late:
        found: Browser = item.funcargs["browser"]
        pages = (page for context in found.contexts for page in context.pages)
        stopped = [page.url for page in pages if not paints(page)]
        if not stopped:
            raise
        raise StoppedPainting(", ".join(stopped)) from late


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


@pytest.fixture(scope="module")
def demo_home(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with the demo in it; several processes of tests make it once.

    Each file of tests has a copy of its own: what one approves or acknowledges another still finds.
    """
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
    yield copied(shared, mine)
    shutil.rmtree(mine)


@pytest.fixture(scope="module")
def stand(demo_home: Path) -> Iterator[Stand]:
    """The demo, serving."""
    with serving(demo_home) as found:
        yield found


@pytest.fixture(scope="module")
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
