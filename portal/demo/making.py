"""Makes a demo tenant where it is missing, by the same services as any other tenant's."""

from pathlib import Path
from zoneinfo import ZoneInfo

from portal.demo.companies import Company
from portal.errors import UnknownTenantError
from portal.services import definitions, loads, tenants
from portal.services.imports import Order, run_import
from portal.services.office import Office
from portal.tenancy.session import TenantSession


def is_made(office: Office, company: Company) -> bool:
    """Return whether the tenant is there with facts in it."""
    with office.database.session(company.key) as session:
        return _exists(session) and loads.last_landed(session) is not None


def make(office: Office, company: Company) -> None:
    """Make the tenant, with KPIs of its own if it has any, and bring in its data.

    What an earlier run left unfinished is finished.
    """
    with office.database.session(company.key) as session:
        if not _exists(session):
            tenants.create(session, company.profile, office.now())
        if company.own_kpis is not None:
            _apply(session, company.own_kpis, office)
    today = office.now().astimezone(ZoneInfo(company.profile.timezone)).date()
    run_import(office, company.key, Order(company.source(office.home, today)))


def _exists(session: TenantSession) -> bool:
    try:
        tenants.get(session)
    except UnknownTenantError:
        return False
    return True


def _apply(session: TenantSession, file: Path, office: Office) -> None:
    definitions.apply(session, file.read_text("utf-8"), file.name, office.now())
