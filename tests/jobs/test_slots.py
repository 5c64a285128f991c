"""A slot is claimed once, marked, and done again only where that is due."""

from datetime import timedelta

import pytest

from portal.models.job_runs import RunState
from portal.services import job_runs
from tests.conftest import NOW


@pytest.fixture
def claim(database, tenant):
    def ask(slot="2017-06-01", now=NOW, job="close"):
        with database.session(tenant) as session:
            return job_runs.claim(session, job, slot, now)

    return ask


@pytest.fixture
def end(database, tenant):
    def mark(run, how, now=NOW):
        with database.session(tenant) as session:
            how(session, run, "so it went", now)

    return mark


def test_a_slot_is_to_be_had_once(claim):
    assert claim().tries == 1
    assert claim() is None


def test_each_job_tenant_and_slot_has_its_own(claim, database, new_tenant):
    assert claim()
    assert claim("2017-06-02")
    assert claim(job="load")
    with database.session(new_tenant()) as session:
        assert job_runs.claim(session, "close", "2017-06-01", NOW)


def test_what_is_done_is_not_done_again(claim, end):
    end(claim(), job_runs.finish)
    assert claim(now=NOW + timedelta(days=30)) is None


def test_a_slot_whose_worker_died_is_done_again_after_its_lease(claim):
    claim()
    assert claim(now=NOW + job_runs.LEASE - timedelta(seconds=1)) is None
    assert claim(now=NOW + job_runs.LEASE).tries == 2


def test_what_failed_is_tried_again_later_and_not_for_ever(claim, end):
    now, tries = NOW, 0
    while (run := claim(now=now)) is not None:
        tries += 1
        end(run, job_runs.fail, now)
        assert claim(now=now) is None
        now += timedelta(hours=1)
    assert tries == job_runs.MOST_TRIES


def test_whoever_was_overtaken_does_not_mark_the_slot(claim, end, database, tenant):
    slow = claim()
    quick = claim(now=NOW + job_runs.LEASE)
    end(slow, job_runs.fail)
    end(quick, job_runs.finish)
    with database.session(tenant) as session:
        (run,) = job_runs.newest(session)
    assert (run.state, run.tries, run.said) == (RunState.DONE, 2, "so it went")
