"""Slots of jobs: claimed by an insert, worked, then marked; so none is done twice or forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.models import job_runs as questions
from portal.models.job_runs import JobRun, RunState
from portal.tenancy.session import TenantSession

LEASE = timedelta(minutes=20)
"""Whoever has not finished by then is taken for dead, and the slot is done again."""
MOST_TRIES = 3
PAUSE = timedelta(minutes=5)
"""A slot that failed is tried again after so long, and after twice as long the second time."""
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Run:
    """One slot of one job as it stands."""

    job: str
    slot: str
    state: RunState
    tries: int
    started_at: datetime
    finished_at: datetime | None
    said: str | None


def claim(session: TenantSession, job: str, slot: str, now: datetime) -> Run | None:
    """Take a slot; None if it is done, being worked on, or has failed too often or just now.

    The row is committed before the work begins: of two who claim at once, one gets it.
    """
    fresh = JobRun(
        job=job,
        slot=slot,
        state=RunState.STARTED,
        tries=1,
        started_at=now,
        leased_until=now + LEASE,
    )
    if session.insert_new(fresh):
        return _told(fresh)
    row = session.scalars(questions.run_of(job, slot)).one()
    if not _may_go_again(row, now):
        return None
    row.state, row.tries, row.finished_at, row.said = RunState.STARTED, row.tries + 1, None, None
    row.started_at, row.leased_until = now, now + LEASE
    session.flush()
    return _told(row)


def finish(session: TenantSession, run: Run, said: str, now: datetime) -> None:
    """Mark a slot as done."""
    _end(session, run, RunState.DONE, said, now)


def fail(session: TenantSession, run: Run, said: str, now: datetime) -> None:
    """Mark a slot as failed, with why; it is tried again unless that was the last time."""
    _end(session, run, RunState.FAILED, said, now)


def newest(session: TenantSession, most: int = 50) -> list[Run]:
    """Return the newest runs of all jobs."""
    return [_told(row) for row in session.scalars(questions.newest_runs(most))]


def _end(session: TenantSession, run: Run, state: RunState, said: str, now: datetime) -> None:
    row = session.scalars(questions.run_of(run.job, run.slot)).one()
    # Whoever took the slot over after our lease ran out has the last word.
    if row.tries == run.tries and row.state == RunState.STARTED:
        row.state, row.finished_at, row.said = state, now, said[:_LONGEST]
        session.flush()


def _may_go_again(row: JobRun, now: datetime) -> bool:
    if row.tries >= MOST_TRIES or row.state == RunState.DONE:
        return False
    if row.state == RunState.STARTED:
        return now >= row.leased_until
    ended = row.finished_at or row.started_at
    return now >= ended + PAUSE * row.tries


def _told(row: JobRun) -> Run:
    return Run(
        row.job,
        row.slot,
        RunState(row.state),
        row.tries,
        row.started_at,
        row.finished_at,
        row.said,
    )
