"""When jobs are looked at: APScheduler's clock, under the one leader."""

from functools import partial
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from portal.jobs.jobs import JOBS, declare_jobs, go_round
from portal.jobs.room import Room
from portal.security.registry import Registry
from portal.tenancy.locks import Leadership, lead

LEADS = "scheduler"
_WAIT, _LOOK = 10.0, 3.0
"""Seconds between attempts to become the leader, and between looking whether one still is."""


def run(room: Room, stop: Event) -> None:
    """Lead, or wait until the leader is gone; do what is due until told to stop.

    Raises:
        UndeclaredError: if a job declares no permission.
    """
    declare_jobs(Registry())
    waits = False
    while not stop.is_set():
        leader = lead(room.database.engine, LEADS)
        if leader is None:
            if not waits:
                room.tell("Another scheduler leads; this one waits to take over.")
            waits = True
            stop.wait(_WAIT)
            continue
        waits = False
        _led(room, leader, stop)


def once(room: Room) -> int:
    """Do what is due now, in the order of the list; return how many slots were worked on.

    Raises:
        UndeclaredError: if a job declares no permission.
    """
    declare_jobs(Registry())
    return sum(go_round(room, job) for job in JOBS)


def _led(room: Room, leader: Leadership, stop: Event) -> None:
    """Let the jobs go while the lock is ours."""
    room.tell("This scheduler leads.")
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(len(JOBS))},
        # A round that was missed is made up for by the next: what is due is told by the slots.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    for job in JOBS:
        work = partial(go_round, room, job)
        scheduler.add_job(work, id=f"{job.name} at once")
        scheduler.add_job(work, "interval", seconds=job.every, id=job.name)
    scheduler.start()
    try:
        while not stop.wait(_LOOK):
            if not leader.holds():
                room.tell("The lock was lost; another scheduler may lead now.")
                break
    finally:
        scheduler.shutdown(wait=True)
        leader.resign()
