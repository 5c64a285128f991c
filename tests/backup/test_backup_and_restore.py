"""A backup is one moment of database and facts; what is restored from it answers alike."""

import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.config import Config
from portal.models import password_links, sign_ins
from portal.services import backups, loads
from portal.services.auditing import Trace
from portal.services.people import NewPerson, add
from portal.services.signing_in import Account, begin, resume
from portal.tenancy.database import open_database
from portal.tenancy.keys import TenantKey
from portal.tenancy.names import APP, OWNER, SUPERUSER
from portal.tenancy.server import EmbeddedServer
from tests.kpis.desk import Desk, a_deal

NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)
YEAR = ("--kpi", "won_revenue", "--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")


class OwnDesk(Desk):
    """The command on a home with an embedded server of its own."""

    def __init__(self, home):
        super().__init__("", home)

    @property
    def config(self):
        """The settings of this home."""
        return Config.from_environ(self.environ)

    def won(self, tenant, *words):
        """Return the won revenue of the year."""
        return [row["value"] for row in self.values(tenant, *YEAR, *words)]


@pytest.fixture(scope="module")
def new_home(tmp_path_factory):
    """Make homes that do not exist yet, and stop their servers at the end."""
    made = []

    def make():
        made.append(OwnDesk(tmp_path_factory.mktemp("homes") / "home"))
        return made[-1]

    yield make
    for desk in made:
        EmbeddedServer.of(desk.home).stop()


@pytest.fixture(scope="module")
def origin(new_home):
    """A home with two tenants; the first has a compacted version and a tail after it."""
    desk = new_home()
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=1)]}, "--as-of", "2017-04-02")
    desk.json("store", "compact", "--tenant", tenant, "--all")
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=10)]}, "--as-of", "2017-04-03")
    other = desk.tenant()
    return desk, tenant, other


@pytest.fixture(scope="module")
def token(origin):
    """Somebody is signed in."""
    desk, tenant, _ = origin
    return signed_in(desk, tenant)


def signed_in(desk, tenant):
    database = open_database(desk.config)
    with database.session(TenantKey(tenant)) as session:
        person = add(session, NewPerson(f"ann@{tenant}.example", frozenset({"rep"})), NOW)
    token = begin(database, Account(TenantKey(tenant), "A company", person.id), Trace(NOW))
    database.close()
    return token


def who(desk, token):
    database = open_database(desk.config)
    try:
        return resume(database, token, NOW)
    finally:
        database.close()


@pytest.fixture(scope="module")
def saved(origin, token, tmp_path_factory):
    """A backup that was taken when an import had written all its files and not landed."""
    desk, tenant, _ = origin
    file = tmp_path_factory.mktemp("saved") / "one.tar"
    taken = []
    land = loads.land_load

    def land_later(*words):
        taken.append(desk.json("backup", file))
        return land(*words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loads, "land_load", land_later)
        late = {"opportunity": [a_deal("a", amount=500), a_deal("b", amount=500)]}
        desk.bring(tenant, late, "--as-of", "2017-04-04")
    assert taken[0]["tenants"] == {tenant: 2}
    assert desk.won(tenant) == [1000]
    return file


@pytest.fixture(scope="module")
def restored(saved, new_home):
    desk = new_home()
    desk.json("restore", saved)
    return desk


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
    from portal.tenancy.cluster import program  # noqa: PLC0415 - for this test alone

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


def test_the_file_can_be_proved_without_the_portal(saved, tmp_path):
    with tarfile.open(saved) as tar:
        tar.extractall(tmp_path, filter="data")
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], check=True, cwd=tmp_path)
    assert saved.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in saved.parent.iterdir()) == [saved.name]


def test_a_home_that_is_not_empty_is_refused_and_left_alone(saved, tmp_path):
    desk = OwnDesk(tmp_path)
    (tmp_path / "mine").write_text("kept")
    said = desk("restore", saved)
    assert (said.status, said.out) == (2, "")
    assert f"{tmp_path} is not empty" in said.err
    assert said.err.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["database.dump", ".parquet", "manifest.json", "SHA256SUMS"])
def test_a_damaged_backup_is_refused_before_anything_is_written(saved, tmp_path, name):
    damaged = tmp_path / "damaged.tar"
    whole = bytearray(saved.read_bytes())
    with tarfile.open(saved) as tar:
        part = next(entry for entry in tar if entry.name.endswith(name))
    whole[part.offset_data + part.size // 2] ^= 0x01
    damaged.write_bytes(whole)
    refuses(damaged, tmp_path, "can't be restored")


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_a_backup_that_was_cut_is_refused(saved, tmp_path, share):
    cut = tmp_path / "cut.tar"
    cut.write_bytes(saved.read_bytes()[: int(saved.stat().st_size * share)])
    refuses(cut, tmp_path, "can't be restored")


def test_a_name_that_leads_elsewhere_is_refused(saved, tmp_path):
    crafted = tmp_path / "crafted.tar"
    crafted.write_bytes(saved.read_bytes())
    with tarfile.open(crafted, "a") as tar:
        entry = tarfile.TarInfo("facts/../../elsewhere")
        tar.addfile(entry)
    refuses(crafted, tmp_path, "it holds what no backup does")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    refuses(tmp_path / "none.tar", tmp_path, "can't be read: No such file")


def refuses(file, tmp_path, why):
    desk = OwnDesk(tmp_path / "home")
    said = desk("restore", file)
    assert (said.status, said.out) == (2, "")
    assert why in said.err
    assert said.err.count("\n") == 1
    assert not desk.home.exists()


def test_a_restore_that_fails_leaves_the_home_empty(saved, new_home, monkeypatch):
    desk = new_home()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_settle", fail)
    assert desk("restore", saved).status == 1
    assert [each.name for each in desk.home.iterdir() if each.name != "logs"] == []


def test_a_backup_never_replaces_a_file(origin, saved):
    desk, _, _ = origin
    before = saved.read_bytes()
    said = desk("backup", saved)
    assert (said.status, said.err) == (2, f"{saved} is there already. Name another file.\n")
    assert saved.read_bytes() == before
    said = desk("backup", saved.parent / "none" / "b.tar")
    assert said.status == 2
    assert "No such file or directory" in said.err


def test_a_damaged_store_is_not_backed_up(new_home, tmp_path):
    desk = new_home()
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a")]})
    (file,) = (desk.home / "facts" / tenant / "opportunity" / "changes").glob("*.parquet")
    file.rename(tmp_path / "away.parquet")
    said = desk("backup", tmp_path / "b.tar")
    assert (said.status, file.name in said.err) == (2, True)
    assert [each.name for each in tmp_path.iterdir()] == ["away.parquet"]


def test_facts_in_a_bucket_are_left_to_the_bucket(tmp_path):
    desk = OwnDesk(tmp_path / "home")
    desk.environ["PORTAL_STORE"] = "s3://bucket/facts"
    for command in ("backup", "restore"):
        said = desk(command, tmp_path / "b.tar")
        assert said.status == 2
        assert "backed up by the object store's own means" in said.err


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
