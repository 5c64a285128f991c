"""The embedded server is there when needed, survives what may happen, and holds nothing up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from portal.config import Config
from portal.errors import PortalError, ServerFailedError
from portal.tenancy.cluster import program
from portal.tenancy.database import open_database
from portal.tenancy.names import APP, DATABASE, SUPERUSER
from portal.tenancy.server import EmbeddedServer

_PATIENCE = 120
"""Ends a test that hangs; nothing is measured by it."""


@pytest.fixture(scope="module")
def own_home(tmp_path_factory):
    """A data folder of this file's own, whose server is stopped at the end."""
    home = tmp_path_factory.mktemp("own")
    yield home
    EmbeddedServer.of(home).stop()


@pytest.fixture
def embedded(own_home):
    """The folder's server, running."""
    server = EmbeddedServer.of(own_home)
    server.ensure_running()
    return server


def _environ(home):
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
    return {**kept, "PORTAL_HOME": str(home)}


def _portal(home, *arguments):
    """Run the command as a caller does who waits for the end of its output."""
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=_environ(home),
        timeout=_PATIENCE,
    )


def _pid_of(server):
    return int((server.folder / "postmaster.pid").read_text().partition("\n")[0])


def _gone(pid):
    for _ in range(2000):
        try:
            os.kill(pid, 0)
            if "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]:
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.01)
    raise AssertionError


def test_the_first_command_ever_works_also_in_a_long_and_odd_folder(tmp_path):
    odd = 'it\'s $HOME, "100%" `ä`'
    home = tmp_path.joinpath("long " * 40, odd, "x" * 200, "y" * 250, "z" * 250, "w" * 200)
    try:
        made = _portal(home, "tenant", "create", "acme", "--name", "Acme")
        assert (made.returncode, made.stderr) == (0, "")
        assert len(str(home)) > 1000
        # The first process has ended, and its server has not.
        assert EmbeddedServer.of(home).running()
        shown = _portal(home, "tenant", "show", "acme", "--format", "json")
        assert '"name": "Acme"' in shown.stdout
    finally:
        EmbeddedServer.of(home).stop()
    assert EmbeddedServer.of(home).running() is None


def test_two_first_commands_at_once_make_one_server_and_clear_away_a_killed_making(tmp_path):
    home = tmp_path / "home"
    remains = home / ".postgres-dead"
    remains.mkdir(parents=True)
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "tenant", "create", key, "--name", key],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=_environ(home),
        )
        for key in ("first", "second")
    ]
    try:
        for command in commands:
            _, error = command.communicate(timeout=_PATIENCE)
            assert (command.returncode, error) == (0, "")
        found = EmbeddedServer.of(home).address()
        database = open_database(Config(home, str(home / "facts")))
        try:
            assert found is not None
            assert database.engine.url.query["host"] == str(found.socket_folder)
        finally:
            database.close()
        assert not remains.exists()
    finally:
        EmbeddedServer.of(home).stop()


def test_a_killed_server_is_started_again(own_home, embedded):
    pid = _pid_of(embedded)
    os.kill(pid, signal.SIGKILL)
    _gone(pid)
    database = open_database(Config(own_home, ""))
    database.close()
    assert _pid_of(embedded) != pid


def test_a_number_that_another_process_has_got_since_is_no_server(embedded):
    pid = _pid_of(embedded)
    os.kill(pid, signal.SIGKILL)
    _gone(pid)
    record = embedded.folder / "postmaster.pid"
    lines = record.read_text().split("\n")
    with subprocess.Popen(["sleep", str(_PATIENCE)]) as other:
        record.write_text("\n".join([str(other.pid), *lines[1:]]))
        try:
            assert embedded.running() is None
            assert embedded.ensure_running().pid not in {pid, other.pid}
        finally:
            other.kill()


def test_a_home_whose_making_was_cut_short_is_finished(own_home, embedded):
    # The server runs, and neither roles nor database are there: as if killed in between.
    with psycopg.connect(
        host=embedded.address().socket_folder, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"DROP ROLE IF EXISTS {APP}")
    open_database(Config(own_home, "")).close()


def test_it_stops_when_told_and_says_so_once(own_home, embedded):
    assert _portal(own_home, "db", "stop").stdout == "The database has stopped.\n"
    assert _portal(own_home, "db", "stop").stdout == "The database was not running.\n"
    assert '"running": false' in _portal(own_home, "db", "status", "--format", "json").stdout


def test_asking_whether_it_runs_makes_nothing(tmp_path):
    home = tmp_path / "home"
    assert '"running": false' in _portal(home, "db", "status", "--format", "json").stdout
    assert _portal(home, "db", "stop").stdout == "The database was not running.\n"
    assert not home.exists()


def test_it_listens_on_no_port(embedded):
    with psycopg.connect(
        host=embedded.address().socket_folder, user=SUPERUSER, dbname="postgres"
    ) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as somebody else")
def test_another_account_of_the_machine_is_kept_out(embedded):
    folder = embedded.address().socket_folder
    tried = subprocess.run(
        [program("psql"), "--host", folder, "--username", SUPERUSER, "--command", "SELECT 1"],
        check=False,
        capture_output=True,
        text=True,
        user="nobody",
        cwd="/",
    )
    assert tried.returncode != 0
    assert "ermission denied" in tried.stderr


def test_a_setting_that_it_does_not_take_is_told_at_once(own_home, embedded):
    embedded.stop()
    with pytest.raises(
        ServerFailedError, match=r"postgresql.conf\" contains errors. See .*server.log"
    ):
        EmbeddedServer(embedded.folder, {"shared_buffers": "'none'"}).ensure_running()


def test_a_folder_of_another_release_of_postgresql_is_left_alone(tmp_path):
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerFailedError, match="PostgreSQL 16, and this portal brings 18"):
        EmbeddedServer(folder).ensure_running()


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with pytest.raises(PortalError, match="Set PORTAL_HOME to a folder that you may write"):
        open_database(Config(in_the_way / "home", ""))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root closes folders to the server's account")
def test_closing_the_folders_above_does_not_disturb_it(tmp_path):
    server = EmbeddedServer.of(tmp_path)
    try:
        where = server.ensure_running()
        for folder in (tmp_path, tmp_path.parent):
            folder.chmod(0o700)
        ask = {"host": where.socket_folder, "user": SUPERUSER, "autocommit": True}
        with psycopg.connect(dbname="postgres", **ask) as connection:
            connection.execute("CREATE TABLE here (id int)")
            connection.execute("CHECKPOINT")
        assert tmp_path.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
