"""The session alone keeps tenants apart: asked as a superuser, whom the database does not bind.

Ours are numbered in tens, the rival's in thousands.
"""

import uuid

import pytest
from sqlalchemy import create_engine, delete, exists, func, insert, literal_column, select, text
from sqlalchemy import update as change
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, registry

from portal.errors import ForeignTenantError, UnscopedSessionError
from portal.models import Load, Person
from portal.models.people import by_email
from portal.tenancy.names import SUPERUSER
from portal.tenancy.owned import TenantOwned
from portal.tenancy.session import TenantSession
from tests.conftest import NOW


@pytest.fixture
def engine(server, own_database):
    """An engine that row-level security does not bind: only the session's own wall stands."""
    engine = create_engine(server.url(SUPERUSER, own_database))
    with Session(engine) as session, session.begin():
        for key, seq in (("ours", 10), ("rival", 1000)):
            session.execute(text(_TENANT), {"key": key})
            session.add(_load(seq, tenant_id=key))
            session.add(_person(f"{key}@example.org", tenant_id=key))
    yield engine
    engine.dispose()


_TENANT = (
    "INSERT INTO portal.tenant (tenant_id, name, timezone, currency, fiscal_start, week_start,"
    " created_at) VALUES (:key, :key, 'UTC', 'USD', 1, 0, now())"
)


@pytest.fixture
def session(engine):
    with TenantSession(engine, "ours") as session:
        yield session


def _load(seq, **more):
    return Load(seq=seq, state="started", source="crm", loaded_at=NOW, started_at=NOW, **more)


def _person(email, **more):
    return Person(email=email, roles=["rep"], created_at=NOW, **more)


def _rivals(engine):
    with Session(engine) as unbound:
        return unbound.scalars(select(Person).where(Person.tenant_id == "rival")).all()


def test_without_the_session_the_rival_is_in_sight(engine):
    with Session(engine) as unbound:
        assert sorted(unbound.scalars(select(Load.seq))) == [10, 1000]


_other = aliased(Load)
_ASKED = {
    "class": select(Load.seq).select_from(Load),
    "entity": select(Load).with_only_columns(Load.seq),
    "column": select(Load.seq),
    "alias": select(_other.seq),
    "subquery": select(select(Load).subquery().c.seq),
    "cte": select(select(Load).cte().c.seq),
    "union": select(Load.seq).union(select(_other.seq)),
    "union of the same": select(Load.seq).union_all(select(Load.seq).where(Load.seq < 0)),
    "in a subquery": select(Load.seq).where(Load.seq.in_(select(_other.seq))),
    "beside another": select(Load.seq).join(Person, Person.email != ""),
    "where it exists": select(Load.seq).where(exists().where(_other.seq == Load.seq)),
    "highest": select(func.max(Load.seq)),
}


@pytest.mark.parametrize("asked", list(_ASKED.values()), ids=list(_ASKED))
def test_what_is_asked_through_classes_is_of_the_tenant(session, asked):
    assert [row[0] for row in session.execute(asked)] == [10]


def test_rows_are_counted_for_the_tenant(session):
    assert session.scalar(select(func.count()).select_from(Load)) == 1


def test_a_row_is_not_found_by_another_tenants_key(session):
    assert (session.get(Load, ("rival", 1000)), session.get(Load, ("ours", 10)).seq) == (None, 10)


def test_the_old_way_of_asking_is_of_the_tenant(session):
    assert [load.seq for load in session.query(Load)] == [10]
    assert session.query(Load).filter_by(seq=1000).count() == 0


def test_two_sessions_in_turn_see_their_own(engine):
    for key, seq in (("ours", 10), ("rival", 1000), ("ours", 10)):
        with TenantSession(engine, key) as session:
            assert session.scalars(select(Load.seq)).all() == [seq]


def test_a_named_question_is_of_the_tenant(session):
    assert session.scalars(by_email("rival@example.org")).all() == []


_bare = Load.__table__
_LEAKS = {
    "table": select(_bare.c.seq),
    "text": text("SELECT seq FROM portal.load"),
    "text as rows": select(Load).from_statement(text("SELECT * FROM portal.load")),
    "text as a condition": select(Load.seq).where(text("1 = 1")),
    "text as a column": select(Load.seq, text("(SELECT max(seq) FROM portal.load)")),
    "table beside a class": select(Load.seq, Person.__table__.c.email),
    "table joined": select(Load.seq).join(Person.__table__, Person.__table__.c.email != ""),
    "table in a subquery": select(Load.seq).where(
        Load.seq.in_(select(func.length(Person.__table__.c.email)))
    ),
    "changed table": change(_bare).values(source="x"),
    "cleared table": delete(_bare),
    "insert into table": insert(_bare).values(seq=1),
    "insert": insert(Load).values(tenant_id="rival", seq=1),
    "the tenant's setting": select(Load.seq, func.set_config("app.tenant", "rival", True)),
    "the tenant's setting alone": select(func.set_config("app.tenant", "rival", False)),
    "no class at all": select(literal_column("1")),
}


@pytest.mark.parametrize("asked", list(_LEAKS.values()), ids=list(_LEAKS))
def test_what_the_filter_does_not_reach_is_refused(session, asked):
    with pytest.raises(UnscopedSessionError):
        session.execute(asked)


def test_an_update_by_key_in_parameters_is_refused(session, engine):
    (theirs,) = _rivals(engine)
    rows = [{"tenant_id": "rival", "id": theirs.id, "email": "x@example.org"}]
    with pytest.raises(UnscopedSessionError):
        session.execute(change(Person), rows)


_BULK = [
    lambda session, row: session.bulk_save_objects([Person(**row)]),
    lambda session, row: session.bulk_insert_mappings(Person, [row]),
    lambda session, row: session.bulk_update_mappings(Person, [row]),
]


@pytest.mark.parametrize("save", _BULK)
def test_bulk_methods_are_refused(session, save):
    row = {"tenant_id": "rival", "id": uuid.uuid4(), "email": "x@example.org", "roles": ["rep"]}
    with pytest.raises(UnscopedSessionError):
        save(session, row)


def test_a_bare_connection_is_refused(session):
    with pytest.raises(UnscopedSessionError):
        session.connection()


def test_changes_with_a_condition_reach_the_tenants_rows_only(session, engine):
    assert session.execute(change(Person).values(team_id="x")).rowcount == 1
    session.execute(delete(Load))
    session.commit()
    assert [person.team_id for person in _rivals(engine)] == [None]
    with Session(engine) as unbound:
        assert unbound.scalars(select(Load.seq)).all() == [1000]


def test_a_new_row_gets_the_tenant(session):
    session.add(_load(20))
    with pytest.raises(Exception, match="under_way"):
        session.flush()
    session.rollback()
    person = _person("new@example.org")
    session.add(person)
    session.flush()
    assert person.tenant_id == "ours"


def test_a_row_that_names_another_tenant_is_refused(session):
    with pytest.raises(ForeignTenantError):
        session.add(_load(20, tenant_id="rival"))


def test_a_row_that_comes_to_name_another_tenant_is_refused(session):
    person = _person("x@example.org")
    session.add(person)
    person.tenant_id = "rival"
    with pytest.raises(ForeignTenantError):
        session.flush()


def test_a_row_that_names_no_tenant_on_purpose_is_refused(session):
    session.add(_person("x@example.org", tenant_id=None))
    with pytest.raises(ForeignTenantError):
        session.flush()


def test_a_row_cannot_be_moved_to_another_tenant(session):
    session.scalars(select(Person)).one().tenant_id = "rival"
    with pytest.raises(ForeignTenantError):
        session.flush()


_HAND_IN = [
    lambda session, row: session.add(row),
    lambda session, row: session.merge(row),
    lambda session, row: session.merge(row, load=False),
    lambda session, row: session.delete(row),
]


@pytest.mark.parametrize("hand_in", _HAND_IN)
def test_another_tenants_row_cannot_be_handed_in(session, engine, hand_in):
    (theirs,) = _rivals(engine)
    with pytest.raises(ForeignTenantError):
        hand_in(session, theirs)


def test_another_tenants_row_is_not_deleted_though_it_got_in(session, engine):
    (ours,) = session.scalars(select(Person)).all()
    ours.__dict__["tenant_id"] = "rival"
    session.delete(ours)
    with pytest.raises(ForeignTenantError):
        session.flush()
    session.rollback()
    assert len(_rivals(engine)) == 1


def test_rows_added_at_once_are_the_tenants(session, engine):
    rows = [
        {"id": uuid.uuid4(), "email": f"{n}@example.org", "roles": ["rep"], "created_at": NOW}
        for n in range(3)
    ]
    session.add_rows(Person, rows)
    session.add_rows(Person, [])
    session.commit()
    assert session.scalar(select(func.count()).select_from(Person)) == 4
    assert len(_rivals(engine)) == 1
    with pytest.raises(ForeignTenantError):
        session.add_rows(Person, [{**rows[0], "tenant_id": "rival"}])


@pytest.mark.parametrize("nobody", [None, ""])
def test_a_session_without_a_tenant_raises_before_any_sql(server, nobody):
    # Nobody listens at this address: had any SQL been sent, the error would be another.
    engine = create_engine("postgresql+psycopg://portal_app@/portal?host=/nowhere")
    with TenantSession(engine, nobody) as session:
        for ask in (
            lambda: session.execute(select(Load)),
            lambda: session.scalars(select(Load)).all(),
            lambda: session.get(Load, ("ours", 10)),
            lambda: session.add_rows(Load, [{"seq": 1}]),
        ):
            with pytest.raises(UnscopedSessionError, match="Open the session with a tenant"):
                ask()
        session.add(_load(20))
        with pytest.raises(UnscopedSessionError, match="Open the session with a tenant"):
            session.flush()


def test_a_sessions_tenant_cannot_be_changed(session):
    with pytest.raises(AttributeError):
        session.tenant = "rival"


def test_an_engine_without_transactions_is_refused(server, own_database):
    engine = create_engine(server.url(SUPERUSER, own_database), isolation_level="AUTOCOMMIT")
    with (
        TenantSession(engine, "ours") as session,
        pytest.raises(UnscopedSessionError, match="transactions"),
    ):
        session.scalars(select(Load)).all()
    engine.dispose()


def test_a_savepoint_that_is_undone_leaves_the_tenant(session):
    with session.begin_nested() as savepoint:
        savepoint.rollback()
    assert session.scalars(select(Load.seq)).all() == [10]


def test_a_class_without_a_tenant_can_be_neither_asked_nor_saved(session):
    class Stray:
        """A mapped class that forgot its tenant."""

        id: Mapped[int] = mapped_column(primary_key=True)
        __tablename__ = "stray"

    registry().mapped(Stray)
    assert not issubclass(Stray, TenantOwned)
    with pytest.raises(UnscopedSessionError, match="belong to a tenant"):
        session.scalars(select(Stray)).all()
    session.add(Stray(id=1))
    with pytest.raises(UnscopedSessionError, match="belongs to no tenant"):
        session.flush()
