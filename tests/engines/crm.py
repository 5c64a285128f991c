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
_OTHER = "other"
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
    """The tenant's facts at two versions."""

    store: Store
    folder: Path
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
        everything = dict.fromkeys(ENTITIES, "TRUE")
        first = _load(facts, Pin(), base, everything)
        second = _load(facts, facts.compact(first, entities=ENTITIES), base, {}, _LATER)
        third = _load(facts, second, base, {"ticket": _LEFT}, _LATEST, full={"ticket"})
    with _records(folder / "others") as base:
        fourth = _load(facts, third, base, everything, source=_OTHER)
    return Crm(store, folder, facts.facts(third), facts.facts(fourth))


@contextmanager
def _records(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as base:
        for entity in ENTITIES:
            file = folder / f"{entity}.parquet"
            base.execute(f"CREATE VIEW \"{entity}\" AS FROM read_parquet('{file}')")
        yield base


def _load(
    facts: TenantFacts,
    before: Pin,
    base: duckdb.DuckDBPyConnection,
    told: Mapping[str, str],
    changed: Mapping[str, tuple[str, str]] | None = None,
    full: frozenset[str] | set[str] = frozenset(),
    source: str = SOURCE,
) -> Pin:
    """Load the records that pass, and those that are told anew, as the next version."""
    changes = {entity: f'SELECT * FROM "{entity}" WHERE {where}' for entity, where in told.items()}
    for entity, (where, how) in (changed or {}).items():
        changes[entity] = f'SELECT * {how} FROM "{entity}" WHERE {where}'
    seq = before.seq + 1
    known = datetime(2024, 2 * seq, 10)
    with facts.load(seq, known, str(seq), before) as writer:
        for entity, query in changes.items():
            rows = base.sql(f"SELECT * REPLACE ('{source}' AS source) FROM ({query})")
            schema = record_schema(entity)
            batches = (batch.cast(schema) for batch in rows.to_arrow_reader(10_000))
            stream = pa.RecordBatchReader.from_batches(schema, batches)
            writer.write(entity, stream, full=entity in full, source=source)
        return writer.finish()
