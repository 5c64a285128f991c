"""A tenant with a store of its own, into which tests import."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi_engine.store.relation import now_relation
from kpi_engine.store.store import Store
from portal.services import imports, loads, tenants
from portal.services.import_report import ImportReport
from portal.services.office import Office
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that goes on a second each time somebody looks."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Shop:
    """One tenant, its store, and a folder of files."""

    database: Database
    tenant: TenantKey
    folder: Path
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.store = Store(str(self.folder / "facts"), self.folder / "cache")
        self.data = self.folder / "data"
        self.data.mkdir(exist_ok=True)

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file into the data folder."""
        path = self.data / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(self, source: str | Path | None = None, **how: Any) -> ImportReport:
        """Import by a source file, or by its text."""
        path = source
        if not isinstance(source, Path):
            path = self.write("source.yaml", source) if source else self.data / "source.yaml"
        office = Office(self.database, self.store, self.folder / "home", self.clock)
        return imports.run_import(office, self.tenant, imports.Order(path, **how))

    def records(self, entity: str, columns: str = "*") -> list[dict[str, Any]]:
        """Return the records of an entity as they are now, by id."""
        with self.database.session(self.tenant) as session:
            pin = loads.current_pin(session)
        facts = self.store.tenant(self.tenant).facts(pin)
        if entity not in facts:
            return []
        names = ["id", *(columns.split() if columns != "*" else [])]
        with duckdb.connect() as con:
            rows = con.sql(f"FROM {now_relation(facts[entity], names)} ORDER BY id")
            return rows.to_arrow_table().to_pylist()

    def stages(self) -> dict[str, str]:
        """Return the tenant's stage map: status by name."""
        with self.database.session(self.tenant) as session:
            return {name: rule.status for name, rule in tenants.get(session).stages.items()}

    def version(self) -> int:
        """Return the version that readers see."""
        with self.database.session(self.tenant) as session:
            return loads.current_pin(session).seq


@pytest.fixture
def shop(database: Database, new_tenant: Callable[[], TenantKey], tmp_path: Path) -> Shop:
    """A tenant with an empty store."""
    return Shop(database, new_tenant(), tmp_path)
