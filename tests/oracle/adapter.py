"""The engine asked the same as the oracle: its facts written as the store lays them out."""

import atexit
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.crm.schema import record_schema
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.engine.answer import Answer
from kpi_engine.engine.engine import Engine
from kpi_engine.engines.duckdb import DuckDb, open_duckdb
from kpi_engine.reading import Reading
from kpi_engine.store.pins import EntityFacts, Pin
from kpi_engine.store.store import Store
from kpi_engine.store.tables import changes_schema, current_schema
from tests.oracle.oracle import Asked
from tests.oracle.records import Crm, Row, Rules, version_known_at

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Given:
    """What the engine says of one KPI in one period for one group."""

    label: str
    start: Any
    end: Any
    by: Mapping[str, str | None]
    reading: Reading


GivenKey = tuple[str, str, str, tuple[tuple[str, str | None], ...]]


def ask_engine(asked: Asked, settings: Settings, base: int = 0) -> dict[GivenKey, Given]:
    """Return every reading of the engine's answer, by KPI, grain, period and the group's keys.

    Args:
        asked: What the oracle was asked.
        settings: The tenant's settings.
        base: The version up to which the store is compacted; 0: not at all.

    Raises:
        AssertionError: if one reading is given twice.
    """
    with engine(asked, settings, base) as one:
        return given(one.ask(asked.question))


def through_the_store(
    asked: Asked, settings: Settings, folder: Path, base: int
) -> dict[GivenKey, Given]:
    """Ask the engine of facts that a store took in load by load, compacted after version `base`.

    A load brings all that its source knows, so what is missing is deleted. Of one source only.
    """
    store = Store(str(folder / "store"), folder / "cache")
    tenant = store.tenant("us")
    loads = sorted({(row["seq"], row["loaded_at"]) for rows in asked.crm.values() for row in rows})
    pins = {0: Pin()}
    for seq, loaded_at in loads:
        with tenant.load(seq, loaded_at, str(seq), pins[max(pins)]) as load:
            for entity, rows in asked.crm.items():
                standing = _current([row for row in rows if row["seq"] <= seq])
                table = _table(standing, record_schema(entity))
                load.write(entity, table.to_reader(), full=True, source="a")
            pins[seq] = load.finish()
        if seq == base:
            pins[seq] = tenant.compact(pins[seq], entities=list(pins[seq].entities))
    seq = max(one for one in pins if one <= version_known_at(asked.crm, asked.known_at))
    catalogue = Catalogue(asked.kpis.values(), settings)
    with open_duckdb(store, folder / "spill") as runner:
        facts = tenant.facts(pins[seq])
        one = Engine(catalogue, settings, asked.stages, facts, runner, seq, asked.known_at)
        found = given(one.ask(asked.question))
    store.close()
    return found


def given(answer: Answer) -> dict[GivenKey, Given]:
    """Return the rows of an answer by what they are of."""
    found: dict[GivenKey, Given] = {}
    for row in answer.rows():
        group = tuple((name.value, value) for name, value in row.keys.items())
        key = (row.kpi, row.period.grain.value, row.period.label, group)
        assert key not in found, f"told twice: {key}"
        by = {name.value: value for name, value in row.by.items()}
        found[key] = Given(row.period.label, row.period.start, row.period.end, by, row.reading)
    return found


@contextmanager
def engine(asked: Asked, settings: Settings, base: int = 0) -> Iterator[Engine]:
    """Return an engine over the facts of a CRM, as known at the moment asked."""
    seq = version_known_at(asked.crm, asked.known_at)
    catalogue = Catalogue(asked.kpis.values(), settings)
    with tempfile.TemporaryDirectory() as folder:
        facts = written(asked.crm, Path(folder), seq, base)
        runner = DuckDb(connection())
        yield Engine(catalogue, settings, asked.stages, facts, runner, seq, asked.known_at)


@lru_cache(maxsize=1)
def connection() -> duckdb.DuckDBPyConnection:
    """Return one connection for all questions of a test run: opening one takes longer than them."""
    found = duckdb.connect()
    atexit.register(found.close)
    return found


def written(crm: Crm, folder: Path, seq: int, base: int) -> dict[str, EntityFacts]:
    """Write every entity's `changes`, and `current` up to `base`; return what a reader pins."""
    found: dict[str, EntityFacts] = {}
    for entity, rows in crm.items():
        if any(row["seq"] <= seq for row in rows):
            found[entity] = _written(entity, rows, folder, seq, min(base, seq))
    return found


def _written(entity: str, rows: list[Row], folder: Path, seq: int, base: int) -> EntityFacts:
    ordered = sorted(rows, key=lambda row: row["seq"])
    old = [row for row in ordered if row["seq"] <= base]
    current = _current(old)
    places = {(row["source"], row["id"]): row["pos"] for row in current}
    changes = [
        {
            **row,
            "batch": str(row["seq"]),
            "replaces": places.get((row["source"], row["id"])) if row["seq"] > base else None,
        }
        for row in ordered
    ]
    later = folder / f"{entity}-changes.parquet"
    pq.write_table(_table(changes, changes_schema(entity)), later)
    earlier = folder / f"{entity}-current.parquet"
    if base:
        pq.write_table(_table(current, current_schema(entity)), earlier)
    tail = [row for row in ordered if base < row["seq"] <= seq]
    seen = [(row["source"], row["id"]) for row in ordered if row["seq"] <= seq]
    tail_keys = [(row["source"], row["id"]) for row in tail]
    unique = len(set(tail_keys)) == len(tail_keys) and not any(row["deleted"] for row in tail)
    return EntityFacts(
        entity,
        seq,
        base,
        (str(earlier),) if base else (),
        (str(later),) if tail or not base else (),
        (str(later),),
        rewritten=len(set(seen)) < len(seen),
        tail_unique=unique,
        current_rows=len(current) if base else 0,
        tail_rows=len(changes) if tail or not base else 0,
    )


def _current(rows: list[Row]) -> list[dict[str, Any]]:
    latest: dict[tuple[str, str], Row] = {}
    versions: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row["source"], row["id"])
        latest[key] = row
        versions[key] = versions.get(key, 0) + 1
    kept = [(key, row) for key, row in latest.items() if not row["deleted"]]
    return [
        {**row, "pos": place, "versions": versions[key]} for place, (key, row) in enumerate(kept)
    ]


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.table(
        {field.name: [row.get(field.name) for row in rows] for field in schema}, schema=schema
    )


def rules_of(settings: Settings) -> Rules:
    """Return what the oracle reads of a tenant's settings; the rest is in the definitions."""
    hours = settings["business_hours"]
    opens, closes = (time.fromisoformat(hours[name]) for name in ("open", "close"))
    days = tuple(_WEEKDAYS.index(name) for name in hours["days"])
    holidays = tuple(date.fromisoformat(day) for day in settings["holidays"])
    stages, category = tuple(settings["proposal_stages"]), str(settings["forecast_category"])
    return Rules(stages, category, days, opens, closes, holidays)


def key_of(value: Any, sources: tuple[str, ...]) -> str | None:
    """Return the engine's key of a value: an id, with its source where there are several."""
    if not isinstance(value, tuple):
        return value
    _, source, identity = value
    return f"{source}{KEY_SEPARATOR}{identity}" if len(sources) > 1 else identity
