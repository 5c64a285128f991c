"""Which numbers pages are drawn from, in a word: an open page asks whether it is still the same."""

from portal.models import open_readings
from portal.tenancy.session import TenantSession


def newest(session: TenantSession) -> str:
    """Return a word for the numbers that pages are drawn from now; empty before there are any."""
    row = session.scalars(open_readings.refreshed()).one_or_none()
    return "" if row is None else f"{row.version}.{row.refreshed_at:%Y%m%dT%H%M%S}"


def behind(session: TenantSession, kpi: str, definition: str) -> bool:
    """Say whether the numbers of a KPI are still those of the definition before `definition`.

    Every refresh makes the open readings anew, so they tell by which definition it was done last.
    """
    found = session.scalars(open_readings.of_another_definition(kpi, definition)).one_or_none()
    return found is not None


def overtaken(session: TenantSession, version: int) -> bool:
    """Say whether another refresh has written numbers of newer facts than a version meanwhile."""
    row = session.scalars(open_readings.refreshed()).one_or_none()
    return row is not None and row.version > version
