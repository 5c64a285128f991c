"""A made tenant with a history: changed twice, deleted from, then joined by a second source."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from bench.generate import SOURCE, make_records
from bench.homes import STAGES
from bench.scale import SCALES
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.crm.schema import record_schema
from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.engine.engine import Engine
from kpi_engine.engines.runner import Runner
from kpi_engine.store.pins import EntityFacts, Pin
from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts

# Few reps with many leads: how well a score ranks is told of a hundred leads and more.
_SCALE = replace(SCALES["tiny"], seed=3, reps=4, teams=2, leads=6_000, opportunities=2_400)
_BUSINESS_HOURS = {"days": ["monday", "tuesday", "thursday"], "open": "08:30", "close": "17:15"}
SETTINGS = Settings({"business_hours": _BUSINESS_HOURS, "holidays": ["2024-05-01", "2024-12-26"]})
CATALOGUE = shipped_catalogue(SETTINGS)

# What is known of a version's records in a later load; the rows that are told, all other columns
# as they were.
_LATER: Mapping[str, tuple[str, str]] = {
    "opportunity": (
        "id[-1] IN ('3', '7')",
        "REPLACE (amount * 2 AS amount, expected_close_on + 40 AS expected_close_on)",
    ),
    "subscription": ("id[-1] = '5'", "REPLACE (mrr * 3 AS mrr)"),
    "account": ("id[-1] = '2'", "REPLACE ('Elsewhere' AS region)"),
}
_LATEST: Mapping[str, tuple[str, str]] = {
    "opportunity": (
        "id[-1] IN ('7', '8')",
        "REPLACE (expected_close_on + 90 AS expected_close_on)",
    ),
    "user": ("id[-1] = '1'", "REPLACE ((SELECT max(id) FROM team) AS team_id)"),
}
_LEFT = "id[-1] <> '9'"


@dataclass(frozen=True)
class Crm:
    """The tenant's facts at three versions."""

    store: Store
    folder: Path
    as_first_loaded: Mapping[str, EntityFacts]
    one_source: Mapping[str, EntityFacts]
    two_sources: Mapping[str, EntityFacts]


def engine(facts: Mapping[str, EntityFacts], runner: Runner) -> Engine:
    """Return an engine over facts of the tenant."""
    return Engine(CATALOGUE, SETTINGS, STAGES, facts, runner)


def made(folder: Path) -> Crm:
    """Make the tenant."""
    make_records(_SCALE, folder / "records")
    make_records(replace(SCALES["tiny"], seed=9, teams=3, reps=5), folder / "others")
    store = Store(str(folder / "store"), folder / "cache")
    facts = store.tenant("acme")
    with _records(folder / "records") as base:
        loaded = _Loads(facts, base)
        first = facts.compact(loaded.add(Pin(), dict.fromkeys(ENTITIES, "TRUE")), entities=ENTITIES)
        second = loaded.add(first, {}, _LATER)
        third = loaded.add(second, {"ticket": _LEFT}, _LATEST)
    with _records(folder / "others") as base:
        fourth = _Loads(facts, base, "other").add(third, dict.fromkeys(ENTITIES, "TRUE"))
    return Crm(store, folder, *(facts.facts(pin) for pin in (first, third, fourth)))


@contextmanager
def _records(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as base:
        for entity in ENTITIES:
            file = folder / f"{entity}.parquet"
            base.execute(f"CREATE VIEW \"{entity}\" AS FROM read_parquet('{file}')")
        yield base


@dataclass(frozen=True)
class _Loads:
    """Loads made records of one source, as views named as the entities."""

    facts: TenantFacts
    base: duckdb.DuckDBPyConnection
    source: str = SOURCE

    def add(
        self,
        before: Pin,
        told: Mapping[str, str],
        changed: Mapping[str, tuple[str, str]] | None = None,
    ) -> Pin:
        """Load all records that pass, and those that are told anew, as the next version."""
        queries = {entity: (f'* FROM "{entity}" WHERE {which}') for entity, which in told.items()}
        for entity, (which, how) in (changed or {}).items():
            queries[entity] = f'* {how} FROM "{entity}" WHERE {which}'
        seq = before.seq + 1
        known = datetime(2024, 2 * seq, 10)
        with self.facts.load(seq, known, str(seq), before) as writer:
            for entity, query in queries.items():
                rows = self._rows(entity, query)
                writer.write(entity, rows, full=entity in told, source=self.source)
            return writer.finish()

    def _rows(self, entity: str, query: str) -> pa.RecordBatchReader:
        schema = record_schema(entity)
        rows = self.base.sql(f"SELECT * REPLACE ('{self.source}' AS source) FROM (SELECT {query})")
        batches = (batch.cast(schema) for batch in rows.to_arrow_reader(10_000))
        return pa.RecordBatchReader.from_batches(schema, batches)
