"""A company whose wins break in: who is told what, that it is told once, and to nobody else."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Grain
from portal.models import inbox as questions
from portal.models import people as rows
from portal.models.inbox import Kind
from portal.security.actor import Actor
from portal.services import (
    digests,
    inbox,
    inbox_marks,
    inbox_page,
    ownership_changes,
    people,
    signals,
    source_ages,
    targets,
    tenants,
)
from portal.services.auditing import Trace
from portal.services.desks import open_desk
from portal.services.engines import calendar_of, catalogue_of
from portal.services.inbox import who_of
from portal.services.inbox_sights import sight_of
from portal.services.numbers import TENANT
from portal.services.ownership_changes import OwnerChange
from portal.services.people import NewPerson
from portal.services.refreshing import refresh
from portal.services.signing_in import actor_of
from portal.services.targets import Author, Slot, Target
from tests.kpis.desk import a_deal, a_person, a_team
from tests.kpis.place import desk, workshop
from tests.numbers.places import team

pytestmark = pytest.mark.slow

__all__ = ["desk", "workshop"]

NOW, LATE = datetime(2017, 6, 5, 9, tzinfo=UTC), datetime(2017, 6, 20, 9, tzinfo=UTC)
WINS = KpiKey("won_deals")
_MONTHS = [date(2016, month, 1) for month in range(6, 13)] + [
    date(2017, month, 1) for month in range(1, 6)
]


def _deals():
    """Thirty wins a month of each team, ten of the north's in May, four in June so far."""
    for owner in ("ann", "bob"):
        for month in [*_MONTHS, date(2017, 6, 1)]:
            count = 10 if (owner, month) == ("ann", date(2017, 5, 1)) else 30
            for number in range(2 if month.month == 6 and month.year == 2017 else count):
                closed = month + timedelta(days=number % 3)
                yield a_deal(
                    f"{owner}{month}{number}",
                    owner,
                    closed=closed.isoformat(),
                    created_at="2016-01-05",
                )


@dataclass
class Company:
    """The company, its people by their names, and what was told to whom."""

    database: object
    workshop: object
    key: str
    staff: dict[str, Actor]

    def look(self, now=NOW):
        with self.database.session(self.key) as session:
            return signals.look(session, now)

    def told(self, name):
        """Return what somebody was told: kind, scope and subject."""
        with self.database.session(self.key) as session:
            found = session.scalars(
                questions.of_person(self.staff[name].person, NOW - timedelta(days=999), 99)
            )
            return {(row.kind, row.scope_kind, row.subject.replace("\xa0", " ")) for row in found}

    def owned_by(self, name):
        """Make somebody accountable for the company's wins."""
        with self.database.session(self.key) as session:
            seat = open_desk(session, self.staff["eve"], NOW)
            change = OwnerChange(WINS, self.staff[name].person, date(2016, 1, 1))
            ownership_changes.set_owner(seat, change, Trace(NOW))


@pytest.fixture
def company(desk, workshop, database):
    key = desk.tenant()
    tables = {
        "team": [a_team("north"), a_team("south")],
        "user": [a_person("ann", "north"), a_person("bob", "south")],
        "opportunity": list(_deals()),
    }
    desk.bring(key, tables, "--as-of", "2017-06-05")
    refresh(workshop, key, NOW, back=12)
    found = Company(database, workshop, key, {})
    with database.session(key) as session:
        for name, role, where in (
            ("eve", "executive", None),
            ("lea", "leader", "north"),
            ("sol", "leader", "south"),
            ("rob", "rep", "north"),
            ("adm", "admin", None),
            ("ida", "analyst", None),
        ):
            new = NewPerson(f"{name}@{key}.example", [role], team_id=where, name=name)
            card = people.add(session, new, NOW)
            found.staff[name] = actor_of(key, session.scalars(rows.by_id(card.id)).one())
        _aim(session)
    found.owned_by("eve")
    return found


def _aim(session):
    card = tenants.get(session)
    calendar, kpi = calendar_of(card), catalogue_of(session, card)[WINS]
    for month in calendar.periods(Grain.MONTH, date(2016, 9, 1), date(2017, 7, 1)):
        for who, value in ((TENANT, 60), (team("north"), 30), (team("south"), 30)):
            slot = Slot(WINS, month, who)
            targets.put(session, kpi, slot, Target(value), Author("a test"), NOW)


def test_an_owner_is_told_of_the_whole_and_a_leader_of_their_own_team(company):
    assert company.look().items == 2
    assert company.told("eve") == {
        ("status", "tenant", "Won deals: now off target, 40 in May 2017")
    }
    assert company.told("lea") == {
        ("status", "team", "Won deals, NORTH: now off target, 10 in May 2017")
    }
    for nobody in ("sol", "rob", "adm"):
        assert company.told(nobody) == set()


def test_looking_again_tells_nothing_twice(company):
    company.look()
    assert company.look().items == 0
    assert company.look(NOW + timedelta(days=1)).items == 0


def test_who_answers_for_a_kpi_is_told_of_its_numbers_beyond_their_team(company):
    company.owned_by("lea")
    company.look()
    assert {scope for _, scope, _ in company.told("lea")} == {"team", "tenant"}
    assert company.told("sol") == company.told("eve") == set()
    with company.database.session(company.key) as session:
        lea = company.staff["lea"]
        assert inbox.unread(session, lea, NOW) == 2
        shown = inbox_page.read(session, lea, NOW, {}, "")
        assert sum(len(day.items) for day in shown.days) == 2
        mailed, _ = digests._news(session, lea.person, NOW)
        assert {row.scope_kind for row in mailed} == {"team", "tenant"}


def test_who_answers_no_more_for_a_kpi_sees_no_more_of_what_they_were_told(company):
    company.owned_by("lea")
    company.look()
    company.owned_by("eve")
    with company.database.session(company.key) as session:
        lea = company.staff["lea"]
        assert inbox.unread(session, lea, NOW) == 1
        whole = [
            str(row.id)
            for row in session.scalars(questions.of_person(lea.person, NOW - timedelta(days=9), 99))
            if row.scope_kind == "tenant"
        ]
        with pytest.raises(inbox_marks.NoItemError):
            inbox_marks.follow(session, lea, whole[0], NOW)


def test_who_may_read_no_kpi_is_not_told_of_one_whatever_they_own(company):
    company.owned_by("adm")
    company.look()
    assert company.told("adm") == set()


def test_no_item_is_told_to_whom_its_number_is_not_open(company):
    for name in ("eve", "lea", "rob", "adm"):
        company.owned_by(name)
        company.look(NOW + timedelta(days=1))
        with company.database.session(company.key) as session:
            actor = company.staff[name]
            sight = sight_of(session, actor, NOW)
            for row in session.scalars(
                questions.of_person(actor.person, NOW - timedelta(days=9), 99)
            ):
                assert sight.sees(row.kpi, who_of(row.scope_kind, row.scope_id)), row.subject


def test_whose_account_is_shut_is_told_nothing(company):
    with company.database.session(company.key) as session:
        session.scalars(rows.by_id(company.staff["lea"].person)).one().disabled_at = NOW
    company.look()
    assert company.told("lea") == set()


def test_a_target_at_risk_is_told_once_and_only_when_it_stays_so(company):
    company.look()
    assert not [one for one in company.told("eve") if one[0] == Kind.PACE]
    refresh(company.workshop, company.key, LATE, back=12)
    company.look(LATE)
    assert [name for name in company.staff if _paced(company, name)] == ["eve", "lea", "sol"]
    told = {one for one in company.told("eve") if one[0] == Kind.PACE}
    assert told == {("pace", "tenant", "Won deals: the target of June 2017 is at risk")}
    refresh(company.workshop, company.key, LATE + timedelta(days=2), back=12)
    assert company.look(LATE + timedelta(days=2)).items == 0


def _paced(company, name):
    return [one for one in company.told(name) if one[0] == Kind.PACE]


def test_a_source_that_stays_silent_is_told_to_analysts_once(company):
    with company.database.session(company.key) as session:
        loaded = max(source.loaded_at for source in source_ages.sources(session, NOW))
    for days in (3, 4):
        company.look(loaded + timedelta(days=days))
    (told,) = [one for one in company.told("ida") if one[0] == Kind.DATA]
    assert told[2].startswith("crm: nothing new came in")
    assert not [one for one in company.told("eve") if one[0] == Kind.DATA]
