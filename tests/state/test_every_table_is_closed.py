"""Every table, present and to come, has a tenant, keys led by it, and forced row security."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from migrations.grants import GRANTS
from portal.models import METADATA
from portal.tenancy.names import APP
from portal.tenancy.owned import TenantOwned
from tests.state.table_rules import EXEMPT, faults_of_models, faults_of_tables


def test_no_table_of_the_database_is_open(server):
    with server.superuser() as connection:
        assert list(faults_of_tables(connection)) == []


def test_no_mapped_table_is_open():
    assert list(faults_of_models(METADATA)) == []


def test_every_mapped_class_belongs_to_a_tenant():
    strays = [
        mapper.class_.__name__
        for mapper in TenantOwned.registry.mappers
        if not issubclass(mapper.class_, TenantOwned)
    ]
    assert strays == []


_LOOSE_REFERENCE = """
ALTER TABLE portal.observation ADD UNIQUE (id);
ALTER TABLE portal.observation
    ADD CONSTRAINT bad FOREIGN KEY (supersedes) REFERENCES portal.observation (id)
"""
_BAD = [
    ("CREATE TABLE portal.bad (id int)", "bad has no tenant_id NOT NULL"),
    ("CREATE TABLE portal.bad (tenant_id text)", "bad has no tenant_id NOT NULL"),
    ("CREATE TABLE portal.bad (tenant_id text NOT NULL)", "off or not forced"),
    ("ALTER TABLE portal.load NO FORCE ROW LEVEL SECURITY", "load has row-level security off"),
    ("ALTER TABLE portal.load DISABLE ROW LEVEL SECURITY", "load has row-level security off"),
    ("DROP POLICY tenant ON portal.load", "load has not the one policy by tenant"),
    ("CREATE POLICY more ON portal.load USING (true)", "load has not the one policy by tenant"),
    ("CREATE VIEW portal.bad AS SELECT * FROM portal.load", "bad is no plain table"),
    ("CREATE MATERIALIZED VIEW portal.bad AS SELECT * FROM portal.load", "bad is no plain table"),
    ("CREATE UNIQUE INDEX bad ON portal.person (email)", "person.bad is unique over all tenants"),
    (
        _LOOSE_REFERENCE,
        "observation.bad may refer to another tenant's row",
    ),
]


@pytest.mark.parametrize(("statement", "fault"), _BAD)
def test_a_table_that_is_open_is_found(server, own_database, statement, fault):
    with server.superuser(own_database) as connection, connection.transaction(force_rollback=True):
        connection.execute(statement)
        assert any(fault in found for found in faults_of_tables(connection))


def test_a_mapped_table_that_is_open_is_found():
    metadata = MetaData()
    Table("bad", metadata, Column("id", Text, primary_key=True))
    assert list(faults_of_models(metadata)) == [
        "bad has a primary key that the tenant does not lead"
    ]


def test_the_application_may_do_what_is_written_and_nothing_else(server):
    asked = """
        SELECT table_name, privilege_type, string_agg(column_name, ', ' ORDER BY column_name)
        FROM (SELECT table_name, privilege_type, NULL AS column_name
              FROM information_schema.table_privileges WHERE grantee = %(role)s
              UNION SELECT p.table_name, p.privilege_type, p.column_name
              FROM information_schema.column_privileges p WHERE grantee = %(role)s
              AND NOT EXISTS (SELECT FROM information_schema.table_privileges t
                  WHERE t.grantee = %(role)s AND t.table_name = p.table_name
                  AND t.privilege_type = p.privilege_type)) AS found
        GROUP BY 1, 2 ORDER BY 1, 2
    """
    with server.superuser() as connection:
        found = connection.execute(asked, {"role": APP}).fetchall()
    assert found == sorted(right for table in GRANTS for right in _rights(table))


def _rights(table: str) -> Iterator[tuple[str, str, str | None]]:
    """What is written of a table, as the database tells it."""
    for privilege, columns in re.findall(r"([A-Z]+)(?: \(([^)]*)\))?", GRANTS[table]):
        yield table, privilege, ", ".join(sorted(columns.split(", "))) if columns else None


def test_the_application_may_ask_two_questions_over_all_tenants_and_nobody_else_may(server):
    with server.superuser() as connection:
        found = connection.execute(
            "SELECT p.proname, p.prosecdef, p.proconfig, array_agg(r.rolname ORDER BY r.rolname)"
            " FROM pg_proc p, aclexplode(p.proacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee"
            " WHERE p.pronamespace = 'portal'::regnamespace AND p.prosecdef"
            " GROUP BY 1, 2, 3 ORDER BY 1"
        ).fetchall()
    path = ["search_path=pg_catalog"]
    assert found == [
        ("tenant_keys", True, path, [APP, "portal_owner"]),
        ("tenants_of", True, path, [APP, "portal_owner"]),
    ]


def test_nothing_that_may_be_done_takes_rows_away_in_bulk():
    assert not [table for table in GRANTS if "TRUNCATE" in GRANTS[table]]
    assert "DELETE" not in GRANTS["audit_event"] + GRANTS["observation"] + GRANTS["sign_in"]
    assert "UPDATE" not in GRANTS["audit_event"] + GRANTS["observation"]


def test_every_table_has_its_grants_written_down():
    assert set(GRANTS) == {table.name for table in METADATA.sorted_tables} | EXEMPT


def test_nobody_else_was_granted_anything(server):
    with server.superuser() as connection:
        found = connection.execute(
            "SELECT DISTINCT grantee FROM information_schema.table_privileges"
            " WHERE table_schema = 'portal'"
        ).fetchall()
    assert {grantee for (grantee,) in found} == {"portal_owner", APP}
