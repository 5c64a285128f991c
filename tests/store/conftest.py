"""A store in a fresh folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts
from tests.store.records import connection


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(str(tmp_path / "root"), tmp_path / "cache")
    yield made
    made.close()


@pytest.fixture
def facts(store: Store) -> TenantFacts:
    return store.tenant("acme")


@pytest.fixture(scope="session", autouse=True)
def _closed() -> Iterator[None]:
    """Close what the tests read with: an open DuckDB complains when the process ends."""
    yield
    connection().close()
    connection.cache_clear()
