"""The portal starts only as a role that row-level security binds, over tables of its release."""

import pytest
from sqlalchemy import make_url

from migrations import HEAD
from portal.config import Config
from portal.errors import (
    DatabaseUnreachableError,
    PortalError,
    RoleTooStrongError,
    SchemaAheadError,
    SchemaBehindError,
    SettingsError,
)
from portal.tenancy.database import open_database, upgrade_database
from portal.tenancy.names import APP, OWNER, SUPERUSER


@pytest.fixture
def config(server, own_database, tmp_path):
    """Settings that name this test's own database as an external one, for a role."""

    def make(role=APP, owner=None):
        return Config(
            home=tmp_path,
            store=str(tmp_path / "facts"),
            database_url=server.url(role, own_database).render_as_string(),
            owner_url=owner and server.url(owner, own_database).render_as_string(),
        )

    return make


@pytest.fixture
def as_superuser(server, own_database):
    """Run statements in this test's own database."""

    def run(*statements):
        with server.superuser(own_database) as connection:
            for statement in statements:
                connection.execute(statement)

    return run


def _refusal(config):
    with pytest.raises(RoleTooStrongError) as refused:
        open_database(config)
    return str(refused.value)


def test_the_application_role_is_taken(config):
    open_database(config()).close()


def test_a_superuser_is_refused(config):
    assert "'postgres' is, or may become, a superuser" in _refusal(config(SUPERUSER))


def test_the_owner_of_the_tables_is_refused(config):
    assert "'portal_owner' owns tables of the portal" in _refusal(config(OWNER))


_STRENGTHS = [
    ("ALTER ROLE portal_app BYPASSRLS", "ALTER ROLE portal_app NOBYPASSRLS", "BYPASSRLS"),
    ("ALTER ROLE portal_app SUPERUSER", "ALTER ROLE portal_app NOSUPERUSER", "superuser"),
    ("GRANT portal_owner TO portal_app", "REVOKE portal_owner FROM portal_app", "owns tables"),
    ("GRANT postgres TO portal_app", "REVOKE postgres FROM portal_app", "superuser"),
    ("ALTER TABLE portal.load OWNER TO portal_app", "SELECT 1", "owns tables of the portal"),
    ("ALTER SCHEMA portal OWNER TO portal_app", "SELECT 1", "owns the schema"),
    ("GRANT CREATE ON SCHEMA portal TO portal_app", "SELECT 1", "may create objects"),
]


@pytest.mark.parametrize(("give", "take", "reason"), _STRENGTHS)
def test_a_role_that_was_made_strong_is_refused(config, as_superuser, give, take, reason):
    as_superuser(give)
    try:
        assert reason in _refusal(config())
    finally:
        as_superuser(take)


def test_a_database_without_tables_says_how_to_make_them(config, as_superuser):
    as_superuser("DROP SCHEMA portal CASCADE")
    with pytest.raises(SchemaBehindError, match="portal db upgrade"):
        open_database(config())


def test_older_tables_say_how_to_bring_them_up(config, as_superuser):
    as_superuser("UPDATE portal.alembic_version SET version_num = '0000'")
    with pytest.raises(SchemaBehindError, match=f"version 0000 and this portal needs {HEAD}"):
        open_database(config())


def test_newer_tables_are_left_alone(config, as_superuser):
    as_superuser("UPDATE portal.alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaAheadError, match="Install the newer portal"):
        open_database(config())
    with pytest.raises(SchemaAheadError):
        upgrade_database(config(owner=OWNER))


def test_an_external_database_is_made_by_its_owner_and_used_by_the_application(
    config, as_superuser
):
    as_superuser("DROP SCHEMA portal CASCADE")
    assert upgrade_database(config(owner=OWNER)) == HEAD
    open_database(config()).close()


def test_upgrading_needs_an_owner_that_is_not_the_application(config):
    with pytest.raises(SettingsError, match="PORTAL_DATABASE_OWNER_URL"):
        upgrade_database(config())
    with pytest.raises(Exception, match="another role"):
        upgrade_database(config(owner=APP))


def test_an_application_role_that_is_missing_is_named(config):
    with pytest.raises(Exception, match="no role 'portal_nobody'"):
        upgrade_database(config("portal_nobody", owner=OWNER))


def test_an_owner_that_may_not_make_tables_is_told_so(config, as_superuser):
    as_superuser("DROP SCHEMA portal CASCADE", "CREATE SCHEMA portal")
    with pytest.raises(PortalError, match="'portal_owner' may not do this in the database"):
        upgrade_database(config(owner=OWNER))


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path):
    address = "postgresql://portal_app:geheim@127.0.0.1:1/portal"
    config = Config(home=tmp_path, store="", database_url=address)
    with pytest.raises(DatabaseUnreachableError) as refused:
        open_database(config)
    assert "'portal' on 127.0.0.1" in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert "geheim" not in repr(config)


def test_a_second_application_role_is_granted_by_the_next_upgrade(config, as_superuser):
    as_superuser("DROP ROLE IF EXISTS portal_second", "CREATE ROLE portal_second LOGIN")
    try:
        upgrade_database(config("portal_second", owner=OWNER))
        as_superuser("SET ROLE portal_second; SELECT count(*) FROM portal.load")
    finally:
        as_superuser("DROP OWNED BY portal_second CASCADE", "DROP ROLE portal_second")
    assert make_url(config().database_url).username == APP
