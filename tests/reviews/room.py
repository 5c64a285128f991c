"""A house whose people review three KPIs: one of marketing, one of sales, and one that both own."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from kpi_engine.definitions.kinds import KpiKey
from portal.services import (
    ownership_changes,
    review_cycles,
    review_moves,
    review_opening,
    review_owed,
    review_words,
    review_writing,
    reviews,
    rosters,
    shares,
    targets,
)
from portal.services.auditing import Trace
from portal.services.desks import open_desk
from portal.services.numbers import TENANT
from portal.services.ownership_changes import OwnerChange
from portal.services.periods import period_of
from portal.services.review_cards import QUESTIONS, ReviewKind
from portal.services.review_cycles import NewCycle
from portal.services.review_parts import seat_of
from portal.services.review_words import Spoken
from portal.services.review_writing import Typed
from portal.services.shares import NewShare, NewSplit
from portal.services.targets import Author, Slot, Target
from portal.workflow.review import ItemMove
from tests.actions.house import NOW, House, at

SHARED, LEADS, WON = (KpiKey(key) for key in ("lead_to_opportunity_rate", "new_leads", "win_rate"))
TRACE = Trace(NOW)
HOSTILE = (
    "<script>alert(1)</script>\"'{{7*7}} [x](javascript:alert(2)) <img src=x onerror=alert(3)>"
)
FULL = {
    "assessment": "off_track",
    "confidence": "medium",
    "words": "We know why.",
    **dict.fromkeys(QUESTIONS, "yes"),
}


@dataclass
class Room:
    """The house with its people and one open review."""

    house: House
    people: dict = field(default_factory=dict)
    cycle: object = None
    review: object = None

    def fill(self):
        """Let people own KPIs, and let those have numbers and targets."""
        self.house.staff()
        add = self.house.add
        self.people = {
            "chief": add("Cora Chief", "executive"),
            "other": add("Otto Other", "executive"),
            "mara": add("Mara Market", "owner"),
            "sam": add("Sam Sales", "owner"),
            "lena": add("Lena Lead", "leader", team_id="north"),
            "ann": add("Ann Rep", "rep", crm_user_id="ann"),
            "ana": add("Ana Lyst", "analyst"),
        }
        self.house.observe(SHARED, TENANT, [0.2 + (n % 4) / 100 for n in range(25)] + [0.1])
        self.house.observe(LEADS, TENANT, [400.0 + n % 5 for n in range(26)])
        self.house.observe(WON, TENANT, [0.3 for _ in range(26)])
        with self.house.session() as session:
            desk = open_desk(session, self.people["chief"], NOW)
            self._own(desk, {SHARED: "mara", LEADS: "mara", WON: "sam"})
            parts = (
                NewShare(
                    "Lead quality", self.people["mara"].person, Decimal(60), "Right leads.", None
                ),
                NewShare("Follow-up", self.people["sam"].person, Decimal(40), "Work them.", None),
            )
            shares.set_shares(desk, NewSplit(SHARED, parts), TRACE)
            october = period_of("2026-10", desk.calendar)
            targets.put(session, desk.catalogue[SHARED], Slot(SHARED, october, TENANT),
                        Target(0.25), Author("Cora"), NOW)  # fmt: skip
        return self

    def _own(self, desk, owners):
        since = desk.today - timedelta(days=90)
        for kpi, name in owners.items():
            change = OwnerChange(kpi, self.people[name].person, since)
            ownership_changes.set_owner(desk, change, TRACE)

    def open(self, kind=ReviewKind.MONTHLY, kpis=(SHARED, LEADS, WON), label="", **more):
        """Open a review and return its id."""
        with self.house.session() as session:
            desk = open_desk(session, self.people["chief"], NOW)
            cycle = review_cycles.add(desk, NewCycle(kind, "The review", kpis, **more), TRACE)
            made = review_opening.open_review(desk, None, cycle, label, TRACE)
        self.cycle, self.review = cycle, made
        return made

    def item(self, kpi, who=TENANT):
        with self.house.session() as session:
            found = reviews.items_of(session, [self.review])[self.review]
            return next(one for one in found if (one.frozen.kpi, one.frozen.who) == (kpi, who))

    def place(self, kpi):
        return self.review, self.item(kpi).frozen.id

    def seat(self, session, name):
        return seat_of(self.people[name], rosters.roster(session))

    def save(self, name, kpi, now, base=None, version=1):
        place = self.place(kpi)
        with self.house.session() as session:
            typed = Typed(version, base or {}, now)
            return review_writing.save(session, self.seat(session, name), place, typed, at(hours=1))

    def speak(self, name, kpi, *about, text="", seen=None):
        place, version = self.place(kpi), seen or self.item(kpi).answer.version
        with self.house.session() as session:
            spoken = Spoken(about, text, version)
            return review_words.speak(session, self.seat(session, name), place, spoken, at(hours=2))

    def move(self, name, kpi, move, seen=None, why=""):
        place, version = self.place(kpi), seen or self.item(kpi).answer.version
        with self.house.session() as session:
            seat = self.seat(session, name)
            return review_moves.move(session, seat, place, (move, version), at(hours=3), why)

    def sign(self, name):
        with self.house.session() as session:
            card = reviews.one(session, self.review)
            return review_moves.sign_off(
                session, self.people[name], self.review, card.version, at(hours=4)
            )

    def todo(self, name):
        with self.house.session() as session:
            return [
                (one.what.value, one.kpi)
                for one in review_owed.todo(session, self.people[name], NOW)
            ]

    def answer_all(self):
        """Let everybody answer, and the co-owner agree."""
        for name, kpi in (("mara", SHARED), ("mara", LEADS), ("sam", WON)):
            self.save(name, kpi, FULL)
            if kpi == SHARED:
                self.speak("sam", kpi)
            self.move(name, kpi, ItemMove.SUBMIT)
