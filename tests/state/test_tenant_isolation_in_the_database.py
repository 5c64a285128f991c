"""Row-level security alone keeps tenants apart: what SQL as the application's role can reach.

Ours has 10 loads' worth of numbers, the rival 1000: a leak names its source.
"""

import uuid

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import create_engine, text

from portal.services import loads
from portal.tenancy.database import Database, application_engine
from portal.tenancy.names import APP, OWNER


@pytest.fixture
def rivals(server, new_tenant):
    """Two tenants, each with one person, one load and one observation."""
    ours, theirs = new_tenant(), new_tenant()
    with server.superuser() as connection:
        for key, seq in ((ours, 10), (theirs, 1000)):
            _fill(connection, key, seq)
    return ours, theirs


def _fill(connection, key, seq):
    connection.execute(
        "INSERT INTO portal.load (tenant_id, seq, state, source, loaded_at, started_at)"
        " VALUES (%s, %s, 'started', 'crm', now(), now())",
        (key, seq),
    )
    connection.execute(
        "INSERT INTO portal.person (tenant_id, id, email, roles, created_at)"
        " VALUES (%s, %s, 'ann@example.org', '{rep}', now())",
        (key, uuid.uuid5(uuid.NAMESPACE_URL, key)),
    )
    connection.execute(_OBSERVATION, {"key": key, "id": uuid.uuid4(), "supersedes": None})


_OBSERVATION = """
INSERT INTO portal.observation (tenant_id, id, kpi, grain, period_start, period_end, scope_kind,
    revision, kind, n, state, definition, version, known_at, observed_at, supersedes, cause)
VALUES (%(key)s, %(id)s, 'won', 'month', '2017-01-01', '2017-02-01', 'tenant',
    CASE WHEN %(supersedes)s::uuid IS NULL THEN 1 ELSE 2 END,
    CASE WHEN %(supersedes)s::uuid IS NULL THEN 'first' ELSE 'restatement' END,
    1, 'final', 'abc', 1, now(), now(), %(supersedes)s,
    CASE WHEN %(supersedes)s::uuid IS NULL THEN NULL ELSE '{}'::jsonb END)
"""


@pytest.fixture
def application(server):
    """A connection as the application's role, each statement its own transaction."""
    with _connect(server, APP) as connection:
        yield connection


def _connect(server, role):
    return psycopg.connect(
        host=server.address.socket_folder,
        port=server.address.port,
        user=role,
        dbname="portal",
        autocommit=True,
    )


def _as(connection, tenant):
    connection.execute("SELECT set_config('app.tenant', %s, true)", (tenant,))


def _done_as(connection, tenant, statement, **values):
    with connection.transaction():
        _as(connection, tenant)
        connection.execute(statement, values)


def _seqs(connection):
    return [seq for (seq,) in connection.execute("SELECT seq FROM portal.load").fetchall()]


def test_a_transaction_sees_its_own_tenants_rows(application, rivals):
    with application.transaction():
        _as(application, rivals[0])
        assert _seqs(application) == [10]


def test_a_connection_that_named_no_tenant_sees_nothing(application, rivals):
    assert application.execute("SELECT current_setting('app.tenant', true)").fetchone() == (None,)
    assert _seqs(application) == []


def test_after_a_transaction_the_setting_is_empty_text_and_still_nothing_is_seen(
    application, rivals
):
    with application.transaction():
        _as(application, rivals[0])
    assert application.execute("SELECT current_setting('app.tenant', true)").fetchone() == ("",)
    assert _seqs(application) == []
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(
            "INSERT INTO portal.load (tenant_id, seq, state, source, loaded_at, started_at)"
            " VALUES ('', 1, 'started', 'crm', now(), now())"
        )


def test_a_tenant_with_an_empty_key_cannot_be_made(server):
    with server.superuser() as connection, pytest.raises(errors.CheckViolation):
        connection.execute(
            "INSERT INTO portal.tenant (tenant_id, name, timezone, currency, fiscal_start,"
            " week_start, created_at) VALUES ('', 'x', 'UTC', 'USD', 1, 0, now())"
        )


def test_a_local_setting_outside_a_transaction_shows_nothing(application, rivals):
    _as(application, rivals[0])
    assert _seqs(application) == []


def test_the_owner_of_the_tables_is_bound_too(server, rivals):
    with _connect(server, OWNER) as owner:
        assert _seqs(owner) == []
        with owner.transaction():
            _as(owner, rivals[0])
            assert _seqs(owner) == [10]


def test_a_plain_setting_does_not_ride_the_pool_to_the_next_user(server, rivals):
    engine = application_engine(server.url(APP))
    with engine.connect() as connection:
        process = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.execute(text("SELECT set_config('app.tenant', :it, false)"), {"it": rivals[1]})
        connection.commit()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) == process
        assert connection.scalar(text("SELECT current_setting('app.tenant', true)")) in {None, ""}
        assert connection.scalars(text("SELECT seq FROM portal.load")).all() == []
    engine.dispose()


def test_a_pool_without_our_reset_would_leak_it(server, rivals):
    engine = create_engine(server.url(APP))
    with engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.tenant', :it, false)"), {"it": rivals[1]})
        connection.commit()
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT seq FROM portal.load")).all() == [1000]
    engine.dispose()


def test_a_session_overrules_what_a_hand_left_on_its_connection(server, rivals):
    engine = create_engine(server.url(APP), pool_size=1, max_overflow=0)
    with engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.tenant', :it, false)"), {"it": rivals[1]})
        connection.commit()
    with Database(engine).session(rivals[0]) as session:
        assert [load.seq for load in loads.newest(session)] == [10]
    engine.dispose()


_WRITES = [
    "UPDATE portal.load SET state = 'failed', finished_at = now() WHERE seq = 1000",
    "UPDATE portal.person SET email = 'x@example.org' WHERE tenant_id = %(theirs)s",
]


@pytest.mark.parametrize("statement", _WRITES)
def test_another_tenants_rows_cannot_be_changed(application, rivals, statement):
    with application.transaction():
        _as(application, rivals[0])
        assert application.execute(statement, {"theirs": rivals[1]}).rowcount == 0


def test_a_row_cannot_be_moved_to_another_tenant(application, rivals):
    with pytest.raises(errors.InsufficientPrivilege):
        _done_as(
            application, rivals[0], "UPDATE portal.person SET tenant_id = %(to)s", to=rivals[1]
        )


def test_a_row_cannot_be_added_for_another_tenant(application, rivals):
    statement = """
        INSERT INTO portal.person (tenant_id, id, email, roles, created_at)
        VALUES (%(to)s, gen_random_uuid(), 'x@example.org', '{rep}', now())
    """
    with pytest.raises(errors.InsufficientPrivilege):
        _done_as(application, rivals[0], statement, to=rivals[1])


def test_a_row_cannot_refer_to_another_tenants_row(server, application, rivals):
    with server.superuser() as connection:
        (theirs,) = connection.execute(
            "SELECT id FROM portal.observation WHERE tenant_id = %s", (rivals[1],)
        ).fetchone()
    row = {"key": rivals[0], "id": uuid.uuid4(), "supersedes": theirs}
    with pytest.raises(errors.ForeignKeyViolation):
        _done_as(application, rivals[0], _OBSERVATION, **row)


def test_keys_tell_nothing_of_another_tenants_rows(application, rivals):
    ours, theirs = rivals
    with application.transaction():
        _as(application, ours)
        # Their load's number and their person's key and address: all free to us.
        application.execute("UPDATE portal.load SET state = 'failed', finished_at = now()")
        application.execute(
            "INSERT INTO portal.load (tenant_id, seq, state, source, loaded_at, started_at)"
            " VALUES (%s, 1000, 'started', 'crm', now(), now())",
            (ours,),
        )
        application.execute(
            "INSERT INTO portal.person (tenant_id, id, email, roles, created_at)"
            " VALUES (%s, %s, 'bob@example.org', '{rep}', now())",
            (ours, uuid.uuid5(uuid.NAMESPACE_URL, theirs)),
        )


_REFUSED = [
    "TRUNCATE portal.observation",
    "TRUNCATE portal.load",
    "DELETE FROM portal.load",
    "DELETE FROM portal.observation",
    "UPDATE portal.observation SET value = 1",
    "UPDATE portal.load SET seq = 7",
    "UPDATE portal.load SET loaded_at = now()",
    "UPDATE portal.alembic_version SET version_num = '9999'",
    "ALTER TABLE portal.load DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE portal.load OWNER TO portal_app",
    "DROP POLICY tenant ON portal.load",
    "CREATE TABLE portal.mine (id int)",
    "CREATE TABLE public.mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE VIEW public.mine AS SELECT 1",
    "CREATE MATERIALIZED VIEW portal.mine AS SELECT * FROM portal.load",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "SET ROLE portal_owner",
    "SET SESSION AUTHORIZATION portal_owner",
    "COPY portal.load TO PROGRAM 'true'",
    "COPY portal.load TO '/tmp/load'",
    "SELECT pg_read_file('postgresql.conf')",
]


@pytest.mark.parametrize("statement", _REFUSED)
def test_the_application_may_not(application, statement):
    with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedFile)):
        application.execute(statement)


def test_switching_row_security_off_refuses_the_question_instead_of_answering_it(
    application, rivals
):
    application.execute("SET row_security = off")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        _seqs(application)


def test_copying_a_table_out_shows_nothing_of_others(application, rivals):
    with application.transaction():
        _as(application, rivals[0])
        with application.cursor().copy("COPY portal.load (seq) TO STDOUT") as copy:
            assert [bytes(row) for row in copy] == [b"10\n"]


_UNCHANGING = [
    "UPDATE portal.observation SET value = 1",
    "DELETE FROM portal.observation",
    "TRUNCATE portal.observation",
]


@pytest.mark.parametrize("statement", _UNCHANGING)
def test_not_even_the_superuser_changes_an_observation(server, rivals, statement):
    with server.superuser() as connection, pytest.raises(errors.RestrictViolation):
        connection.execute(statement)
