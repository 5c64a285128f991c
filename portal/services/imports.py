"""Bringing a source into a tenant: one load over all its entities, landed whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kpi_engine.crm.moment_sql import Zones, zone_tables
from portal.connectors.reading import open_tables
from portal.connectors.rejects import Rejects, write_rejected
from portal.connectors.source_file import read_source
from portal.connectors.typing_rows import Desk
from portal.connectors.workroom import workroom
from portal.services import loads, moments, tenants
from portal.services.import_folders import scratch
from portal.services.import_report import ImportReport
from portal.services.import_run import ImportRun, Task
from portal.services.office import Office
from portal.tenancy.keys import TenantKey


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks to bring in."""

    source: Path
    data: Path | None = None
    """Where the files lie; None is beside the source file."""
    dry_run: bool = False
    full: bool = False
    """Whether records that the source no longer has are deleted."""
    as_of: str | None = None
    """When the facts became known: a day, or a time; in the tenant's zone if it has no offset."""
    rejected: Path | None = None
    """Where to put the rejected rows as well."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how an import goes on."""

    begins: Callable[[int], None] = field(default=lambda _: None)
    """Told how many bytes there are to read."""
    reads: Callable[[int], None] = field(default=lambda _: None)
    """Told how many more have been read."""
    waits: Callable[[], None] = field(default=lambda: None)
    """Told that another import of the tenant goes first."""


def run_import(
    office: Office, tenant: TenantKey, order: Order, watch: Watch | None = None
) -> ImportReport:
    """Bring a source into a tenant, and say what that did.

    The load lands whole or not at all; a dry run only says what it would do. Where the store knows
    everything already there is no new version.

    Raises:
        BadSourceError: if the source file or the files it names cannot be used: every reason.
        BadFileError: if a file breaks off while it is read.
        UnknownTenantError: if there is no such tenant.
        LoadOutOfOrderError: if `as_of` lies before facts that are there, or ahead.
        StoreError: if the store is not sound.
    """
    watch = watch or Watch()
    started = office.now()
    source = read_source(order.source)
    with office.database.session(tenant) as session:
        card = tenants.get(session)
    as_of = moments.written(order.as_of, card.timezone) if order.as_of is not None else None
    with scratch(office.home, tenant) as work, workroom(work) as con:
        tables = open_tables(source, order.data or order.source.parent, work)
        watch.begins(sum(table.size for table in tables))
        zones = Zones(source.timezone, card.timezone)
        for statement in zone_tables(zones):
            con.execute(statement)
        task = Task(card, source, tables, order.full, as_of, started)
        with Rejects(work / "rejected.csv") as rejects:
            run = ImportRun(office, task, Desk(con, zones, rejects, watch.reads))
            with loads.writing(office.database, tenant, watch.waits):
                report = run.preview() if order.dry_run else run.land()
        if order.rejected is not None:
            write_rejected(report.rejected_file or rejects.path, order.rejected)
    return report
