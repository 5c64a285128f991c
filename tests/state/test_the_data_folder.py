"""The data folder is closed to other accounts, whichever command makes it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import Config
from portal.errors import ServerFailedError
from portal.tenancy.database import open_database
from portal.tenancy.homes import make_home

WAYS = (
    ("tenant", "create", "acme", "--name", "Acme"),
    ("tenant", "show", "acme"),
    ("tenant", "oidc", "acme"),
    ("user", "add", "--tenant", "acme", "ann@example.org", "--role", "rep"),
    ("kpi", "list", "--tenant", "acme"),
    ("kpi", "values", "--tenant", "acme", "--kpi", "win_rate", "--grain", "year"),
    ("import", "--tenant", "acme", "source.yaml"),
    ("refresh", "--tenant", "acme"),
    ("snapshot", "--tenant", "acme"),
    ("target", "list", "--tenant", "acme"),
    ("store", "loads", "--tenant", "acme"),
    ("store", "check", "--tenant", "acme"),
    ("scheduler", "--once"),
    ("backup", "x.tar"),
)


@pytest.fixture(autouse=True)
def wide_open():
    """An account whose new files everybody may read."""
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("words", WAYS, ids=lambda words: " ".join(words[:2]))
def test_a_command_that_makes_it_closes_it(portal, home, words):
    assert not home.exists()
    portal(*words)
    if home.exists():
        assert _mode(home) == 0o700


def test_the_command_that_makes_the_database_closes_it(tmp_path, server):
    home = tmp_path / "below" / "home"
    environ = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
    command = [sys.executable, "-m", "portal.cli", "db"]
    environ["PORTAL_HOME"] = str(home)
    subprocess.run([*command, "upgrade"], check=True, env=environ, capture_output=True)
    try:
        assert _mode(home) == 0o700
    finally:
        subprocess.run([*command, "stop"], check=True, env=environ, capture_output=True)


def test_a_portal_that_serves_closes_it(home, monkeypatch):
    monkeypatch.setenv("PORTAL_MODE", "demo")
    open_database(Config.from_environ(os.environ)).close()
    assert _mode(home) == 0o700


def test_an_empty_folder_is_closed_and_a_full_one_left_as_it_was_given(tmp_path):
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir(mode=0o755)
    full.mkdir(mode=0o750)
    (full / "x").touch()
    make_home(empty)
    make_home(full)
    assert (_mode(empty), _mode(full)) == (0o700, 0o750)


def test_a_file_in_its_place_is_told(tmp_path):
    (tmp_path / "home").touch()
    with pytest.raises(ServerFailedError, match="can't be written"):
        make_home(tmp_path / "home")
