"""After a definition is activated its numbers follow at once, if somebody can wait for them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.errors import KpiError
from portal.errors import PortalError
from portal.services import faults
from portal.services.engines import Workshop
from portal.services.refreshing import refresh_some
from portal.tenancy.keys import TenantKey

MOST_KPIS = 6
"""A definition that more KPIs are built on waits for the next refresh, rather than a person."""


def refresh_soon(
    workshop: Workshop,
    tenant: TenantKey,
    kpis: Collection[KpiKey],
    before: Mapping[KpiKey, str],
    now: datetime,
) -> bool:
    """Bring some KPIs up to their definitions; False where the next refresh has to.

    The definition holds already: what goes wrong here is told and changes nothing of that.
    """
    if not kpis or len(kpis) > MOST_KPIS:
        return not kpis
    try:
        refresh_some(workshop, tenant, kpis, before, now)
    except (PortalError, KpiError) as error:
        faults.told("numbers of a new definition", error)
        return False
    return True
