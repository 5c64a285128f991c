"""A very small made tenant, once for all tests here: its records, and the store's files of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from bench.generate import SOURCE, make_records
from bench.homes import batches
from bench.scale import SCALES
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.store.pins import EntityFacts, Pin
from kpi_engine.store.store import Store

# Few reps with many leads: how well a score ranks is told of a hundred leads a month or more.
SCALE = replace(
    SCALES["tiny"], seed=3, reps=4, teams=2, leads=9_000, opportunities=2_400, activities=60_000
)


@dataclass(frozen=True)
class Made:
    """The made tenant."""

    records: Path
    store: Store
    facts: Mapping[str, EntityFacts]

    @property
    def files(self):
        return {entity: found.current for entity, found in self.facts.items()}


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    make_records(SCALE, folder / "records")
    store = Store(str(folder / "store"), folder / "cache")
    tenant = store.tenant("bench")
    with tenant.load(1, datetime(2026, 1, 1), "1", Pin()) as writer:
        for entity in ENTITIES:
            writer.write(entity, batches(folder / "records", entity), source=SOURCE)
        pin = writer.finish()
    return Made(folder / "records", store, tenant.facts(tenant.compact(pin, entities=ENTITIES)))
