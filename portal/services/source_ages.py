"""How old the data of each source is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.models import series as questions
from portal.models.loads import LoadState
from portal.services.remembering import remembered
from portal.tenancy.session import TenantSession

STALE_AFTER = timedelta(hours=36)
"""A source that was not loaded for so long is told to be stale."""


@dataclass(frozen=True, slots=True)
class SourceAge:
    """When a source was last loaded, or last found to hold nothing new."""

    source: str
    loaded_at: datetime
    age: timedelta
    stale: bool
    failed: bool
    """Whether a later attempt failed."""


def sources(session: TenantSession, now: datetime) -> tuple[SourceAge, ...]:
    """Return the age of each source's data, by name."""
    loaded = ((source, at, now - at, failed) for source, at, failed in _loaded(session))
    return tuple(SourceAge(name, at, age, age > STALE_AFTER, bad) for name, at, age, bad in loaded)


@remembered
def _loaded(session: TenantSession) -> tuple[tuple[str, datetime, bool], ...]:
    """Return when each source was last loaded, and whether a later attempt failed, by name."""
    found: dict[str, tuple[str, datetime, bool]] = {}
    failed: set[str] = set()
    for row in session.execute(questions.ended_loads()):
        unchanged = row.outcome == "unchanged"
        moment = row.finished_at if unchanged else row.loaded_at
        if row.state != LoadState.LANDED and not unchanged:
            failed.add(row.source)
        elif row.source not in found:
            found[row.source] = (row.source, moment, row.source in failed)
    return tuple(found[name] for name in sorted(found))
