"""The command's frame: 0 when done, 2 with one sentence when not, one JSON document when asked."""

import io
import json
import subprocess
import sys

import pytest

from portal.cli.main import COMMANDS


def test_help_lists_every_command_and_loads_none(portal):
    said = portal("--help")
    assert said.status == 0
    assert all(name in said.out for name in COMMANDS)
    heavy = (
        "import sys; from portal.cli.main import run; run(['--help']); print(sorted(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", heavy], check=True, capture_output=True, text=True
    ).stdout
    for module in ("sqlalchemy", "psycopg", "duckdb", "deltalake", "pyarrow", "portal.services"):
        assert f"'{module}'" not in loaded


@pytest.mark.parametrize("command", [["tenant", "create"], ["user", "add"], ["db", "upgrade"]])
def test_every_command_has_help(portal, command):
    said = portal(*command, "--help")
    assert said.status == 0
    assert "Usage: portal" in said.out


def test_a_tenant_is_made_shown_and_set(portal):
    made = portal(
        *("tenant", "create", "acme", "--name", "Acme", "--timezone", "Europe/Paris"),
        *("--currency", "EUR", "--fiscal-start", "4", "--week-start", "sunday"),
    )
    assert (made.status, made.err) == (0, "")
    assert portal("tenant", "set", "acme", "satisfied_from", "5").status == 0
    assert portal("tenant", "set", "acme", "lead_response_limit", "2h").status == 0
    shown = portal("tenant", "show", "acme", "--format", "json")
    assert json.loads(shown.out) == {
        "tenant": "acme",
        "name": "Acme",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "fiscal_start": 4,
        "week_start": "sunday",
        "settings": {"satisfied_from": 5, "lead_response_limit": "2h"},
        "stages": {},
    }
    assert 'lead_response_limit  "2h"' in portal("tenant", "show", "acme").out


def test_a_stage_map_is_read_from_a_file_and_shown(portal, tmp_path):
    portal("tenant", "create", "acme", "--name", "Acme")
    file = tmp_path / "stages.yaml"
    file.write_text("stages:\n  Yes: {status: won}\n  New: {status: open, order: 1}\n")
    said = portal("tenant", "stages", "acme", file, "--format", "json")
    assert json.loads(said.out) == {
        "New": {"status": "open", "order": 1, "probability": None, "forecast": None},
        "Yes": {"status": "won", "order": None, "probability": None, "forecast": None},
    }
    assert portal("tenant", "stages", "acme").out.splitlines()[1].split()[:3] == [
        "New",
        "open",
        "1",
    ]


def test_a_person_is_added_with_a_password_from_standard_input(portal, monkeypatch):
    portal("tenant", "create", "acme", "--name", "Acme")
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery\nmore\n"))
    said = portal(
        *("user", "add", "--tenant", "acme", "ann@example.org", "--role", "leader"),
        *("--role", "rep", "--crm-user", "42", "--team", "7", "--password-stdin"),
        *("--format", "json"),
    )
    assert (said.status, said.err) == (0, "")
    assert json.loads(said.out) == {
        "tenant": "acme",
        "email": "ann@example.org",
        "roles": ["rep", "leader"],
        "crm_user": "42",
        "team": "7",
        "password": True,
    }


_OFF = [
    ([], "Usage: portal"),
    (["tenat"], "There is no command 'tenat'. Did you mean 'tenant'?"),
    (["tenant", "shw"], "No such command 'shw'"),
    (["tenant", "create", "b"], "Missing option '--name'. See: portal tenant create --help"),
    (["tenant", "create", "B", "--name", "B"], "'B' can't be a tenant's key."),
    (["tenant", "create", "b", "--nam", "B"], "No such option '--nam'"),
    (["tenant", "create", "b", "--name", "B", "--fiscal-start", "x"], "'x' is not a valid integer"),
    (["tenant", "create", "b", "--name", "B", "--fiscal-start", "13"], "can't begin in month 13"),
    (["tenant", "create", "b", "--name", "B", "--timezone", "Mars"], "no time zone called 'Mars'"),
    (["tenant", "create", "b", "--name", "B", "--currency", "X"], "no currency called 'X'"),
    (["tenant", "create", "b", "--name", "B", "--week-start", "mo"], "no weekday called 'mo'"),
    (["tenant", "show", "nobody"], "There is no tenant called 'nobody'. Make it with: portal"),
    (["tenant", "set", "acme", "satisfied_frm", "4"], "Did you mean 'satisfied_from'?"),
    (["tenant", "set", "acme", "satisfied_from", "NaN"], "can't be NaN"),
    (["tenant", "set", "acme", "satisfied_from", "1e999"], "is a number from"),
    (["tenant", "set", "acme", "satisfied_from", "[" * 5000], "is a number from"),
    (["tenant", "stages", "acme", "nowhere.yaml"], "nowhere.yaml cannot be opened"),
    (["user", "add", "--tenant", "acme", "ann", "--role", "rep"], "not an e-mail address"),
    (["user", "add", "--tenant", "acme", "a@b.org", "--role", "rap"], "Did you mean 'rep'?"),
    (["user", "add", "--tenant", "acme", "a@b.org"], "Missing option '--role'"),
    (
        ["user", "add", "--tenant", "nobody", "a@b.org", "--role", "rep"],
        "no tenant called 'nobody'",
    ),
    (["db", "stop"], "PORTAL_DATABASE_URL names a server of its own"),
    (["db", "upgrade"], "Set PORTAL_DATABASE_OWNER_URL"),
    (["db", "status", "--format", "xml"], "'xml' is not one of"),
]


@pytest.mark.parametrize(("typed", "why"), _OFF, ids=[" ".join(typed)[:40] for typed, _ in _OFF])
def test_what_cannot_be_done_is_said_in_a_sentence(portal, typed, why):
    portal("tenant", "create", "acme", "--name", "Acme")
    said = portal(*typed)
    assert (said.status, said.out) == (2, "")
    assert why in said.err
    assert "Traceback" not in said.err
    if typed:
        assert said.err.count("\n") == 1
    assert json.loads(portal("tenant", "show", "acme", "--format", "json").out)["settings"] == {}


@pytest.mark.parametrize(
    ("given", "why"),
    [("", "no password in its first line"), ("short\n", "12 to 128 characters; this one has 5")],
)
def test_a_password_that_is_off_adds_nobody(portal, monkeypatch, given, why):
    portal("tenant", "create", "acme", "--name", "Acme")
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    typed = ("user", "add", "--tenant", "acme", "a@b.org", "--role", "rep")
    said = portal(*typed, "--password-stdin")
    assert (said.status, why in said.err) == (2, True)
    assert portal(*typed).status == 0


def test_settings_that_are_off_are_said_in_a_sentence(portal, monkeypatch):
    monkeypatch.setenv("PORTAL_DATABASE_URL", "mysql://x/y")
    monkeypatch.setenv("PORTAL_STORE", "gs://x")
    said = portal("tenant", "show", "acme")
    assert (said.status, said.out) == (2, "")
    assert "PORTAL_DATABASE_URL has to look like" in said.err
    assert "PORTAL_STORE has to be" in said.err


def test_the_state_of_an_external_server_is_told(portal, own_database):
    said = json.loads(portal("db", "status", "--format", "json").out)
    assert (said["server"], said["running"], said["database"]) == ("external", True, own_database)


def test_a_reader_who_has_seen_enough_is_no_error(portal_process, home):
    made = portal_process("tenant", "create", "acme", "--name", "Acme")
    assert (made.returncode, made.stderr) == (0, "")
    with subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "tenant", "show", "acme"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as command:
        command.stdout.close()
        assert command.stderr.read() == b""
