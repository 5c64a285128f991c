"""Runs of jobs: one row a job, tenant and slot, so that none is done twice or forgotten."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Integer, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant


class RunState(StrEnum):
    """How far a run got."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


class JobRun(TenantOwned):
    """One slot of one job. The insert claims it; whoever dies leaves a lease that runs out."""

    __tablename__ = "job_run"
    __table_args__ = (
        of_tenant(),
        CheckConstraint("state IN ('started', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'started') = (finished_at IS NULL)", name="finished_at"),
        CheckConstraint("tries > 0", name="tries"),
    )

    job: Mapped[str] = mapped_column(Text, primary_key=True)
    slot: Mapped[str] = mapped_column(Text, primary_key=True)
    """The tenant's local day or hour, or the store version: what tells one run from the next."""
    state: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Moment)
    leased_until: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    said: Mapped[str | None] = mapped_column(Text)
    """What was done, or why it failed; in a sentence, without any value."""


def run_of(job: str, slot: str) -> Select[JobRun]:
    """The run of a slot, held against change until the transaction ends."""
    return select(JobRun).where(JobRun.job == job, JobRun.slot == slot).with_for_update()


def runs_of(job: str, most: int = 50) -> Select[JobRun]:
    """The newest runs of a job."""
    return (
        select(JobRun)
        .where(JobRun.job == job)
        .order_by(JobRun.started_at.desc(), JobRun.slot.desc())
        .limit(most)
    )


def newest_runs(most: int = 50) -> Select[JobRun]:
    """The newest runs of all jobs."""
    return select(JobRun).order_by(JobRun.started_at.desc()).limit(most)
