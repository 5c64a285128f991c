"""The tables come up from nothing, match the models, and keep what they hold on the way."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import migrations
from migrations.grants import GRANTS
from portal.models import METADATA
from portal.services import loads, tenants
from portal.tenancy.database import Database, application_engine
from portal.tenancy.names import APP, OWNER
from portal.tenancy.upgrade import settings, upgrade
from tests.conftest import NOW


@pytest.fixture
def owner(server, own_database):
    engine = create_engine(server.url(OWNER, own_database))
    yield engine
    engine.dispose()


def _down(owner, to):
    with owner.begin() as connection:
        command.downgrade(settings(connection), to)


def _tables(owner):
    with owner.connect() as connection:
        return set(
            connection.scalars(
                text("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('portal')")
            )
        )


def _differences(owner):
    with owner.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "version_table_schema": "portal",
                "include_name": lambda name, kind, _: kind != "schema" or name == "portal",
                "compare_server_default": True,
            },
        )
        return compare_metadata(context, METADATA)


# Triggers are the steps' alone, also those that PostgreSQL counts as constraints.
_RULES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'portal'::regnamespace AND conrelid <> 'portal.alembic_version'::regclass
AND contype <> 't'
UNION SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'portal'::regnamespace
AND indrelid <> 'portal.alembic_version'::regclass
"""


def _rules(owner):
    with owner.connect() as connection:
        return {tuple(row) for row in connection.execute(text(_RULES))}


def test_the_newest_step_is_the_version_that_this_release_works_with():
    assert ScriptDirectory.from_config(settings()).get_heads() == [migrations.HEAD]


def test_the_tables_are_those_of_the_models(owner):
    assert _differences(owner) == []


def test_every_constraint_and_index_is_as_the_models_write_it(owner):
    stepped = _rules(owner)
    with owner.begin() as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
    assert stepped == _rules(owner)
    assert len(stepped) > 30


def test_from_nothing_to_the_newest(owner, server, own_database):
    with server.superuser(own_database) as connection:
        connection.execute("DROP SCHEMA portal CASCADE")
    upgrade(owner, APP)
    assert set(GRANTS) <= _tables(owner)
    assert _differences(owner) == []


def test_every_step_goes_down_and_up_again(owner):
    for step in ScriptDirectory.from_config(settings()).walk_revisions():
        _down(owner, step.down_revision or "base")
        upgrade(owner, APP, step.revision)
    upgrade(owner, APP)
    assert _differences(owner) == []


def test_all_the_way_down_leaves_no_table(owner):
    _down(owner, "base")
    left = {name for name in _tables(owner) if not name.startswith("alembic_version")}
    assert left == set()


def test_an_upgrade_keeps_what_the_tables_hold(owner, server, own_database):
    database = Database(application_engine(server.url(APP, own_database)))
    with database.session("acme") as session:
        tenants.create(session, tenants.Profile("Acme"), NOW)
        loads.begin_load(session, loads.NewLoad("crm"), NOW)
    upgrade(owner, APP)
    with database.session("acme") as session:
        assert tenants.get(session).name == "Acme"
        assert [load.seq for load in loads.newest(session)] == [1]
    database.close()


def test_a_failed_upgrade_leaves_what_was_there(owner):
    with pytest.raises(Exception, match="no role 'nobody'"):
        upgrade(owner, "nobody")
    assert _differences(owner) == []
    with owner.begin() as connection:
        connection.execute(text("CREATE TABLE portal.in_the_way (id int)"))
        command.stamp(settings(connection), "base", purge=True)
        with pytest.raises(Exception, match="already exists"):
            command.upgrade(settings(connection), "head")
