"""A database on another server is backed up as whom it shows all rows, and restored as its owner."""

from pathlib import Path

from portal.tenancy.names import APP, OWNER, SUPERUSER
from tests.backup.homes import YEAR
from tests.kpis.desk import Desk, a_deal


def external(server, name, role, home):
    desk = Desk(server.url(APP, name).render_as_string(hide_password=False), home)
    owner = server.url(role, name).render_as_string(hide_password=False)
    desk.environ["PORTAL_DATABASE_OWNER_URL"] = owner
    return desk


def test_a_server_of_ones_own_is_backed_up_by_a_role_that_sees_all(
    server, own_database, tmp_path: Path
):
    desk = external(server, own_database, OWNER, tmp_path / "one")
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=3)]})
    said = desk("backup", tmp_path / "b.tar")
    assert (said.status, "hides the tenants' rows from 'portal_owner'" in said.err) == (2, True)
    desk = external(server, own_database, SUPERUSER, tmp_path / "one")
    desk.json("backup", tmp_path / "b.tar")
    again = external(server, own_database, OWNER, tmp_path / "two")
    assert "holds a portal already" in again("restore", tmp_path / "b.tar").err
    name = f"{own_database}_empty"
    with server.superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    try:
        fresh = external(server, name, OWNER, tmp_path / "three")
        fresh.json("restore", tmp_path / "b.tar")
        rows = fresh.values(tenant, *YEAR)
        assert [row["value"] for row in rows] == [3]
    finally:
        with server.superuser("postgres") as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
