"""A company's sign-in provider is set, shown and taken away by command, and nothing half-set."""

import io
import secrets
import sys

import pytest

ISSUER = "https://sso.example.org/realm"
OWN = "http://127.0.0.1:9000"


@pytest.fixture
def say(desk, monkeypatch):
    """Return what runs `portal tenant oidc` with a secret on standard input, in a mode."""
    tenant, key = desk.tenant(), secrets.token_hex(32)

    def run(*words: str, given: str = "hush", mode: str = "production"):
        monkeypatch.setitem(desk.environ, "PORTAL_MODE", mode)
        monkeypatch.setitem(desk.environ, "PORTAL_SECRET_KEY", key)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{given}\n"))
        return desk("tenant", "oidc", tenant, *words)

    return run


def test_it_is_set_shown_and_taken_away(say):
    made = say("--issuer", ISSUER, "--client-id", "portal", "--host", "keys.example.org")
    assert (made.status, made.err) == (0, "")
    shown = say("--format", "json").out
    assert '"sso.example.org' not in shown
    for told in (ISSUER, '"portal"', "keys.example.org", "/login/provider/back"):
        assert told in shown
    assert "hush" not in made.out + shown
    assert say("--off").status == 0
    assert ISSUER not in say().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--issuer", ISSUER), "--issuer and --client-id together"),
        (("--issuer", ISSUER, "--client-id", "p", "--off"), "together, or --off"),
        (("--issuer", "no address", "--client-id", "p"), "has to look like https://"),
        (("--issuer", "https://[::1", "--client-id", "p"), "has to look like https://"),
        (("--issuer", OWN, "--client-id", "p"), "by https and on another machine"),
        (("--issuer", "https://localhost/x", "--client-id", "p"), "on another machine"),
        (("--issuer", "http://sso.example.org", "--client-id", "p"), "by https"),
    ],
)
def test_what_could_not_work_is_refused_at_once(say, words, told):
    said = say(*words)
    assert said.status == 2
    assert told in said.err
    assert "Traceback" not in said.err
    assert ISSUER not in say().out


def test_without_a_secret_nothing_is_kept(say):
    said = say("--issuer", ISSUER, "--client-id", "p", given="")
    assert said.status == 2
    assert "standard input" in said.err


def test_a_demo_may_ask_its_own_machine(say):
    assert say("--issuer", OWN, "--client-id", "p", mode="demo").status == 0
    assert OWN in say(mode="demo").out
