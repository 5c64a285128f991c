"""What pages keep in memory of a tenant's numbers is never older than the numbers themselves."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Calendar, Grain
from portal.models import people
from portal.models.ownership import KpiOwner
from portal.models.people import Person
from portal.models.rosters import RosterTeam, forget_teams
from portal.services import ownership, targets, tenants
from portal.services.numbers import TENANT
from portal.services.remembering import remembered
from portal.services.rosters import roster
from portal.services.targets import Author, Slot, Target
from portal.services.tenants import Profile
from portal.tenancy.keys import TenantKey

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
CALENDAR = Calendar()
MAY = CALENDAR.holding(date(2024, 5, 1), Grain.MONTH)
WON = KpiKey("won_revenue")
KPI = shipped_catalogue()[WON]


def _tenant(database) -> TenantKey:
    key = TenantKey(f"t{uuid4().hex[:12]}")
    with database.session(key) as session:
        tenants.create(session, Profile("A company"), NOW)
    return key


@pytest.fixture
def tenant(database) -> TenantKey:
    """A tenant of the test's own."""
    return _tenant(database)


def _person(session, name: str) -> UUID:
    row = Person(id=uuid4(), email=f"{name}@example.org", roles=["rep"], name=name, created_at=NOW)
    session.add(row)
    session.flush()
    return row.id


def _owner(person: UUID, revision: int) -> KpiOwner:
    day = NOW.date()
    said = {"set_by_name": "A test", "set_at": NOW, "from_day": day, "revision": revision}
    return KpiOwner(kpi=WON, scope_kind="tenant", person=person, **said)


def _read(database, tenant: TenantKey) -> float | None:
    with database.session(tenant) as session:
        found = targets.of(session, CALENDAR, [WON], [MAY], TENANT)
    told = found.get((WON, MAY.start))
    return told.value if told else None


def _put(session, value: float) -> None:
    targets.put(session, KPI, Slot(WON, MAY, TENANT), Target(value), Author("A test"), NOW)


def test_a_changed_target_is_read_at_once(database, tenant):
    assert _read(database, tenant) is None
    for value in (10.0, 20.0, 30.0):
        with database.session(tenant) as session:
            _put(session, value)
        assert _read(database, tenant) == value


def test_who_answers_is_read_anew_though_nothing_was_written_down_yet(database, tenant):
    with database.session(tenant) as session:
        anna, berit = (_person(session, name) for name in ("Anna", "Berit"))
    for revision, person in enumerate((anna, berit), 1):
        with database.session(tenant) as session:
            before = ownership.owners(session, [WON], NOW.date())
            session.add(_owner(person, revision))
            now = ownership.owners(session, [WON], NOW.date())
            assert now[WON].accountable.id == person
            assert WON not in before or before[WON].accountable.id != person
        with database.session(tenant) as session:
            assert ownership.owners(session, [WON], NOW.date())[WON].accountable.id == person


def test_a_changed_name_is_read_at_once(database, tenant):
    with database.session(tenant) as session:
        anna = _person(session, "Anna")
    for name in ("Berit", "Cleo"):
        with database.session(tenant) as session:
            assert ownership.everybody(session)[anna].name != name
            session.scalars(people.by_id(anna)).one().name = name
        with database.session(tenant) as session:
            assert ownership.everybody(session)[anna].name == name


def test_a_session_reads_its_own_change_and_keeps_it_from_others_until_it_is_done(database, tenant):
    with database.session(tenant) as session:
        _put(session, 10.0)
    assert _read(database, tenant) == 10.0
    with database.session(tenant) as session:
        _put(session, 20.0)
        found = targets.of(session, CALENDAR, [WON], [MAY], TENANT)
        assert found[WON, MAY.start].value == 20.0
        assert _read(database, tenant) == 10.0
    assert _read(database, tenant) == 20.0


def test_what_was_taken_back_was_never_there(database, tenant):
    with database.session(tenant) as session:
        _put(session, 10.0)
    assert _read(database, tenant) == 10.0
    with database.session(tenant) as session:
        _put(session, 20.0)
        assert targets.of(session, CALENDAR, [WON], [MAY], TENANT)[WON, MAY.start].value == 20.0
        session.rollback()
    assert _read(database, tenant) == 10.0


def test_rows_added_many_at_once_and_rows_deleted_by_a_question_count_as_changes(database, tenant):
    def teams() -> set[str]:
        with database.session(tenant) as session:
            return set(roster(session).teams)

    with database.session(tenant) as session:
        _put(session, 10.0)
    assert teams() == set()
    with database.session(tenant) as session:
        session.add_rows(RosterTeam, [{"key": "s\x1fa", "id": "a", "name": "A"}])
    assert teams() == {"s\x1fa"}
    with database.session(tenant) as session:
        session.execute(forget_teams())
    assert teams() == set()


def test_a_setting_of_the_tenant_is_read_at_once(database, tenant):
    def named() -> object:
        with database.session(tenant) as session:
            return tenants.get(session).settings.get("stale_deal_days")

    assert named() is None
    with database.session(tenant) as session:
        tenants.set_setting(session, "stale_deal_days", 40)
    assert named() == 40


def test_what_is_remembered_of_one_tenant_is_never_told_to_another(database, tenant):
    other = _tenant(database)
    for key, value in ((tenant, 10.0), (other, 99.0)):
        with database.session(key) as session:
            _put(session, value)
    assert (_read(database, tenant), _read(database, other)) == (10.0, 99.0)
    assert (_read(database, tenant), _read(database, other)) == (10.0, 99.0)


def test_the_same_question_is_asked_once_as_long_as_nothing_changes(database, tenant):
    asked: list[tuple[str, ...]] = []

    @remembered
    def read(session: object, words: tuple[str, ...]) -> int:
        del session
        asked.append(words)
        return len(asked)

    with database.session(tenant) as session:
        _put(session, 10.0)
    for _ in range(3):
        with database.session(tenant) as session:
            assert read(session, ["a", "b"]) == 1
            assert read(session, (word for word in ("a", "b"))) == 1
    with database.session(tenant) as session:
        assert read(session, ("b",)) == 2
        _put(session, 20.0)
        assert read(session, ("b",)) == 3
    with database.session(tenant) as session:
        assert read(session, ("a", "b")) == 4


def test_what_is_asked_with_other_settings_is_another_question(database, tenant):
    @remembered
    def limit(_session, settings: Settings) -> object:
        return settings["stale_deal_days"]

    with database.session(tenant) as session:
        answers = [limit(session, Settings({"stale_deal_days": days})) for days in (5, 9)]
    assert answers == [5, 9]
