"""Each KPI has a number of its own; what an owner is answered holds those of their KPIs alone."""

import uuid
from collections.abc import Iterator

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.units import Unit
from portal.models.observations import Observation
from portal.readmodels.formats import Formats
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import ownership_changes, people, targets
from portal.services.auditing import Trace
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from portal.services.ownership_changes import OwnerChange
from portal.services.people import NewPerson
from portal.services.targets import Author, Slot, Target
from tests.attacks.crawling import text_of
from tests.web.conftest import clock, joined, signed_in
from tests.web.portals import PASSWORD

__all__ = ["clock", "joined"]

OWN = ("won_revenue", "new_leads", "csat")
_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
_BACK = {Grain.DAY: 9, Grain.WEEK: 14, Grain.MONTH: 14, Grain.QUARTER: 9, Grain.YEAR: 3}
_SETS = ("goals", "sales", "marketing", "service", "success")
MANY = (
    *("/", "/?home=owner", "/?home=marketing", "/?home=service", "/?home=success"),
    *(f"/scorecard?show={show}&grain={grain}" for show in _SETS for grain in ("month", "quarter")),
    *(f"/export/scorecard.csv?show={show}" for show in _SETS),
    *(f"/targets?show={show}&grain=month" for show in _SETS),
    *("/journey", "/kpis", "/kpis?status=none", "/actions", "/inbox", "/reviews", "/framework"),
    *("/framework/owners", "/framework/goals", "/framework/check", "/framework/catalogue"),
    *("/framework/catalogue?compare=win_rate,mrr", "/kpis/data", "/kpis/proposals", "/kpis/new"),
    *("/quality", "/quality?of=all&show=all", "/quality?of=all&level=medium&department=sales"),
)
"""Pages that tell of several KPIs, and their files."""


def value_of(kpi: Kpi, at: int) -> float:
    """Return the number of a KPI, which no other has."""
    if kpi.unit is Unit.RATIO:
        return 0.2013 + 0.0047 * at
    return 31.7 + 3.1 * at if kpi.unit not in {Unit.COUNT, Unit.MONEY} else 2_003.0 + 17 * at


@pytest.fixture
def catalogue():
    return shipped_catalogue()


@pytest.fixture
def filled(joined, database, tenant, clock, catalogue):
    """A company in which every KPI has been observed for some periods of every grain it is told."""
    calendar = Calendar("UTC")
    today = clock().date()
    rows = []
    for at, kpi in enumerate(catalogue.values()):
        for grain in _GRAINS[_GRAINS.index(kpi.cadence) :]:
            now = calendar.holding(today, grain)
            first = calendar.shift(now.start, grain, -_BACK[grain])
            rows += [
                {
                    "id": uuid.uuid4(),
                    "kpi": kpi.key,
                    "grain": grain.value,
                    "period_start": period.start,
                    "period_end": period.end,
                    "revision": 1,
                    "kind": "first",
                    "scope_kind": "tenant",
                    "scope_id": "",
                    "value": value_of(kpi, at),
                    "n": 40,
                    "state": "final",
                    "reason": None,
                    "definition": "0" * 12,
                    "version": 1,
                    "known_at": clock(),
                    "observed_at": clock(),
                }
                for period in calendar.periods(grain, first, now.start)
            ]
    with database.session(tenant) as session:
        session.add_rows(Observation, rows)
    return tenant


@pytest.fixture
def browser_of(joined, database, filled):
    """Return what signs somebody of a role in; they answer for the KPIs that are named."""

    def make(role: str, kpis: tuple[str, ...] = ()):
        email = f"{role}-{uuid.uuid4().hex[:8]}@example.org"
        new = NewPerson(email, (role,), password=PASSWORD, name=role)
        with database.session(filled) as session:
            row = people.add(session, new, joined.edge.now())
            first = people.add(session, NewPerson(f"c-{email}", ("executive",)), joined.edge.now())
            chief = Actor(filled, first.id, first.email, "Chief", frozenset({Role.EXECUTIVE}))
            desk = open_desk(session, chief, joined.edge.now())
            for kpi in kpis:
                change = OwnerChange(KpiKey(kpi), row.id, desk.today)
                ownership_changes.set_owner(desk, change, Trace(joined.edge.now()))
        return signed_in(joined, email)

    return make


def marks(catalogue) -> dict[str, set[str]]:
    """Return by KPI how its number is written; what two KPIs would write alike tells nothing."""
    formats, found = Formats("en", "USD"), {}
    for at, kpi in enumerate(catalogue.values()):
        value = value_of(kpi, at)
        found[kpi.key] = {formats.short(value, kpi.unit), formats.value(value, kpi.unit)}
    every = [text for texts in found.values() for text in texts]
    return {
        key: {text for text in texts if len(text) > 4 and sum(text in one for one in every) <= 2}
        for key, texts in found.items()
    }


def told(browser, addresses) -> Iterator[tuple[str, str]]:
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code < 500, address
        yield address, text_of(answer)


def found_in(text: str, known: dict[str, set[str]]) -> set[str]:
    return {key for key, texts in known.items() if any(one in text for one in texts)}


def test_no_page_of_several_kpis_tells_an_owner_of_another_one(browser_of, catalogue):
    known = marks(catalogue)
    chief, owner = browser_of("executive"), browser_of("owner", OWN)
    seen_by_chief = set()
    for (address, theirs), (_, mine) in zip(told(chief, MANY), told(owner, MANY), strict=True):
        seen_by_chief |= found_in(theirs, known)
        assert found_in(mine, known) <= set(OWN), address
    assert len(seen_by_chief) > 60
    assert set(OWN) <= set().union(*(found_in(mine, known) for _, mine in told(owner, MANY)))


def test_no_page_or_file_of_another_kpi_opens_for_an_owner(browser_of, catalogue):
    known, owner, nobody = marks(catalogue), browser_of("owner", OWN), browser_of("owner")
    for key in catalogue:
        files = [f"/export/kpis/{key}/{part}.csv" for part in ("trend", "split", "records")]
        for address, text in told(owner, [f"/kpis/{key}", *files] if key not in OWN else []):
            assert found_in(text, known) == set(), address
            assert owner.get(address).status_code == 403
    for address, text in told(nobody, [*MANY, *(f"/kpis/{key}" for key in OWN)]):
        assert found_in(text, known) == set(), address


def test_the_page_of_an_owned_kpi_tells_of_it_and_of_its_parts_only(browser_of, catalogue):
    known, owner = marks(catalogue), browser_of("owner", OWN)
    for key in OWN:
        parts = {one.key for one in catalogue.closure([KpiKey(key)])} | {*catalogue[key].guardrails}
        (_, text), *_ = told(owner, [f"/kpis/{key}"])
        assert key in found_in(text, known) <= {key, *parts}


def test_no_stage_is_the_weakest_to_who_sees_a_part_of_them(
    browser_of, joined, database, filled, catalogue
):
    """Of the part that somebody sees another stage is the lowest than of the whole."""
    chief, owner, now = browser_of("executive"), browser_of("owner", OWN), joined.edge.now()
    calendar = Calendar("UTC")
    month = calendar.previous(calendar.holding(now.date(), Grain.MONTH))
    with database.session(filled) as session:
        for kpi, aim in (("new_leads", 9_000.0), ("mrr", 90_000.0)):
            slot = Slot(KpiKey(kpi), month, TENANT)
            targets.put(session, catalogue[KpiKey(kpi)], slot, Target(aim), Author("C"), now)
    ((_, theirs),), ((_, mine),) = list(told(chief, ["/journey"])), list(told(owner, ["/journey"]))
    assert "is the weakest stage" in theirs
    assert "weakest stage" not in mine
    assert "Which stage is the weakest is told to whose role sees all KPIs" in mine
    assert "of your targets" in mine
