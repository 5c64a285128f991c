"""The call push of the Nordics raises the question of unhealthy behaviour, and of nobody else."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.periods import Grain
from kpi_engine.store.store import Store
from portal.demo.companies import KESTREL
from portal.demo.making import make
from portal.models.observations import ScopeKind
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import guardrails, people, refreshing
from portal.services.desks import open_desk
from portal.services.engines import Workshop
from portal.services.numbers import Who
from portal.services.office import Office
from portal.services.people import NewPerson
from portal.tenancy.keys import TenantKey

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CALLS = KpiKey("calls_made")
# Other tests make the company under its own key, with facts of their own.
COMPANY = replace(KESTREL, key=TenantKey("guarded"))


@pytest.fixture(scope="module")
def desk(database, tmp_path_factory):
    """The desk of an executive of the made-up company."""
    home = tmp_path_factory.mktemp("guardrails")
    store = Store(str(home / "facts"), home / "cache")

    @contextmanager
    def runner(opened):
        with open_duckdb(opened, home / "spill") as made:
            yield made

    make(Office(database, store, home, lambda: NOW), COMPANY)
    refreshing.refresh(Workshop(database, store, runner), COMPANY.key, NOW, back=36)
    with database.session(COMPANY.key) as session:
        newcomer = NewPerson("guard@example.org", (Role.EXECUTIVE,), None, None)
        person = people.add(session, newcomer, NOW).id
    actor = Actor(
        COMPANY.key, person, "guard@example.org", "", frozenset({Role.EXECUTIVE}), None, None
    )
    with database.session(COMPANY.key) as session:
        yield open_desk(session, actor, NOW)


def alarms(desk, team):
    """Return the alarms on calls made of a team, up to today."""
    (key,) = [one.key for one in desk.roster.teams.values() if one.name == team]
    period = desk.calendar.holding(NOW.date(), Grain.MONTH)
    return guardrails.alarms(desk, [CALLS], Who(ScopeKind.TEAM, key), period).get(CALLS, ())


def test_the_call_push_of_the_nordics_raises_the_alarm(desk):
    (alarm,) = alarms(desk, "Nordics")
    assert alarm.guardrail == "qualified_meetings"
    assert "calls made rose" in alarm.sentence
    assert alarm.question.startswith("Possibly. Calls made rose")
    assert len(alarm.evidence) == 2


@pytest.mark.parametrize("team", ["DACH", "South", "UK & Ireland"])
def test_who_calls_as_always_raises_none(desk, team):
    assert alarms(desk, team) == ()
