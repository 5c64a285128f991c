"""A company of two teams with numbers by the month, made without any import."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.statistics.effect import Way
from portal.models.observations import Observation, ScopeKind
from portal.models.people import by_id
from portal.services import actions, people, rosters
from portal.services.actions import Draft, Expected, Moving, NewAction
from portal.services.auditing import Trace
from portal.services.numbers import TENANT, Who
from portal.services.people import NewPerson
from portal.services.rosters import Member, Roster, Team
from portal.services.signing_in import actor_of
from portal.workflow.action import Move
from tests.web.portals import PASSWORD

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
LAST = date(2026, 10, 1)
WIN_RATE, LEADS = KpiKey("win_rate"), KpiKey("new_leads")
NORTH, SOUTH, EAST = (Who(ScopeKind.TEAM, f"crm\x1f{name}") for name in ("north", "south", "east"))
ANN = Who(ScopeKind.OWNER, "crm\x1fann")
DONE = date(2026, 5, 31)

_TEAMS = [Team(f"crm\x1f{key}", key, key.capitalize(), "crm\x1fall") for key in
          ("north", "south", "east")]  # fmt: skip
_PEOPLE = [
    Member("crm\x1fann", "ann", "Ann", "crm\x1fnorth", active=True),
    Member("crm\x1fbob", "bob", "Bob", "crm\x1fsouth", active=True),
]
ROSTER = Roster(
    {one.key: one for one in (Team("crm\x1fall", "all", "All", None), *_TEAMS)},
    {one.key: one for one in _PEOPLE},
)


def at(**span):
    """Return the trace of a moment after now."""
    return Trace(NOW + timedelta(**span))


@dataclass(frozen=True)
class House:
    """A tenant, its database, and what tests do in it."""

    database: object
    tenant: str

    def session(self):
        return self.database.session(self.tenant)

    def add(self, name, *roles, **more):
        """Add a person, and return who they are to the portal."""
        email = f"p{uuid.uuid4().hex[:10]}@example.org"
        new = NewPerson(email, roles, name=name, password=PASSWORD, **more)
        with self.session() as session:
            card = people.add(session, new, NOW)
            return actor_of(self.tenant, session.scalars(by_id(card.id)).one())

    def staff(self):
        """Let the CRM know the two teams and their people."""
        with self.session() as session:
            rosters.keep(session, ROSTER)

    def observe(
        self, kpi, who, values, *, definition="d1", definitions=None, none="absent",
        grain=Grain.MONTH,
    ):  # fmt: skip
        """Keep a number a month, the last of them in October 2026; None is a month without.

        By the quarter, the last is the third of 2026.
        """
        calendar = Calendar()
        last = calendar.previous(calendar.holding(TODAY, grain))
        first = calendar.shift(last.start, grain, 1 - len(values))
        months = calendar.periods(grain, first, last.end)
        told = definitions or [definition] * len(values)
        rows = [
            {
                "id": uuid.uuid4(),
                "kpi": kpi,
                "grain": grain.value,
                "period_start": month.start,
                "period_end": month.end,
                "scope_kind": who.kind.value,
                "scope_id": who.id,
                "revision": 1,
                "kind": "first",
                "value": value,
                "n": 40,
                "state": none if value is None else "final",
                "reason": "no rows" if value is None else None,
                "definition": fingerprint,
                "version": 7,
                "known_at": NOW,
                "observed_at": NOW,
            }
            for month, value, fingerprint in zip(months, values, told, strict=True)
        ]
        with self.session() as session:
            session.add_rows(Observation, rows)

    def ask(self, actor, owner=None, trace=None, **more):
        """Ask for an action, and return its id."""
        new = wanted(owner or actor, **more)
        with self.session() as session:
            return actions.create(session, actor, new, trace or at())

    def card(self, actor, action):
        with self.session() as session:
            return actions.one(session, actor, action, TODAY)

    def move(self, actor, action, move, version=None, **more):
        """Move an action on from the version that it has, or from the one given."""
        with self.session() as session:
            seen = version or actions.one(session, actor, action, TODAY).version
            return actions.move(session, actor, action, Moving(move, seen, **more), at())

    def done(self, actor, day=DONE, **more):
        """Return an action of one's own that is done."""
        made = self.ask(actor, **more)
        self.move(actor, made, Move.FINISH, done_on=day)
        return made


def wanted(owner, kpi=WIN_RATE, who=TENANT, **more):
    """Return a new action as somebody asks for it."""
    review = more.pop("review", None)
    draft = Draft(
        "Answer within the hour",
        "process",
        owner.person,
        TODAY + timedelta(days=14),
        Expected(Way.UP, 0.05, 28),
    )
    return NewAction(kpi, who, replace(draft, **more), review)
