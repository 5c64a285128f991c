"""Nights of a tenant: what is due once each, when its day is closed."""

from datetime import datetime, timedelta

from portal.jobs.room import Room
from portal.services import moments, tenants
from portal.services.engines import calendar_of
from portal.tenancy.keys import TenantKey


def day_after(room: Room, tenant: TenantKey, moment: datetime, night: timedelta) -> str:
    """Return the tenant's local day, once so much of its night is gone."""
    with room.database.session(tenant) as session:
        calendar = calendar_of(tenants.get(session))
    return calendar.local_date(moments.naive(moment - night)).isoformat()
