"""`portal kpi lint` without a file, and the job that keeps the score."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from portal.jobs import checking
from portal.services import framework_scores, kpi_views
from tests.ownership.company import NOW, TODAY


@pytest.fixture
def acme(portal):
    """A tenant of the command's own database."""
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    return "acme"


def test_a_tenants_framework_is_one_document(portal, acme):
    said = portal("kpi", "lint", "--tenant", acme, "--format", "json")
    told = json.loads(said.out)
    assert (said.status, said.err) == (2, "")
    assert set(told) == {
        *("score", "possible", "kpis", "goals", "counts"),
        *("findings", "balance", "coverage", "waived"),
    }
    first = told["findings"][0]
    assert set(first) == {
        *("rule", "severity", "kpi", "place", "title", "reason", "fix", "points"),
    }
    assert first["severity"] == "error"
    assert len(told["coverage"]) == 21
    assert told["goals"] == {"all": 3, "sound": 3}


def test_a_tenants_framework_is_a_table_with_the_score_below(portal, acme):
    said = portal("kpi", "lint", "--tenant", acme)
    assert said.status == 2
    lines = said.out.splitlines()
    assert lines[0].split() == ["rule", "severity", "points", "finding", "fix"]
    assert lines[-1].startswith("Score ")


def test_neither_a_file_nor_a_tenant_is_a_mistake_of_usage(portal):
    said = portal("kpi", "lint")
    assert (said.status, said.out) == (2, "")
    assert "--tenant" in said.err


def test_the_nightly_check_keeps_the_score_once_and_forgets_old_views(company):
    room = SimpleNamespace(database=company.database, now=lambda: NOW)
    assert checking.due_at_night(room, company.tenant, datetime(2026, 11, 22, 3, tzinfo=UTC)) == (
        "2026-11-21",
    )
    assert checking.due_at_night(room, company.tenant, NOW) == (TODAY.isoformat(),)
    with company.desk() as desk:
        kpi_views.note(desk.session, desk.actor, "win_rate", TODAY.replace(year=2024))
    first = checking.work(room, company.tenant, "")
    again = checking.work(room, company.tenant, "")
    assert first.endswith("kept; 1 views forgotten.")
    assert again.endswith("unchanged; 0 views forgotten.")
    with company.desk() as desk:
        assert [one.day for one in framework_scores.trend(desk.session)] == [TODAY]
