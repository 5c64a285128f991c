"""The store's door: every version of every record of all tenants, in one folder or bucket."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import duckdb

from kpi_engine.store.places import place
from kpi_engine.store.tenant import TenantFacts, check_name
from kpi_engine.store.workbench import MEMORY, Workbench


class Store:
    """The facts of all tenants. Cheap to make: nothing is opened before it is asked for.

    Args:
        root: A folder, or `s3://bucket/prefix`.
        cache: A local folder for what can be made again: indexes, spools, lists of files.
        options: What deltalake needs to reach a bucket, as `AWS_ENDPOINT_URL`.
        memory: The limit of DuckDB's memory in the store's own work, as DuckDB writes it.
    """

    def __init__(
        self,
        root: str,
        cache: Path,
        options: Mapping[str, str] | None = None,
        memory: str = MEMORY,
    ) -> None:
        self._place = place(root, options or {})
        # Stores that share a cache must not take each other's indexes for their own.
        mark = hashlib.sha256(self._place.address("").encode()).hexdigest()[:12]
        self._cache = cache.absolute() / mark
        self._bench = Workbench(self._place, self._cache / "spill", memory)
        self._tenants: dict[str, TenantFacts] = {}
        self._lock = Lock()

    def tenant(self, tenant: str) -> TenantFacts:
        """Return the facts of a tenant; it need not have any yet.

        Raises:
            StoreError: if the name cannot be that of a folder.
        """
        check_name(tenant)
        with self._lock:
            if tenant not in self._tenants:
                cache = self._cache / tenant
                self._tenants[tenant] = TenantFacts(self._place, tenant, cache, self._bench)
            return self._tenants[tenant]

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let a DuckDB connection read the files that facts name, wherever the store lies."""
        self._place.attach(con)

    def close(self) -> None:
        """Give back what the store's own work has taken; it opens again when it is needed."""
        self._bench.close()
