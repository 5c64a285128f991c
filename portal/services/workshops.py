"""What questions are answered with in a running portal: DuckDB in the process that asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.engines.runner import Runner
from kpi_engine.store.store import Store
from portal.config import Config
from portal.services.engines import Workshop
from portal.services.too_slow import SECONDS, bounded
from portal.tenancy.database import Database


def duckdb_workshop(
    config: Config, database: Database, seconds: float | None = SECONDS
) -> Workshop:
    """Return a workshop over the store of `config`; an engine is opened for each question.

    Args:
        config: Where the store and the cache are.
        database: Of the portal.
        seconds: After so long a question is stopped by `TooSlowError`; None for work that no page
            waits for.
    """
    cache = config.home / "cache"

    @contextmanager
    def runner(store: Store) -> Iterator[Runner]:
        with open_duckdb(store, cache / "spill") as opened:
            if seconds is None:
                yield opened
                return
            with bounded(opened, seconds):
                yield opened

    return Workshop(database, Store(config.store, cache, config.store_options), runner)
