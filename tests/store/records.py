"""Makers of rows, and a reader of what a store says, for the tests of the store."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from kpi_engine.crm.schema import record_schema
from kpi_engine.store.pins import EntityFacts, Pin
from kpi_engine.store.relation import history_relation, now_relation
from kpi_engine.store.tenant import TenantFacts
from kpi_engine.store.writing import Written

SOURCE = "crm"
START = datetime(2025, 1, 1)


def known_at(seq: int) -> datetime:
    """Return when a version became known: a day for each."""
    return START + timedelta(days=seq)


def reader(
    entity: str, rows: Iterable[Mapping[str, Any]], source: str = SOURCE
) -> pa.RecordBatchReader:
    """Return rows as the stream that a load takes; columns that are not named are empty."""
    schema = record_schema(entity)
    full = [{"source": source, **row} for row in rows]
    return pa.Table.from_pylist(full, schema=schema).to_reader()


def load(
    facts: TenantFacts, pin: Pin, rows: Mapping[str, Iterable[Mapping[str, Any]]], **how: Any
) -> tuple[Pin, dict[str, Written]]:
    """Load rows by entity as the next version, and return its pin and the counts."""
    seq = how.pop("seq", pin.seq + 1)
    source = how.pop("source", SOURCE)
    preview = how.pop("preview", False)
    with facts.load(seq, known_at(seq), f"load-{seq}", pin, preview=preview) as writer:
        counts = {
            entity: writer.write(entity, reader(entity, given, source), source=source, **how)
            for entity, given in rows.items()
        }
        return writer.finish(), counts


def now(facts: EntityFacts, *columns: str) -> list[tuple[Any, ...]]:
    """Return `columns` of the records as of the version, sorted by key."""
    return rows(f"SELECT * FROM {now_relation(facts, ['source', 'id', *columns])} ORDER BY ALL")


def history(facts: EntityFacts, *columns: str) -> list[tuple[Any, ...]]:
    """Return `columns` of every version with its span, sorted by key and time."""
    relation = history_relation(facts, ["source", "id", *columns])
    return rows(f"SELECT * FROM {relation} ORDER BY source, id, valid_from, valid_to")


def rows(query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query of DuckDB."""
    with connection().cursor() as con:
        return con.execute(query).fetchall()


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """One for all tests of a process: opening it takes longer than most questions."""
    return duckdb.connect(config={"threads": 1})
