"""A small company with one open review: a shared number in dispute, and one that stands well."""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from portal.models.ownership import KpiOwner, KpiShare, KpiSplit
from portal.models.people import everybody
from portal.security.roles import Role
from portal.services import (
    people,
    refreshing,
    review_cycles,
    review_moves,
    review_opening,
    review_words,
    review_writing,
    reviews,
)
from portal.services.auditing import Trace
from portal.services.desks import open_desk
from portal.services.engines import Workshop
from portal.services.people import NewPerson
from portal.services.review_cards import ReviewKind
from portal.services.review_cycles import NewCycle
from portal.services.review_parts import seat_of
from portal.services.review_words import Spoken
from portal.services.review_writing import Typed
from portal.services.signing_in import actor_of
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey
from portal.workflow.review import ItemMove
from tests.attribution.company import TABLES
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 5, 20, 12, tzinfo=UTC)
TRACE = Trace(NOW, "test", "")
SHARED = "lead_to_opportunity_rate"
XSS = "<script>alert(1)</script> {{7*7}} '--"
LONG_AGO = date(2017, 1, 1)


@dataclass
class Reviewed:
    """The company, its people by a short name, and its open review."""

    tenant: TenantKey
    database: Database
    workshop: Workshop
    people: dict[str, UUID] = field(default_factory=dict)
    review: UUID | None = None

    @contextmanager
    def desk(self, name):
        """Open the desk of somebody."""
        with self.database.session(self.tenant) as session:
            rows = {row.id: row for row in session.scalars(everybody())}
            actor = actor_of(self.tenant, rows[self.people[name]])
            yield open_desk(session, actor, NOW)

    def item(self, desk, kpi):
        """Return one KPI of the review."""
        found = reviews.whole(desk.session, self.review).items
        return next(one for one in found if one.frozen.kpi == kpi)

    def answer(self, name, kpi, **said):
        """Answer a KPI and submit it."""
        said = {"assessment": "on_track", "confidence": "high", **said}
        said |= dict.fromkeys(("relevant", "used", "acting", "unhealthy"), "yes")
        with self.desk(name) as desk:
            item, seat = self.item(desk, kpi), seat_of(desk.actor, desk.roster)
            place = (self.review, item.frozen.id)
            typed = Typed(item.answer.version, {}, said)
            review_writing.save(desk.session, seat, place, typed, TRACE)

    def submit(self, name, kpi):
        """Submit an answer."""
        self._move(name, kpi, ItemMove.SUBMIT)

    def approve(self, name, kpi):
        """Approve an answer."""
        self._move(name, kpi, ItemMove.APPROVE)

    def _move(self, name, kpi, move):
        with self.desk(name) as desk:
            item, seat = self.item(desk, kpi), seat_of(desk.actor, desk.roster)
            place = (self.review, item.frozen.id)
            review_moves.move(desk.session, seat, place, (move, item.answer.version), TRACE)

    def disagree(self, name, kpi, text):
        """Say another word to a shared number."""
        with self.desk(name) as desk:
            item, seat = self.item(desk, kpi), seat_of(desk.actor, desk.roster)
            place = (self.review, item.frozen.id)
            spoken = Spoken(("reason",), text, item.answer.version)
            review_words.speak(desk.session, seat, place, spoken, TRACE)

    def settle(self, name, kpi, text):
        """Say how a dispute was settled."""
        with self.desk(name) as desk:
            item, seat = self.item(desk, kpi), seat_of(desk.actor, desk.roster)
            review_words.settle(desk.session, seat, (self.review, item.frozen.id), text, TRACE)

    def sign(self, name):
        """Sign the review off."""
        with self.desk(name) as desk:
            card = reviews.one(desk.session, self.review)
            review_moves.sign_off(desk.session, desk.actor, card.id, card.version, TRACE)


def _people(place):
    cast = {
        "exec": ((Role.EXECUTIVE,), None, None, "Eva Exec"),
        "boss": ((Role.EXECUTIVE,), None, None, "Bo Board"),
        "dilara": ((Role.OWNER,), None, None, XSS),
        "ravi": ((Role.LEADER,), "ann", "north", "Ravi North"),
        "rep": ((Role.REP,), "bob", "south", "Rep South"),
    }
    with place.database.session(place.tenant) as session:
        for key, (roles, user, team, name) in cast.items():
            new = NewPerson(
                f"{key}@{place.tenant}.example", [one.value for one in roles], user, team, name=name
            )
            place.people[key] = people.add(session, new, NOW).id


def _owned(place):
    said = {"set_by": None, "set_by_name": "test", "set_at": NOW}
    scope = {"scope_kind": "tenant", "scope_id": "", "from_day": LONG_AGO, "revision": 1}
    with place.database.session(place.tenant) as session:
        for kpi, name in ((SHARED, "dilara"), ("won_revenue", "exec")):
            person = place.people[name]
            session.add(KpiOwner(kpi=kpi, person=person, reason="", **scope, **said))
        split = KpiSplit(kpi=SHARED, **scope, **said)
        session.add(split)
        session.flush()
        for at, (name, share, key) in enumerate(
            (("dilara", 60, "qualification_rate"), ("ravi", 40, None))
        ):
            session.add(
                KpiShare(
                    split=split.id,
                    position=at + 1,
                    component=f"Part {at}",
                    person=place.people[name],
                    percent=Decimal(share),
                    responsibility="Mind it.",
                    input=key,
                )
            )


@pytest.fixture(scope="session")
def company(desk, database, workshop) -> Reviewed:
    """The company, its people and who answers for what; no review yet."""
    tenant = TenantKey(desk.tenant("--currency", "EUR"))
    desk.bring(tenant, TABLES, "--as-of", "2017-05-20T10:00:00Z")
    refreshing.refresh(workshop, tenant, NOW, back=5)
    place = Reviewed(tenant, database, workshop)
    _people(place)
    _owned(place)
    return place


@pytest.fixture
def reviewed(company) -> Reviewed:
    """The company with an open review of March of this test alone."""
    place = replace(company, review=None)
    with place.desk("exec") as its:
        new = NewCycle(
            ReviewKind.MONTHLY,
            "Monthly review",
            kpis=(SHARED, "won_revenue"),
            participants=(place.people["boss"], place.people["ravi"], place.people["rep"]),
        )
        cycle = review_cycles.add(its, new, TRACE)
        place.review = review_opening.open_review(its, place.workshop, cycle, "2017-03", TRACE)
    return place
