"""The sides of the benches that load: an import, a load of changes, and who looks at it."""

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from bench.asking import open_periods_question
from bench.exports import changes
from bench.homes import Home, forget, open_home
from bench.stamps import Clock, Stamp
from kpi_engine.crm.moment_sql import Zones, zone_tables
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.store.pins import Pin
from kpi_engine.store.relation import now_relation
from portal.connectors.reading import open_tables, read_records
from portal.connectors.rejects import Rejects
from portal.connectors.source_file import read_source
from portal.connectors.typing_rows import Desk
from portal.connectors.workroom import workroom
from portal.services import imports, loads, tenants
from portal.services.causes import causes_between
from portal.services.engines import Opened, open_engine
from portal.services.office import Office
from portal.services.touched import touched
from portal.tenancy.keys import TenantKey

Told = Mapping[str, str]
_PAUSE = 0.01


class _Loading:
    """A side with an opened data folder, that tells figures as JSON."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._hold = ExitStack()
        self.home: Home = self._hold.enter_context(open_home(Path(told["home"])))
        self.figures: dict[str, float] = {}

    def save(self, path: Path) -> None:
        """Write the figures of the last run."""
        path.write_text(json.dumps(self.figures))

    def load(self, tenant: TenantKey, source: Path) -> tuple[Stamp, Stamp]:
        """Import a source; return when it began and when it landed."""
        clock = Clock()
        office = Office(self.home.database, self.home.store, self.home.config.home, clock)
        began = Stamp.now()
        report = imports.run_import(office, tenant, imports.Order(source))
        self.figures["rows"] = sum(table.rows for table in report.tables)
        self.figures["rejected"] = report.rejected_rows
        return began, clock.stamps[-1]


class Import(_Loading):
    """One file of activities into a new tenant."""

    def run(self) -> None:
        """Import it."""
        tenant = TenantKey(f"import-{uuid4().hex[:8]}")
        with self.home.database.session(tenant) as session:
            tenants.create(session, tenants.Profile("Import"), Clock()())
        began, landed = self.load(tenant, Path(self._told["source"]))
        ended = Stamp.now()
        self.figures |= {
            "wall": landed.wall - began.wall,
            "cpu": landed.cpu - began.cpu,
            "after": ended.wall - landed.wall,
            "peak": landed.peak,
            "peak_after": ended.peak,
        }
        forget(self.home, tenant)


class Change(_Loading):
    """A load of changed records into a tenant that has many, again and again."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self._turn = 0

    def run(self) -> None:
        """Load the next changes; tell how long that took beyond reading them."""
        self._turn += 1
        folder = Path(self._told["work"])
        source = changes(Path(self._told["records"]), folder, self._turn)
        before = Stamp.now()
        _read(source, folder / "read")
        read = Stamp.now()
        began, landed = self.load(TenantKey(self._told["tenant"]), source)
        reading = read.wall - before.wall
        self.figures |= {
            "read": reading,
            "beyond": landed.wall - began.wall - reading,
            "beyond_cpu": landed.cpu - began.cpu - (read.cpu - before.cpu),
            "landed": landed.wall,
        }


class Look(_Loading):
    """A reader in another process: waits for the next version and reads a changed record of it."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self._tenant = TenantKey(told["tenant"])
        self._facts = self.home.store.tenant(self._tenant)
        self._runner = self._hold.enter_context(self.home.workshop.runner(self.home.store))
        self._seen = self._pin().seq

    def run(self) -> None:
        """Look until there is a new version, and read from it."""
        while (pin := self._pin()).seq == self._seen:
            time.sleep(_PAUSE)
        self._seen = pin.seq
        facts = self._facts.facts(pin)["opportunity"]
        changed = now_relation(facts, ["next_step", "seq"])
        sql = f"SELECT count(*) AS n FROM {changed} AS o WHERE seq = {pin.seq}"
        found = self._runner.run(sql)
        self.figures = {"seen": time.monotonic(), "changed": found.column("n")[0].as_py()}

    def _pin(self) -> Pin:
        with self.home.database.session(self._tenant) as session:
            return loads.current_pin(session)


class Refresh(_Loading):
    """The open week, month and quarter of the whole catalogue at the version that now is."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self._tenant = TenantKey(told["tenant"])
        self._day = date.fromisoformat(told["today"])
        self._before = 0

    def run(self) -> None:
        """Open an engine and ask, as a refresh does, what loads may have moved since the last."""
        with open_engine(self.home.workshop, self._tenant) as opened:
            kpis = self._touched(opened) if self._before else frozenset(opened.engine.catalogue)
            question = open_periods_question(opened.engine.catalogue, self._day)
            answer = opened.engine.ask(replace(question, kpis=tuple(sorted(kpis))))
        self._before = answer.version
        self.figures = {"asked": len(kpis), "of": len(opened.engine.catalogue)}

    def _touched(self, opened: Opened) -> frozenset[KpiKey]:
        with self.home.database.session(self._tenant) as session:
            causes = causes_between(session, opened.engine.catalogue, self._before)
        read = touched(opened, causes.landed, self._before, self._day)
        return causes.touched(self._before) | read


def _read(source: Path, work: Path) -> None:
    """Read and type the files of a source as an import does, without a store."""
    said = read_source(source)
    with workroom(work) as con, Rejects(work / "rejected.csv") as rejects:
        zones = Zones(said.timezone, "UTC")
        for statement in zone_tables(zones):
            con.execute(statement)
        desk = Desk(con, zones, rejects, lambda _: None)
        for table in open_tables(said, source.parent, work):
            for _ in read_records([table], desk):
                pass
