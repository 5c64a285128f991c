"""The data folder of one bench tenant: made once, reused by every run."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from bench.generate import LAST, SOURCE, make_records
from bench.scale import SCALES, Scale
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.crm.schema import record_schema
from kpi_engine.crm.stages import StageRule
from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.store.pins import EntityFacts
from kpi_engine.store.store import Store
from portal.config import Config
from portal.services import loads, tenants, upkeep
from portal.services.engines import Workshop
from portal.tenancy.database import Database, open_database
from portal.tenancy.keys import TenantKey
from portal.tenancy.server import EmbeddedServer

TENANT = TenantKey("bench")
STAGES = {
    "Prospecting": StageRule("open", 1, 0.1, "pipeline"),
    "Qualification": StageRule("open", 2, 0.25, "pipeline"),
    "Proposal": StageRule("open", 3, 0.5, "best_case"),
    "Negotiation": StageRule("open", 4, 0.75, "commit"),
    "Won": StageRule("won", 5, 1.0),
    "Lost": StageRule("lost", 6, 0.0),
}
"""The stage map that `bench/sql/opportunity.sql` has, too."""


@dataclass(frozen=True, slots=True)
class Home:
    """An opened data folder."""

    config: Config
    database: Database
    store: Store

    @property
    def workshop(self) -> Workshop:
        """What questions are answered with."""
        spill = self.config.home / "cache" / "spill"
        return Workshop(self.database, self.store, lambda store: open_duckdb(store, spill))

    def files(self) -> dict[str, tuple[str, ...]]:
        """Return the Parquet files of every entity as it is now.

        Raises:
            RuntimeError: if some records are not compacted, which plain files cannot tell.
        """
        with self.database.session(TENANT) as session:
            pin = loads.current_pin(session)
        facts = self.store.tenant(TENANT).facts(pin)
        return {entity: _compacted(facts[entity]) for entity in ENTITIES}


@contextmanager
def open_home(folder: Path) -> Iterator[Home]:
    """Open a data folder; its database is started where it is not running."""
    config = Config.from_environ({"PORTAL_HOME": str(folder)})
    database = open_database(config)
    try:
        yield Home(config, database, Store(config.store, config.home / "cache"))
    finally:
        database.close()


def home_of(data: Path, size: str) -> Path:
    """Return the data folder of the tenant of a size, made now where it is not there."""
    folder = data / size / "home"
    done = data / size / "done"
    if not done.exists():
        with open_home(folder) as home:
            fill(home, records_of(data, size), SCALES[size])
        done.touch()
    return folder


def records_of(data: Path, size: str) -> Path:
    """Return the folder of the made records of a size, made now where they are not there."""
    folder = data / size / "records"
    if not (folder / LAST).exists():
        make_records(SCALES[size], folder)
    return folder


def fill(home: Home, records: Path, scale: Scale) -> None:
    """Make the tenant in one load of everything, and compact it."""
    now = datetime.combine(scale.end, datetime.min.time(), UTC)
    with home.database.session(TENANT) as session:
        tenants.create(session, tenants.Profile("Bench", currency="EUR"), now)
        tenants.merge_stages(session, STAGES)
    with loads.writing(home.database, TENANT):
        with home.database.session(TENANT) as session:
            load = loads.begin_load(session, loads.NewLoad(SOURCE), now)
            previous = loads.current_pin(session)
        known = load.loaded_at.astimezone(UTC).replace(tzinfo=None)
        facts = home.store.tenant(TENANT)
        with facts.load(load.seq, known, str(load.seq), previous) as writer:
            for entity in ENTITIES:
                writer.write(entity, batches(records, entity), source=SOURCE)
            pin = writer.finish()
        with home.database.session(TENANT) as session:
            loads.land_load(session, load.seq, pin, {}, now)
    upkeep.compact(home.database, home.store, TENANT, everything=True)


def end_servers(data: Path) -> None:
    """Stop the databases of all data folders that the benches have made."""
    for folder in (*data.glob("*/home"), *data.glob("*/imports/home")):
        EmbeddedServer.of(folder).stop()


def twin(home: Home, now: datetime) -> TenantKey:
    """Make a tenant with the facts of the bench's own: its files are linked, not copied."""
    made = TenantKey(f"twin-{uuid4().hex[:8]}")
    facts = Path(home.config.store)
    # A bench that was killed has left its own.
    for left in facts.glob("twin-*"):
        forget(home, TenantKey(left.name))
    shutil.copytree(facts / TENANT, facts / made, copy_function=os.link)
    with home.database.session(TENANT) as session:
        pin = loads.current_pin(session)
    with home.database.session(made) as session:
        tenants.create(session, tenants.Profile("Twin", currency="EUR"), now)
        tenants.merge_stages(session, STAGES)
        card = loads.begin_load(session, loads.NewLoad(SOURCE), now)
        loads.land_load(session, card.seq, replace(pin, seq=card.seq), {}, now)
    return made


def forget(home: Home, tenant: TenantKey) -> None:
    """Remove the facts of a tenant that a bench has made, and what was derived from them."""
    for folder in Path(home.config.store), *(home.config.home / "cache").iterdir():
        shutil.rmtree(folder / tenant, ignore_errors=True)


def batches(records: Path, entity: str) -> pa.RecordBatchReader:
    """Return made records as the store takes them."""
    schema = record_schema(entity)
    file = pq.ParquetFile(records / f"{entity}.parquet")
    return pa.RecordBatchReader.from_batches(
        schema, (batch.cast(schema) for batch in file.iter_batches(batch_size=100_000))
    )


def _compacted(facts: EntityFacts) -> tuple[str, ...]:
    if facts.tail:
        raise RuntimeError(f"The records of {facts.entity} are not compacted. Make the data anew.")
    return facts.current
