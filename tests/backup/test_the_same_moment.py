"""A backup is one moment of database and facts; what is restored from it answers alike."""

import subprocess
import tarfile

from kpi_engine.errors import StoreError
from kpi_engine.store.tenant import TenantFacts
from portal.models import password_links, sign_ins
from portal.tenancy.cluster import program
from portal.tenancy.database import open_database
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import SUPERUSER
from portal.tenancy.server import EmbeddedServer
from tests.backup.homes import who
from tests.kpis.desk import a_deal


def test_the_numbers_are_those_of_the_moment(origin, restored):
    _, tenant, other = origin
    assert restored.won(tenant) == [10]
    assert restored.won(tenant, "--known-at", "2017-04-02") == [1]
    assert restored.json("store", "check", "--tenant", tenant)["damaged"] == []
    assert restored.won(other) == restored.won(other, "--known-at", "2017-04-02")


def test_nothing_of_the_import_that_was_under_way_is_in_the_file(origin, saved):
    _, tenant, _ = origin
    with tarfile.open(saved) as tar:
        names = tar.getnames()
    ours = [name for name in names if name.startswith(f"facts/{tenant}/opportunity/changes/")]
    assert [name.rpartition("/")[2][:12] for name in ours if name.endswith(".parquet")] == [
        *("000000000001", "000000000002"),
    ]


def test_everybody_has_to_sign_in_again(origin, restored, token):
    desk, tenant, _ = origin
    assert who(desk, token) is not None
    assert who(restored, token) is None
    database = open_database(restored.config)
    with database.session(TenantKey(tenant)) as session:
        assert session.scalars(sign_ins.not_ended()).all() == []
        assert session.scalars(password_links.not_used()).all() == []
    database.close()


def test_the_tables_and_what_guards_them_are_the_same(origin, restored):
    assert schema_of(restored) == schema_of(origin[0])


def schema_of(desk):
    """What pg_dump says of the tables, with owners and rights."""
    at = EmbeddedServer.of(desk.home).ensure_running()
    words = ("--schema-only", f"--host={at.socket_folder}", f"--username={SUPERUSER}", "portal")
    said = subprocess.run(
        [program("pg_dump"), *words], check=True, capture_output=True, text=True
    ).stdout
    return sorted(line for line in said.splitlines() if not line.startswith("\\"))


def test_imports_go_on_where_the_backup_was_taken(saved, origin, new_home):
    _, tenant, _ = origin
    desk = new_home()
    desk.json("restore", saved)
    deals = [a_deal("a", amount=10), a_deal("c", amount=7)]
    desk.bring(tenant, {"opportunity": deals}, "--as-of", "2017-04-05")
    assert desk.won(tenant) == [17]
    desk.json("store", "compact", "--tenant", tenant, "--all")
    desk.json("store", "clean", "--tenant", tenant)
    assert desk.won(tenant) == [17]
    assert desk.won(tenant, "--known-at", "2017-04-02") == [1]


def test_files_that_a_clean_up_takes_away_meanwhile_make_it_begin_anew(
    origin, tmp_path, monkeypatch
):
    desk, tenant, _ = origin
    copying, refused = TenantFacts.copying, []

    def too_late(facts, pin):
        if not refused:
            refused.append(pin)
            raise StoreError("A file is gone.")
        return copying(facts, pin)

    monkeypatch.setattr(TenantFacts, "copying", too_late)
    assert tenant in desk.json("backup", tmp_path / "b.tar")["tenants"]
    assert len(refused) == 1


def test_the_file_can_be_proved_without_the_portal(saved, tmp_path):
    with tarfile.open(saved) as tar:
        tar.extractall(tmp_path, filter="data")
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], check=True, cwd=tmp_path)
    assert saved.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in saved.parent.iterdir()) == [saved.name]
