"""The small company of `tests/kpis`, in which people build KPIs."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager

import pytest

from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import builder_drafts, builder_form, builder_page, proposals
from portal.services.auditing import Trace
from portal.services.builder_form import Form
from portal.services.desks import open_desk
from portal.services.proposals import Proposal
from tests.kpi_page.conftest import NOW, KpiPlace
from tests.kpi_page.conftest import place as shared_place
from tests.kpis.place import desk, workshop
from tests.web.conftest import clock, joined

__all__ = ["clock", "desk", "joined", "shared_place", "workshop"]

WON = {
    "kind": "records",
    "a_entity": "opportunity",
    "a_f0_column": "status",
    "a_f0_ask": "is",
    "a_f0_value": "won",
    "a_on": "closed_at",
    "name": "Deals we won",
    "question": "How many deals did we win?",
    "class": "outcome",
    "stage": "sales",
    "department": "sales",
    "reason": "Nobody counts them.",
}
"""What somebody sends who counts won deals."""


class Bench(KpiPlace):
    """The company, and what is done in it with definitions."""

    @contextmanager
    def at(self, actor: Actor):
        """Open a desk of somebody."""
        with self.database.session(actor.tenant) as session:
            yield open_desk(session, actor, NOW)

    def page(self, actor: Actor, sent: Mapping[str, str], query=None, kpi: str = ""):
        """Return the builder's page of a form as somebody sees it."""
        with self.at(actor) as found:
            form = builder_form.typed(sent) if sent else Form()
            visited = builder_page.Visited("", kpi, form)
            return builder_page.read(self.workshop, found, visited, query or {})

    def begin(self, actor: Actor, sent: Mapping[str, str], kpi: str = "") -> str:
        """Keep a draft of somebody."""
        with self.at(actor) as found:
            return str(builder_drafts.begin(found, builder_form.typed(sent), kpi))

    def propose(self, actor: Actor, sent: Mapping[str, str], kpi: str = "") -> Proposal:
        """Propose what somebody sends."""
        draft = self.begin(actor, sent, kpi)
        with self.at(actor) as found:
            return proposals.propose(found, draft, Trace(NOW))


@pytest.fixture(scope="session")
def place(shared_place) -> Bench:
    """The company, refreshed up to May 2017."""
    known = shared_place
    return Bench(known.tenant, known.database, known.workshop)


@pytest.fixture
def proposer(place: Bench) -> Actor:
    """Somebody who proposes, and sees all numbers."""
    return place.actor(Role.EXECUTIVE)


@pytest.fixture
def owner(place: Bench) -> Actor:
    """Somebody who owns KPIs and proposes."""
    return place.actor(Role.OWNER)


@pytest.fixture
def analyst(place: Bench) -> Actor:
    """Somebody who activates."""
    return place.actor(Role.ANALYST)


@pytest.fixture
def leader(place: Bench) -> Actor:
    """Who leads the north, with the north east below it."""
    return place.actor(Role.LEADER, "ann", "north")


@pytest.fixture
def won() -> Callable[..., dict[str, str]]:
    """Return what makes a form of won deals, with some fields said otherwise."""
    return lambda **other: {**WON, **other}
