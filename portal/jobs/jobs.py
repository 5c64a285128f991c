"""The list of jobs, each with the access that it declares; without one nothing starts."""

from datetime import datetime

from kpi_engine.errors import KpiError
from portal.errors import PortalError
from portal.jobs import (
    activating,
    bridging,
    checking,
    judging,
    refreshes,
    telling,
    upkeep,
    watching,
)
from portal.jobs.room import Job, Room
from portal.security.permissions import Gate
from portal.security.registry import Kind, Registry
from portal.services import job_runs, shortages
from portal.services.job_runs import Run
from portal.tenancy.keys import TenantKey

JOBS = (
    Job("load", 15, watching.due, watching.work),
    Job("refresh", 10, refreshes.due_after_load, refreshes.work),
    Job("close", 60, refreshes.due_at_midnight, refreshes.work),
    Job("activate", 30, activating.due, activating.work),
    Job("bridges", 600, bridging.due, bridging.work),
    Job("verdicts", 60, telling.due_after_refresh, judging.work),
    Job("signals", 30, telling.due_after_refresh, telling.look),
    Job("digest", 60, telling.due_digests, telling.send_digest),
    Job("framework check", 600, checking.due_at_night, checking.work),
    Job("upkeep", 600, upkeep.due_at_night, upkeep.work),
)
"""In the order of a round: what is loaded is refreshed in the same one, and then told."""

_ACCESS = {
    "load": Gate.OPERATOR,
    "refresh": Gate.OPERATOR,
    "close": Gate.OPERATOR,
    "activate": Gate.OPERATOR,
    "bridges": Gate.OPERATOR,
    "verdicts": Gate.OPERATOR,
    "signals": Gate.OPERATOR,
    "digest": Gate.OPERATOR,
    "framework check": Gate.OPERATOR,
    "upkeep": Gate.OPERATOR,
}


def declare_jobs(registry: Registry) -> None:
    """Say what each job asks for, and refuse the start where the lists differ.

    Raises:
        UndeclaredError: if a job declares nothing, or a declaration has no job.
    """
    for name, access in _ACCESS.items():
        registry.declare(Kind.JOB, name, access)
    registry.refuse_gaps(Kind.JOB, [job.name for job in JOBS])


def go_round(room: Room, job: Job) -> int:
    """Do what is due of a job, tenant by tenant; return how many slots were worked on.

    What fails at one tenant is told and marked, and stops no other.
    """
    worked = 0
    for tenant in room.database.tenants():
        try:
            slots = job.due(room, tenant, room.now())
        except Exception as error:  # noqa: BLE001 - one tenant's fault must not stop the others
            room.tell(f"{job.name} of {tenant}: {_said(room, error)}")
            continue
        for slot in slots:
            worked += _work(room, job, tenant, slot)
    return worked


def _work(room: Room, job: Job, tenant: TenantKey, slot: str) -> bool:
    """Claim a slot, do it, and mark it; False if it was not to be had."""
    with room.database.session(tenant) as session:
        run = job_runs.claim(session, job.name, slot, room.now())
    if run is None:
        return False
    try:
        said = job.work(room, tenant, slot)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is marked and told
        _end(room, tenant, run, _said(room, error), room.now(), failed=True)
        return True
    _end(room, tenant, run, said, room.now(), failed=False)
    return True


def _end(
    room: Room, tenant: TenantKey, run: Run, said: str, now: datetime, *, failed: bool
) -> None:
    with room.database.session(tenant) as session:
        (job_runs.fail if failed else job_runs.finish)(session, run, said, now)
    room.tell(f"{run.job} of {tenant}, {run.slot}: {'failed: ' if failed else ''}{said}")


def _said(room: Room, error: Exception) -> str:
    """Why it failed, in a sentence."""
    if isinstance(error, PortalError | KpiError):
        return str(error)
    return shortages.sentence(error) or room.mishap(error)
