"""The job of bridges: when old and new no longer run in parallel, what both read is stored, once."""

from datetime import UTC, datetime

import pytest

from portal.jobs import bridging
from portal.jobs.jobs import JOBS, go_round
from tests.ownership.bridging import keep, replaced, stored
from tests.ownership.company import Company

JOB = next(one for one in JOBS if one.name == "bridges")


@pytest.fixture
def company(database, tenant, monkeypatch):
    monkeypatch.setattr("portal.tenancy.database.Database.tenants", lambda _: (tenant,))
    return Company(database, tenant).fill()


def test_a_run_that_has_ended_is_stored_in_a_round_and_not_in_the_next(room, told, clock, company):
    replaced(company)
    clock.moment = datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert go_round(room, JOB) == 0
    clock.on(hours=2)
    assert (go_round(room, JOB), go_round(room, JOB)) == (1, 0)
    assert "3 shared periods of 9 stored." in told.of(company.tenant)[0]
    assert len(stored(company)) == 1


def test_a_slot_that_was_worked_on_elsewhere_stores_nothing_more(room, clock, company):
    replaced(company)
    clock.moment = datetime(2026, 11, 16, 9, tzinfo=UTC)
    (slot,) = bridging.due(room, company.tenant, clock.moment)
    keep(company)
    assert bridging.work(room, company.tenant, slot) == "nothing to store."
    assert bridging.due(room, company.tenant, clock.moment) == ()
    assert len(stored(company)) == 1


def test_bridges_come_after_the_numbers():
    names = [job.name for job in JOBS]
    assert names.index("close") < names.index("bridges") < names.index("signals")
