"""Reviews: how long opening a large one takes, and what somebody who types an answer waits for."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from playwright.sync_api import Page, Response, sync_playwright

from bench.homes import Home, open_home
from bench.report import Line, Section
from kpi_engine.definitions.kinds import KpiKey
from portal.models import people
from portal.models.observations import ScopeKind
from portal.services import review_cycles, review_opening, reviews
from portal.services.auditing import Trace
from portal.services.desks import Desk, open_desk
from portal.services.review_cards import Frozen, ReviewKind
from portal.services.review_cycles import NewCycle
from portal.services.signing_in import actor_of
from portal.tenancy.keys import TenantKey
from tests.browser.copying import copied
from tests.browser.stand import People, Stand, Watch, chromium_of, launched, run, serving, visit

_TENANT = TenantKey("kestrel")
_OPENER, _OWNER = "naomi.adler@kestrel.example", "dilara.aksoy@kestrel.example"
_ANSWERED = "new_leads"
_KPIS, _PEOPLE = 60, 25
_SECONDS, _SAVED_MS = 2.0, 60
_WARM, _KEYS, _LATE = 5, 100, 0.95
_TYPED = "#review-field-words"


@dataclass(frozen=True, slots=True)
class Typed:
    """How many milliseconds each save took, the shortest first."""

    waits: tuple[float, ...]

    def at(self, part: float) -> float:
        """Return the milliseconds that a part of the saves took at most."""
        return self.waits[min(int(part * len(self.waits)), len(self.waits) - 1)]


@dataclass(frozen=True, slots=True)
class _Opened:
    """Reviews that were opened: seconds each, what the last froze, and where it is."""

    seconds: list[float]
    items: int
    people: int
    kpis: int
    review: str


def reviewing(data: Path, size: str, rounds: int) -> Section:
    """Open reviews of 60 KPIs, for the company and for each person, and type in one."""
    del size
    home = data / "pages"
    if not home.exists():
        run(home, "demo", "--make-only")
    with TemporaryDirectory() as folder:
        # The database's own account has to get at it.
        Path(folder).chmod(0o711)
        # Reviews that are opened stay: the data folder of the other benches is left as it is.
        copy = copied(home, Path(folder) / "home")
        with serving(copy) as stand, open_home(copy) as opened:
            company = _open(opened, ScopeKind.TENANT, rounds)
            each = _open(opened, ScopeKind.OWNER, rounds)
            typed = _type(stand, company.review)
    return Section("Reviews (demo)", _TEXT, tuple(_lines(company, each, typed)))


_TEXT = (
    "The demo's generated company. Opening freezes values, targets, states, definitions and data"
    " quality of all KPIs in one transaction; a KPI that has no number for a person is not asked of"
    " them. Typing is in Chromium, signed in as the KPI's owner, in the company's review: the"
    " time from asking to save until the answer is there."
)


def _open(home: Home, scope: ScopeKind, rounds: int) -> _Opened:
    """Open reviews of the newest month, each in a cycle of its own."""
    # The first asks of every KPI that is adopted, and warms up.
    seconds, last = _opened(home, scope, ())
    asked = tuple(dict.fromkeys(one.kpi for one in last))[:_KPIS]
    laps: list[float] = []
    for _ in range(rounds):
        seconds, last = _opened(home, scope, asked)
        laps.append(seconds)
    whose = len({one.who for one in last})
    return _Opened(laps, len(last), whose, len({one.kpi for one in last}), str(last[0].review))


def _opened(
    home: Home, scope: ScopeKind, kpis: tuple[KpiKey, ...]
) -> tuple[float, tuple[Frozen, ...]]:
    new = NewCycle(ReviewKind.MONTHLY, uuid4().hex[:8], kpis, scope=scope)
    with _desk(home) as desk:
        cycle = review_cycles.add(desk, new, Trace(desk.now))
    began = time.perf_counter()
    with _desk(home) as desk:
        made = review_opening.open_review(desk, home.workshop, cycle, "", Trace(desk.now))
    took = time.perf_counter() - began
    with _desk(home) as desk:
        return took, tuple(one.frozen for one in reviews.whole(desk.session, made).items)


@contextmanager
def _desk(home: Home) -> Iterator[Desk]:
    with home.database.session(_TENANT) as session:
        rows = session.scalars(people.everybody()).all()
        row = next(one for one in rows if one.email == _OPENER)
        yield open_desk(session, actor_of(_TENANT, row), datetime.now(UTC))  # noqa: TID251 - the portal beside it has this clock too


def _type(stand: Stand, review: str) -> Typed:
    """Type an answer key by key; each is saved before the next."""
    with sync_playwright() as playwright:
        where = chromium_of(playwright)
        if where is None:
            raise RuntimeError("There is no Chromium here; `make chromium` brings it.")
        browser = launched(playwright, where)
        context, page = People(stand, browser).window(_OWNER, Watch(stand.host))
        visit(page, f"{stand.url}/reviews/{review}?kpi={_ANSWERED}")
        page.focus(_TYPED)
        waits = [_key(page, number) for number in range(_KEYS + _WARM)][_WARM:]
        context.close()
        browser.close()
    return Typed(tuple(sorted(waits)))


def _key(page: Page, number: int) -> float:
    """Press one key; return the milliseconds from asking to save to the end of the answer."""
    with page.expect_response(_saves) as told:
        page.keyboard.press("abcde fghij"[number % 11])
    told.value.finished()
    timing = told.value.request.timing
    return timing["responseEnd"] - timing["requestStart"]


def _saves(response: Response) -> bool:
    return "review-outbox" in (response.request.post_data or "")


def _lines(company: _Opened, each: _Opened, typed: Typed) -> Iterator[Line]:
    for told, what in ((company, "the company"), (each, f"{each.people} people")):
        name = f"open a review of {told.kpis} KPIs for {what}: {told.items:,} numbers"
        yield _second(name, statistics.median(told.seconds))
    # Not every KPI has a number of every person: what is asked is told by what it takes for each.
    yield _second(
        f"so {_KPIS} KPIs for {_PEOPLE} people, all with numbers",
        statistics.median(each.seconds) / each.items * _KPIS * _PEOPLE,
    )
    yield Line("a key's save in the first, p50", f"{typed.at(0.5):.0f} ms")
    late = typed.at(_LATE)
    yield Line("the same, p95", f"{late:.0f} ms", f"under {_SAVED_MS} ms", late < _SAVED_MS)


def _second(name: str, took: float) -> Line:
    return Line(name, f"{took:.2f} s", f"under {_SECONDS:.0f} s", took < _SECONDS)
