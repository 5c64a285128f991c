"""What questions are answered with in a running portal: DuckDB in the process that asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.engines.runner import Runner
from kpi_engine.store.store import Store
from portal.config import Config
from portal.services.engines import Workshop
from portal.tenancy.database import Database


def duckdb_workshop(config: Config, database: Database) -> Workshop:
    """Return a workshop over the store of `config`; an engine is opened for each question."""
    cache = config.home / "cache"

    @contextmanager
    def runner(store: Store) -> Iterator[Runner]:
        with open_duckdb(store, cache / "spill") as opened:
            yield opened

    return Workshop(database, Store(config.store, cache, config.store_options), runner)
