"""The framework check of the night: its score is kept, and views that are too old are forgotten."""

from datetime import datetime, timedelta

from portal.jobs.nights import day_after
from portal.jobs.room import Room
from portal.services import framework_scores, kpi_views, linting, moments
from portal.tenancy.keys import TenantKey

AT_NIGHT = timedelta(hours=4)
"""So long after midnight of the tenant's day: the day before is closed by then."""


def due_at_night(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return the tenant's local day, once its night is far gone."""
    return (day_after(room, tenant, now, AT_NIGHT),)


def work(room: Room, tenant: TenantKey, slot: str) -> str:
    """Check the framework, keep the score if it changed, clean up; say what that did."""
    del slot
    now = room.now()
    with room.database.session(tenant) as session:
        ground = linting.ground_of(session)
        today = ground.calendar.local_date(moments.naive(now))
        forgotten = kpi_views.forget(session, today)
        found = linting.check(session, ground, today)
        kept = framework_scores.keep(session, found, today, now)
    word = "kept" if kept else "unchanged"
    return f"score {found.score}, {word}; {forgotten} views forgotten."
